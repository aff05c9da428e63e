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
    /// With the replica that receives it.
    first: Option<(M, u32)>,
    others: VecDeque<(M, u32)>,
}

impl<M, const INDEX: u16> Default for Mailbox<M, INDEX> {
    fn default() -> Self {
        Self { first: None, others: VecDeque::new() }
    }
}

impl<M, const INDEX: u16> Mailbox<M, INDEX> {
    /// Puts a message in.
    #[inline]
    pub fn push(&mut self, scheduler: &mut Scheduler, envelope: Envelope<M>) {
        let Envelope { message, reply_to, replica } = envelope;
        if self.first.is_none() {
            self.first = Some((message, replica));
        } else {
            self.others.push_back((message, replica));
        }
        scheduler.soon(Token::deliver(INDEX, reply_to));
    }

    /// Takes the oldest message out, whose reply goes where its token says.
    ///
    /// # Panics
    /// When it is empty, which a token in the ring rules out.
    #[inline]
    pub fn pop(&mut self, reply_to: ReplyTo) -> Envelope<M> {
        let (message, replica) =
            self.first.take().expect("the ring holds a token for each message");
        if !self.others.is_empty() {
            self.first = self.others.pop_front();
        }
        Envelope { message, reply_to, replica }
    }
}
