//! What was dropped during a step: permits, places in queues, open calls.
//!
//! A permit is plain data in the frame of its holder; it owns no reference to what it came
//! from. When it is dropped, wherever and however, its ticket is noted here, and at the end of
//! the step, before anything else happens, the simulation takes it back. Dropping a whole
//! simulation notes nothing, because none is running then.

use core::cell::{Cell, RefCell};
use core::num::NonZeroU64;
use std::collections::VecDeque;

use super::keys::{CLAIM, CallKey, ClaimKey, PLACE};

/// A right that its holder no longer has, as two machine words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Kind in the lowest byte, then station or wire.
    head: NonZeroU64,
    /// Slot below, generation above.
    body: u64,
}

/// What a [`Dropped`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
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

/// Kinds are odd, as that of a claim is, so that no head is zero.
const CALL: u64 = 3;
const LOST: u64 = 5;
const CANCEL: u64 = 1 << 8;

impl Dropped {
    #[inline]
    fn new(head: u64, body: u64) -> Self {
        Self { head: NonZeroU64::MIN | head, body }
    }

    /// A claim on a station: held or still waiting.
    #[inline]
    pub fn claim(key: ClaimKey) -> Self {
        let (head, body) = key.words();
        Self { head, body }
    }

    /// A call that nobody waits for any more; `cancel`: the callee is to stop at once.
    #[inline]
    pub fn call(wire: u16, key: CallKey, cancel: bool) -> Self {
        let cancel = if cancel { CANCEL } else { 0 };
        Self::new(CALL | cancel | u64::from(wire) << PLACE, key.word().get())
    }

    /// The same call; while work is [cancelled](cancel), its callee is to stop too.
    #[inline]
    #[must_use]
    pub fn cascaded(self) -> Self {
        if CASCADE.get() { Self { head: self.head | CANCEL, ..self } } else { self }
    }

    /// The same call, whose callee is to stop at once.
    #[must_use]
    pub fn cancelled(self) -> Self {
        Self { head: self.head | CANCEL, ..self }
    }

    /// The wire of a call.
    #[inline]
    pub const fn wire(self) -> u16 {
        (self.head.get() >> PLACE) as u16
    }

    /// The place of a call in the table of its wire.
    #[inline]
    pub const fn call_key(self) -> CallKey {
        // The body of a call is never zero.
        CallKey::from_word(match NonZeroU64::new(self.body) {
            Some(word) => word,
            None => NonZeroU64::MIN,
        })
    }

    /// A call to which no reply can come any more.
    pub fn lost(wire: u16, key: CallKey) -> Self {
        Self::new(LOST | u64::from(wire) << PLACE, key.word().get())
    }

    /// What it says.
    #[inline]
    pub fn right(self) -> Right {
        let Self { head, body } = self;
        let kind = head.get() as u8;
        if kind == CLAIM.get() as u8 {
            return Right::Claim(ClaimKey::from_words(head, body));
        }
        let (wire, key) = (self.wire(), self.call_key());
        if kind == LOST as u8 {
            Right::Lost { wire, key }
        } else {
            Right::Call { wire, key, cancel: head.get() & CANCEL != 0 }
        }
    }
}

/// Where the oldest noted right stands: no simulation is running.
const IDLE: Dropped = Dropped { head: NonZeroU64::MAX, body: 0 };

thread_local! {
    static CASCADE: Cell<bool> = const { Cell::new(false) };
    /// The oldest noted right: most steps drop one at most, and it costs no list.
    static FIRST: Cell<Option<Dropped>> = const { Cell::new(Some(IDLE)) };
    /// Whether there are others.
    static MORE: Cell<bool> = const { Cell::new(false) };
    /// The others.
    static REST: RefCell<VecDeque<Dropped>> = const { RefCell::new(VecDeque::new()) };
}

/// Notes a dropped right, if a simulation is running on this thread.
#[inline]
pub fn note(dropped: Dropped) {
    match FIRST.get() {
        None => FIRST.set(Some(dropped)),
        Some(first) => note_another(first, dropped),
    }
}

#[cold]
fn note_another(first: Dropped, dropped: Dropped) {
    if first != IDLE {
        MORE.set(true);
        REST.with_borrow_mut(|rest| rest.push_back(dropped));
    }
}

/// Takes the oldest noted right, while a simulation is running; with it, whether it is the last.
#[inline]
pub fn take() -> Option<(Dropped, bool)> {
    let first = FIRST.get()?;
    FIRST.set(None);
    let is_last = !MORE.get();
    if !is_last {
        move_up();
    }
    Some((first, is_last))
}

#[cold]
fn move_up() {
    REST.with_borrow_mut(|rest| {
        FIRST.set(rest.pop_front());
        MORE.set(!rest.is_empty());
    });
}

/// Drops `value` as cancelled work: the calls it has open are cancelled too.
pub fn cancel<T>(value: T) {
    CASCADE.set(true);
    drop(value);
    CASCADE.set(false);
}

/// The rights that are a part of `value`: those that would be noted if it were dropped, which a copy of it
/// is.
pub fn rights_of<T: Clone>(value: &T) -> Vec<Right> {
    let copy = value.clone();
    let _collecting = Collecting::start();
    drop(copy);
    core::iter::from_fn(take).map(|(dropped, _)| dropped.right()).collect()
}

/// While it lives, dropped rights are noted for the simulation that runs now; the rights of a
/// simulation that runs around this one (a handler may run another simulation) are kept apart.
///
/// Its fields are what was collected around it.
#[derive(Debug)]
pub struct Collecting {
    first: Option<Dropped>,
    rest: VecDeque<Dropped>,
}

impl Collecting {
    /// Starts to collect.
    pub fn start() -> Self {
        let first = FIRST.take();
        MORE.set(false);
        // Where nothing runs around this one there is nothing to keep apart, and the buffer of
        // the last run is used again.
        let rest = if first == Some(IDLE) { VecDeque::new() } else { REST.take() };
        Self { first, rest }
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        FIRST.set(self.first);
        MORE.set(!self.rest.is_empty());
        if self.first == Some(IDLE) {
            // A run that ended by a panic may have left something.
            REST.with_borrow_mut(VecDeque::clear);
        } else {
            REST.replace(core::mem::take(&mut self.rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::keys::Row;

    #[test]
    fn packing_loses_nothing() {
        let key = ClaimKey::new(u32::MAX, Row::new(u32::MAX).next());
        assert_eq!(Dropped::claim(key).right(), Right::Claim(key));
        let key = CallKey::new(7).next();
        for cancel in [false, true] {
            let right = Right::Call { wire: u16::MAX, key, cancel };
            assert_eq!(Dropped::call(u16::MAX, key, cancel).right(), right);
        }
        assert_eq!(Dropped::lost(3, key).right(), Right::Lost { wire: 3, key });
        assert_eq!(size_of::<Option<Dropped>>(), 16);
    }

    #[test]
    fn rights_are_taken_back_in_the_order_in_which_they_were_dropped() {
        let right = |slot| Dropped::call(1, CallKey::new(slot), false);
        // Nothing runs.
        note(right(0));
        let collecting = Collecting::start();
        (1..=3).for_each(|slot| note(right(slot)));
        assert_eq!(take(), Some((right(1), false)));
        note(right(4));
        let rest: Vec<_> = core::iter::from_fn(take).collect();
        assert_eq!(rest, [(right(2), false), (right(3), false), (right(4), true)]);
        drop(collecting);
    }
}
