//! Mailboxes: messages on their way to a handler within the current instant.

use std::collections::VecDeque;

use super::message::Envelope;
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::Token;

/// The messages of the current instant for one handler of one node. The order among the
/// mailboxes is kept by the ring of the scheduler, which holds a token for each message.
#[derive(Clone, Debug)]
pub struct Mailbox<M> {
    index: u16,
    messages: VecDeque<Envelope<M>>,
}

impl<M> Mailbox<M> {
    /// The empty mailbox with this index.
    pub fn new(index: u16) -> Self {
        Self { index, messages: VecDeque::new() }
    }

    /// Puts a message in.
    #[inline]
    pub fn push(&mut self, scheduler: &mut Scheduler, envelope: Envelope<M>) {
        self.messages.push_back(envelope);
        scheduler.soon(Token::Deliver(self.index));
    }

    /// Takes the oldest message out.
    ///
    /// # Panics
    /// When it is empty, which a token in the ring rules out.
    #[inline]
    pub fn pop(&mut self) -> Envelope<M> {
        self.messages.pop_front().expect("the ring holds a token for each message")
    }
}
