//! Mailboxes: messages on their way to a handler within the current instant.

use std::collections::VecDeque;

use super::message::{Envelope, ReplyTo};
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::Token;

/// The messages of the current instant for one handler of one node, number `INDEX` among the nodes
/// and the mailboxes of its topology, of which the nodes come first. The order among the
/// mailboxes is kept by the ring of the scheduler, which holds a token for each message: the
/// token says where the reply goes, the mailbox has the rest.
///
/// Most of the time there is one message at most.
#[derive(Clone, Debug)]
pub struct Mailbox<M, const INDEX: u16> {
    first: First<M>,
    others: VecDeque<(M, u32)>,
}

/// The oldest message, with the replica that receives it.
#[derive(Clone, Debug)]
enum First<M> {
    None,
    /// There is no other one.
    Alone(M, u32),
    Followed(M, u32),
}

impl<M, const INDEX: u16> Default for Mailbox<M, INDEX> {
    fn default() -> Self {
        Self { first: First::None, others: VecDeque::new() }
    }
}

impl<M, const INDEX: u16> Mailbox<M, INDEX> {
    /// Puts a message in.
    #[inline]
    pub fn push(&mut self, scheduler: &mut Scheduler, envelope: Envelope<M>) {
        let Envelope { message, reply_to, replica } = envelope;
        if let First::None = self.first {
            self.first = First::Alone(message, replica);
        } else {
            self.push_behind(message, replica);
        }
        scheduler.soon(Token::deliver(INDEX, reply_to));
    }

    fn push_behind(&mut self, message: M, replica: u32) {
        self.first = match core::mem::replace(&mut self.first, First::None) {
            First::Alone(message, replica) => First::Followed(message, replica),
            first => first,
        };
        self.others.push_back((message, replica));
    }

    /// Takes the oldest message out, whose reply goes where its token says.
    ///
    /// # Panics
    /// When it is empty, which a token in the ring rules out.
    #[inline]
    pub fn pop(&mut self, reply_to: ReplyTo) -> Envelope<M> {
        let (message, replica) = match core::mem::replace(&mut self.first, First::None) {
            First::Alone(message, replica) => (message, replica),
            First::Followed(message, replica) => {
                self.move_up();
                (message, replica)
            }
            First::None => unreachable!("the ring holds a token for each message"),
        };
        Envelope { message, reply_to, replica }
    }

    /// The next is the first now.
    fn move_up(&mut self) {
        let next = self.others.pop_front();
        self.first = match next {
            None => First::None,
            Some((message, replica)) if self.others.is_empty() => First::Alone(message, replica),
            Some((message, replica)) => First::Followed(message, replica),
        };
    }
}
