//! What was dropped during a step: permits, places in queues, open calls.
//!
//! A permit is plain data in the frame of its holder; it owns no reference to what it came
//! from. When it is dropped, wherever and however, its ticket is noted here, and at the end of
//! the step, before anything else happens, the simulation takes it back. Dropping a whole
//! simulation notes nothing, because none is running then.

use core::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// A right that its holder no longer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// A claim on a station: held or still waiting.
    Claim(ClaimKey),
    /// A call that nobody waits for any more.
    Call {
        /// The wire over which it went.
        wire: u16,
        /// Its place in the wire's table.
        key: CallKey,
        /// Whether the callee is to stop at once.
        cancel: bool,
    },
    /// A call to which no reply can come any more, because a message was lost: nobody's right,
    /// but it too is looked at when the step is over.
    Lost {
        /// The wire over which it went.
        wire: u16,
        /// Its place in the wire's table.
        key: CallKey,
    },
}

/// The place of a claim in the table of its station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimKey {
    /// Index of the station.
    pub station: u32,
    /// Slot in its table.
    pub slot: u32,
    /// Tenant of the slot.
    pub generation: u32,
}

/// The place of an open call in the table of its wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallKey {
    /// Slot in the table.
    pub slot: u32,
    /// Tenant of the slot.
    pub generation: u32,
}

thread_local! {
    static ACTIVE: Cell<bool> = const { Cell::new(false) };
    static CASCADE: Cell<bool> = const { Cell::new(false) };
    /// The oldest noted right: most steps drop one at most, and it costs no list.
    static FIRST: Cell<Option<Dropped>> = const { Cell::new(None) };
    /// Whether there are others.
    static MORE: Cell<bool> = const { Cell::new(false) };
    /// The others.
    static REST: RefCell<VecDeque<Dropped>> = const { RefCell::new(VecDeque::new()) };
}

/// Notes a dropped right, if a simulation is running on this thread.
#[inline]
pub fn note(dropped: Dropped) {
    if !ACTIVE.get() {
        return;
    }
    let dropped = match dropped {
        Dropped::Call { wire, key, cancel } => {
            Dropped::Call { wire, key, cancel: cancel || CASCADE.get() }
        }
        other => other,
    };
    if any() {
        MORE.set(true);
        REST.with_borrow_mut(|rest| rest.push_back(dropped));
    } else {
        FIRST.set(Some(dropped));
    }
}

/// Takes the oldest noted right.
#[inline]
pub fn take() -> Option<Dropped> {
    let first = FIRST.take()?;
    if MORE.get() {
        REST.with_borrow_mut(|rest| {
            FIRST.set(rest.pop_front());
            MORE.set(!rest.is_empty());
        });
    }
    Some(first)
}

/// Whether anything was noted.
#[inline]
pub fn any() -> bool {
    FIRST.get().is_some()
}

/// Drops `value` as cancelled work: the calls it has open are cancelled too.
pub fn cancel<T>(value: T) {
    CASCADE.set(true);
    drop(value);
    CASCADE.set(false);
}

/// While it lives, dropped rights are noted for the simulation that runs now; the rights of a
/// simulation that runs around this one (a handler may run another simulation) are kept apart.
///
/// Its fields are what was collected around it.
#[derive(Debug)]
pub struct Collecting {
    active: bool,
    first: Option<Dropped>,
    rest: VecDeque<Dropped>,
}

impl Collecting {
    /// Starts to collect.
    pub fn start() -> Self {
        let active = ACTIVE.replace(true);
        MORE.set(false);
        // Where nothing runs around this one there is nothing to keep apart, and the buffer of
        // the last run is used again.
        let rest = if active { REST.take() } else { VecDeque::new() };
        Self { active, first: FIRST.take(), rest }
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        ACTIVE.set(self.active);
        FIRST.set(self.first);
        MORE.set(!self.rest.is_empty());
        if self.active {
            REST.replace(core::mem::take(&mut self.rest));
        } else {
            // A run that ended by a panic may have left something.
            REST.with_borrow_mut(VecDeque::clear);
        }
    }
}
