//! Addresses of tasks, and the tokens by which they are woken.
//!
//! A token is two machine words, written and read as such. An enum with small fields would be
//! written piece by piece, and the processor would wait for all pieces before it could read
//! it as a whole, as every copy does.

use core::fmt;
use core::num::NonZeroU64;

use super::keys::{CallKey, ClaimKey, Row};
use super::reply::ReplyTo;

/// The place of a task, a machine (one `async fn`) of a node and its slot there, and one of
/// its waits.
///
/// The epoch tells one wait of a task from the next, and one tenant of the slot from the next:
/// it grows at every resumption. A wake-up with an old epoch finds nobody and is dropped, which
/// is how a timer dies whose wait has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// The node below, which is looked at first; then kind and flags in a byte each, then the machine.
    head: NonZeroU64,
    /// Slot below, epoch above.
    body: u64,
}

const KIND: u32 = 16;
const FLAGS: u32 = 24;
const MORE: u32 = 32;

/// Kinds are odd, so that no head is zero.
const WAKE: u64 = 1 << KIND;
const DELIVER: u64 = 3 << KIND;
const CAPACITY: u64 = 5 << KIND;
const CLAIM_DEADLINE: u64 = 7 << KIND;

/// What all heads have.
const ODD: NonZeroU64 = NonZeroU64::new(1 << KIND).expect("it is not zero");

/// The place of tokens that go to no node and to no mailbox.
const NOWHERE: u64 = u16::MAX as u64;

/// Tokens that are no wake-ups have flags too.
const DEADLINE: u64 = (Wake::DEADLINE as u64) << FLAGS;
const BACKGROUND: u64 = (Wake::BACKGROUND as u64) << FLAGS;
const REFUSED: u64 = (Wake::REFUSED as u64) << FLAGS;

#[inline]
const fn words(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

impl Wake {
    /// The wait ran into its deadline: of all events of an instant these come last, so that a
    /// reply at the very instant of its deadline is in time.
    pub const DEADLINE: u8 = 1;
    /// The task is background work, which alone keeps no simulation alive.
    pub const BACKGROUND: u8 = 2;
    /// The work may be cancelled by its caller, so its callees are recorded.
    pub const CANCELLABLE: u8 = 4;
    /// What the wait was for was refused.
    pub const REFUSED: u8 = 8;

    /// The machine with this index in the node with this index; its first slot, before any wait.
    #[inline]
    pub const fn of(node: u16, machine: u8) -> Self {
        let head = (machine as u64) << MORE | WAKE | node as u64;
        Self { head: ODD.saturating_add(head - ODD.get()), body: 0 }
    }

    /// The wait that begins at `epoch` of the task in `slot`, with these flags.
    #[inline]
    #[must_use]
    pub fn at(self, slot: u32, epoch: u32, flags: u8) -> Self {
        let head = self.head.get() & !(0xff << FLAGS) | u64::from(flags) << FLAGS;
        Self { head: ODD | head, body: words(slot, epoch) }
    }

    /// The wait of the same task that follows this one, which has ended.
    #[inline]
    #[must_use]
    pub fn next(self) -> Self {
        let head = self.head.get() & !(DEADLINE | REFUSED);
        Self { head: ODD | head, body: self.body.wrapping_add(1 << 32) }
    }

    /// The same wait with the flag that its claim was refused.
    #[inline]
    #[must_use]
    pub fn refused(self) -> Self {
        Self { head: self.head | REFUSED, ..self }
    }

    /// The same wait with the flag that it ran into its deadline.
    #[inline]
    #[must_use]
    pub fn deadline(self) -> Self {
        Self { head: self.head | DEADLINE, ..self }
    }

    /// Slot in the slab of its machine.
    #[inline]
    pub const fn slot(self) -> u32 {
        self.body as u32
    }

    /// The wait that this wake-up ends.
    #[inline]
    pub const fn epoch(self) -> u32 {
        (self.body >> 32) as u32
    }

    /// Index of the node in its topology.
    #[inline]
    pub const fn node(self) -> u16 {
        self.head.get() as u16
    }

    /// Index of the machine in its entity.
    #[inline]
    pub const fn machine(self) -> u8 {
        (self.head.get() >> MORE) as u8
    }

    /// The task whose first wake-up this is.
    pub fn tenant(self) -> TaskId {
        let (slot, born) = (self.slot(), self.epoch());
        TaskId { slot, born, node: self.node(), machine: self.machine() }
    }

    /// Whether the task is to be found when its caller calls it off.
    #[inline]
    pub const fn is_cancellable(self) -> bool {
        self.flags() & Self::CANCELLABLE != 0
    }

    /// [`DEADLINE`](Self::DEADLINE), [`BACKGROUND`](Self::BACKGROUND) and
    /// [`CANCELLABLE`](Self::CANCELLABLE).
    #[inline]
    pub const fn flags(self) -> u8 {
        (self.head.get() >> FLAGS) as u8
    }

    /// Whether the task is background work.
    #[inline]
    pub const fn is_background(self) -> bool {
        self.head.get() & BACKGROUND != 0
    }
}

impl fmt::Debug for Wake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wake")
            .field("slot", &self.slot())
            .field("epoch", &self.epoch())
            .field("node", &self.node())
            .field("machine", &self.machine())
            .field("flags", &self.flags())
            .finish()
    }
}

/// One tenant of a slot, from its start to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskId {
    /// Slot in the slab of its machine.
    pub slot: u32,
    /// The slot's epoch when the task moved in.
    pub born: u32,
    /// Index of the node in its topology.
    pub node: u16,
    /// Index of the machine in its entity.
    pub machine: u8,
}

/// What is due: an entry of the ring of the current instant, or of the event list. 16 bytes;
/// an `Option` of it takes no more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The place below, which is looked at first; then kind and flags in a byte each, then a machine, a route
    /// or a station.
    head: NonZeroU64,
    /// A task's slot below and its epoch above, a row, or a call.
    body: u64,
}

/// What a [`Token`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Resume a task.
    Wake(Wake),
    /// Take the oldest message from this mailbox, whose reply goes there.
    Deliver(u16, ReplyTo),
    /// A station's capacity changes at this instant.
    Capacity(u32),
    /// A claim that still waits at this instant waits no longer.
    ClaimDeadline(ClaimKey),
}

impl Token {
    #[inline]
    fn new(head: u64, body: u64) -> Self {
        Self { head: ODD | head, body }
    }

    /// Take the oldest message from this mailbox, whose reply goes there.
    #[inline]
    pub fn deliver(mailbox: u16, reply_to: ReplyTo) -> Self {
        let head = u64::from(reply_to.route()) << MORE | u64::from(mailbox);
        Self::new(DELIVER | head, reply_to.key().map_or(0, |key| key.word().get()))
    }

    /// A station's capacity changes.
    pub fn capacity(station: u32) -> Self {
        Self::new(CAPACITY | BACKGROUND | NOWHERE | u64::from(station) << MORE, 0)
    }

    /// The deadline of a claim for which `waiter` waits.
    pub fn claim_deadline(key: ClaimKey, waiter: Wake) -> Self {
        let flags = DEADLINE | waiter.head.get() & BACKGROUND;
        let head = CLAIM_DEADLINE | flags | NOWHERE | u64::from(key.station()) << MORE;
        Self::new(head, key.place().word())
    }

    /// Whether it comes last in its instant.
    #[inline]
    pub fn is_deadline(self) -> bool {
        self.head.get() & DEADLINE != 0
    }

    /// Whether it is the wake-up of a task that is no background work.
    #[inline]
    pub fn is_plain_wake(self) -> bool {
        self.head.get() & (0xff << KIND | BACKGROUND) == WAKE
    }

    /// Whether it keeps a simulation without an end time alive.
    #[inline]
    pub fn keeps_alive(self) -> bool {
        self.head.get() & BACKGROUND == 0
    }

    /// The node of a wake-up or the mailbox of a message; for what belongs to neither, a number that
    /// neither has. Nodes and mailboxes are numbered together, so that it alone says what is to be done.
    #[inline]
    pub const fn place(self) -> u16 {
        self.head.get() as u16
    }

    /// It as the wake-up that it is.
    #[inline]
    pub fn wake(self) -> Wake {
        debug_assert_eq!(self.kind(), WAKE);
        Wake { head: self.head, body: self.body }
    }

    /// It as the wake-up that it is, if it is one.
    #[inline]
    pub fn as_wake(self) -> Option<Wake> {
        (self.kind() == WAKE).then(|| self.wake())
    }

    /// Where the reply to the message goes that it is there for.
    #[inline]
    pub fn reply_to(self) -> ReplyTo {
        let key = NonZeroU64::new(self.body).map(CallKey::from_word);
        ReplyTo::from_parts(key, (self.head.get() >> MORE) as u32)
    }

    #[inline]
    fn kind(self) -> u64 {
        self.head.get() & 0xff << KIND
    }

    /// What it says.
    #[inline]
    pub fn due(self) -> Due {
        let Self { head, body } = self;
        match self.kind() {
            WAKE => Due::Wake(self.wake()),
            DELIVER => Due::Deliver(self.place(), self.reply_to()),
            CAPACITY => Due::Capacity((head.get() >> MORE) as u32),
            _ => {
                let station = (head.get() >> MORE) as u32;
                Due::ClaimDeadline(ClaimKey::new(station, Row::from_word(body)))
            }
        }
    }
}

impl From<Wake> for Token {
    #[inline]
    fn from(wake: Wake) -> Self {
        Self { head: wake.head, body: wake.body }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.due().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wake(flags: u8) -> Wake {
        Wake::of(u16::MAX, 255).at(7, u32::MAX, flags)
    }

    #[test]
    fn a_wake_up_says_what_it_was_made_of() {
        let wake = wake(Wake::BACKGROUND | Wake::CANCELLABLE);
        assert_eq!(
            (wake.slot(), wake.epoch(), wake.node(), wake.machine()),
            (7, u32::MAX, u16::MAX, 255)
        );
        assert_eq!(wake.flags(), Wake::BACKGROUND | Wake::CANCELLABLE);
        assert_eq!(wake.deadline().flags(), Wake::BACKGROUND | Wake::CANCELLABLE | Wake::DEADLINE);
        assert_eq!(wake.at(8, 9, 0), Wake::of(u16::MAX, 255).at(8, 9, 0));
        // Epochs go round; what ended the last wait is not said of the next.
        let next = wake.deadline().refused().next();
        assert_eq!(next, wake.at(7, 0, Wake::BACKGROUND | Wake::CANCELLABLE));
    }

    #[test]
    fn packing_loses_nothing() {
        let key = ClaimKey::new(u32::MAX, Row::from_word(u64::MAX - 1));
        let call = CallKey::new(u32::MAX).next();
        let reply_to = ReplyTo::new(Some(call), u16::MAX, Wake::CANCELLABLE);
        let nobody = ReplyTo::NOBODY;
        assert_eq!((reply_to.key(), reply_to.wire()), (Some(call), u16::MAX));
        assert_eq!((reply_to.flags(), reply_to.is_cancellable()), (Wake::CANCELLABLE, true));
        let (foreground, background) = (wake(0), wake(Wake::BACKGROUND));
        let tokens = [
            (Token::from(foreground), Due::Wake(foreground), false, true),
            (foreground.deadline().into(), Due::Wake(foreground.deadline()), true, true),
            (background.into(), Due::Wake(background), false, false),
            (background.deadline().into(), Due::Wake(background.deadline()), true, false),
            (Token::deliver(7, reply_to), Due::Deliver(7, reply_to), false, true),
            (Token::deliver(u16::MAX, nobody), Due::Deliver(u16::MAX, nobody), false, true),
            (Token::capacity(u32::MAX), Due::Capacity(u32::MAX), false, false),
            (Token::claim_deadline(key, foreground), Due::ClaimDeadline(key), true, true),
            (Token::claim_deadline(key, background), Due::ClaimDeadline(key), true, false),
        ];
        for (token, due, is_deadline, keeps_alive) in tokens {
            assert_eq!(token.due(), due);
            let found = (token.is_deadline(), token.keeps_alive());
            assert_eq!(found, (is_deadline, keeps_alive), "{token:?}");
            let is_plain = matches!(due, Due::Wake(_)) && keeps_alive;
            assert_eq!(token.is_plain_wake(), is_plain, "{token:?}");
        }
        assert_eq!(size_of::<Option<Token>>(), 16);
        assert_eq!(size_of::<Option<Wake>>(), 16);
    }
}
