//! What travels between nodes.

use core::fmt::Debug;

use crate::engine::dropped::CallKey;
use crate::engine::wake::Wake;

/// Anything that can be sent: plain data, so that a simulation can be copied and shown.
pub trait Message: Clone + Debug + 'static {}

impl<T: Clone + Debug + 'static> Message for T {}

/// Where a reply goes, and what the callee inherits from its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// The call in the table of its wire; `None` where nobody waits for the reply.
    pub key: Option<CallKey>,
    /// The wire over which the request came.
    pub wire: u16,
    /// [`Wake::BACKGROUND`] and [`Wake::CANCELLABLE`].
    pub flags: u8,
}

impl ReplyTo {
    /// For tasks that no message started.
    pub const NOBODY: Self = Self { key: None, wire: u16::MAX, flags: 0 };

    /// Whether the work is to be found when its caller calls it off.
    #[inline]
    pub fn is_cancellable(self) -> bool {
        self.flags & Wake::CANCELLABLE != 0
    }
}

/// A message on its way to a handler.
#[derive(Clone, Debug)]
pub struct Envelope<M> {
    /// What is sent.
    pub message: M,
    /// Where the reply goes.
    pub reply_to: ReplyTo,
    /// Which replica of the node receives it.
    pub replica: u32,
}
