//! Mailboxes: messages on their way to a handler within the current instant.

use std::collections::VecDeque;

use super::message::Envelope;
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::Token;

/// The messages of the current instant for one handler of one node. The order among the
/// mailboxes is kept by the ring of the scheduler, which holds a token for each message.
///
/// Most of the time there is one message at most.
#[derive(Clone, Debug)]
pub struct Mailbox<M> {
    index: u16,
    first: Option<Envelope<M>>,
    others: VecDeque<Envelope<M>>,
}

impl<M> Mailbox<M> {
    /// The empty mailbox with this index.
    pub fn new(index: u16) -> Self {
        Self { index, first: None, others: VecDeque::new() }
    }

    /// Puts a message in.
    #[inline]
    pub fn push(&mut self, scheduler: &mut Scheduler, envelope: Envelope<M>) {
        if self.first.is_none() {
            self.first = Some(envelope);
        } else {
            self.others.push_back(envelope);
        }
        scheduler.soon(Token::deliver(self.index));
    }

    /// Takes the oldest message out.
    ///
    /// # Panics
    /// When it is empty, which a token in the ring rules out.
    #[inline]
    pub fn pop(&mut self) -> Envelope<M> {
        let envelope = self.first.take().expect("the ring holds a token for each message");
        if !self.others.is_empty() {
            self.first = self.others.pop_front();
        }
        envelope
    }
}
