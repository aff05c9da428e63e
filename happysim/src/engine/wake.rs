//! Addresses of tasks, and the small plain entries by which they are woken.

use super::dropped::ClaimKey;

/// The place of a task: a machine (one `async fn`) of a node, and its slot there.
///
/// `epoch` tells one wait of a task from the next, and one tenant of the slot from the next: it
/// grows at every resumption. A wake-up with an old epoch finds nobody and is dropped, which
/// is how a timer dies whose wait has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// Slot in the slab of its machine.
    pub slot: u32,
    /// The wait that this wake-up ends.
    pub epoch: u32,
    /// Index of the node in its topology.
    pub node: u16,
    /// Index of the machine in its entity.
    pub machine: u8,
    /// [`DEADLINE`](Self::DEADLINE) and [`BACKGROUND`](Self::BACKGROUND).
    pub flags: u8,
}

impl Wake {
    /// The wait ran into its deadline: of all events of an instant these come last, so that a
    /// reply at the very instant of its deadline is in time.
    pub const DEADLINE: u8 = 1;
    /// The task is background work, which alone keeps no simulation alive.
    pub const BACKGROUND: u8 = 2;
    /// The work may be cancelled by its caller, so its callees are recorded.
    pub const CANCELLABLE: u8 = 4;

    /// Whether the task is background work.
    #[inline]
    pub fn is_background(self) -> bool {
        self.flags & Self::BACKGROUND != 0
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

/// What the ring of the current instant holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Resume a task.
    Wake(Wake),
    /// Take the oldest message from this mailbox.
    Deliver(u16),
    /// A station's capacity changes at this instant.
    Capacity(u32),
    /// A claim that still waits at this instant waits no longer.
    ClaimDeadline(ClaimKey),
    /// As `ClaimDeadline`, of background work.
    BackgroundClaimDeadline(ClaimKey),
}

impl Token {
    /// The deadline of a claim for which `waiter` waits.
    #[inline]
    pub fn deadline_of_claim(key: ClaimKey, waiter: Wake) -> Self {
        if waiter.is_background() {
            Self::BackgroundClaimDeadline(key)
        } else {
            Self::ClaimDeadline(key)
        }
    }
}
