//! Where messages go that nobody could process.

use std::collections::VecDeque;

use crate::prelude::*;

/// Why a message became a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It was delivered as often as is allowed, and not acknowledged; the last delivery ended
    /// like this.
    TooManyDeliveries(Failure),
    /// A consumer rejected it for good.
    Rejected(Failure),
}

/// A message that a [`MessageQueue`](super::MessageQueue) could not deliver.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadLetter<Message> {
    /// The message.
    pub message: Message,
    /// Why it is here.
    pub reason: Undelivered,
    /// How often it was delivered.
    pub deliveries: u64,
    /// When it was published.
    pub published: Instant,
}

/// Stores dead letters.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `capacity` | how many it stores, 0 or more; the oldest leave for new ones; lowered, the excess leaves when another comes | any number |
/// | `retention` | how long it stores them; those past it are removed when another comes | for ever |
///
/// It never fails. Statistics: besides those of the handler: letters stored on average over
/// time, expired ones, and those that left because it was full. What it holds at the end of a
/// run is in [`letters`](Self::letters).
#[entity]
pub struct DeadLetterQueue<Letter: Message = ()> {
    #[param(default = None)]
    capacity: Option<Varying<usize>>,
    #[param(default = None)]
    retention: Option<Varying<Duration>>,
    #[state]
    letters: VecDeque<(Instant, DeadLetter<Letter>)>,
    #[state]
    stored: Level,
    #[state]
    expired: Counter,
    #[state]
    overflowed: Counter,
}

#[entity]
impl<Letter: Message> DeadLetterQueue<Letter> {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn receive(&mut self, cx: &mut Cx<Self>, letter: DeadLetter<Letter>) -> Outcome<()> {
        let now = cx.now();
        self.letters.push_back((now, letter));
        if let Some(retention) = &self.retention {
            let retention = retention.at(now);
            while self.letters.front().is_some_and(|(at, _)| now.since(*at) > retention) {
                self.letters.pop_front();
                self.expired += 1;
            }
        }
        if let Some(capacity) = &self.capacity {
            let capacity = capacity.at(now);
            while self.letters.len() > capacity {
                self.letters.pop_front();
                self.overflowed += 1;
            }
        }
        self.stored.set(cx, self.letters.len() as f64);
        Ok(())
    }

    /// The letters, oldest first, with the time at which each came.
    pub fn letters(&self) -> impl Iterator<Item = &(Instant, DeadLetter<Letter>)> {
        self.letters.iter()
    }
}
