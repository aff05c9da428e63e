//! Where a reply goes: what travels with a message, and stays with the task that it starts.

use core::fmt;

use super::keys::CallKey;
use super::wake::Wake;

/// Where a reply goes, and what the callee inherits from its caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReplyTo {
    key: Option<CallKey>,
    /// The wire in the lower half, flags above.
    route: u32,
}

const FLAGS: u32 = 16;

impl ReplyTo {
    /// For tasks that no message started.
    pub const NOBODY: Self = Self { key: None, route: u16::MAX as u32 };

    /// The call `key` in the table of `wire`, if anybody waits for the reply, with the flags
    /// [`Wake::BACKGROUND`] and [`Wake::CANCELLABLE`].
    #[inline]
    pub fn new(key: Option<CallKey>, wire: u16, flags: u8) -> Self {
        Self { key, route: u32::from(wire) | u32::from(flags) << FLAGS }
    }

    /// The call in the table of its wire; `None` where nobody waits for the reply.
    #[inline]
    pub const fn key(self) -> Option<CallKey> {
        self.key
    }

    /// The wire over which the request came.
    #[inline]
    pub const fn wire(self) -> u16 {
        self.route as u16
    }

    /// [`Wake::BACKGROUND`] and [`Wake::CANCELLABLE`].
    #[inline]
    pub const fn flags(self) -> u8 {
        (self.route >> FLAGS) as u8
    }

    /// Whether the work is to be found when its caller calls it off.
    #[inline]
    pub const fn is_cancellable(self) -> bool {
        self.flags() & Wake::CANCELLABLE != 0
    }

    /// Wire and flags in 24 bits, to be stored.
    #[inline]
    pub(crate) const fn route(self) -> u32 {
        self.route
    }

    /// From what was stored.
    #[inline]
    pub(crate) const fn from_parts(key: Option<CallKey>, route: u32) -> Self {
        Self { key, route }
    }
}

impl fmt::Debug for ReplyTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, wire, flags) = (self.key, self.wire(), self.flags());
        write!(f, "ReplyTo {{ key: {key:?}, wire: {wire}, flags: {flags} }}")
    }
}
