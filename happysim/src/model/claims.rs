//! The claims on a station: a table whose rows are used again.

use super::outcome::Rejection;
use crate::engine::dropped::ClaimKey;
use crate::engine::wake::Wake;
use crate::queueing::{Class, Place};
use crate::time::Instant;

/// What became of a claim when it was made.
#[derive(Debug)]
pub(crate) enum Claimed {
    Granted(ClaimKey),
    Waiting(ClaimKey),
    Refused(Rejection),
}

/// What is asked of a station.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    /// How much of the capacity; `WHOLE` asks for all of it.
    pub amount: u64,
    pub class: Class,
    pub deadline: Option<Instant>,
}

impl Demand {
    /// All the capacity there is, whatever it is when the turn comes.
    pub(crate) const WHOLE: u64 = u64::MAX;
}

/// The units behind an amount that is asked for.
#[inline]
pub(super) fn units(amount: u64, capacity: u64) -> u64 {
    if amount == Demand::WHOLE { capacity.max(1) } else { amount }
}

/// The state of a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ClaimState {
    Free,
    Waiting,
    Granted,
    Refused(Rejection),
    /// Its holder waits for a condition, without the lock.
    Parked,
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    generation: u32,
    /// The next free row, where this one is free.
    next_free: u32,
    pub(super) state: ClaimState,
    /// A wait for a condition that ended by its timeout.
    pub(super) timed_out: bool,
    /// It asked for all there is.
    pub(super) whole: bool,
    pub(super) amount: u64,
    pub(super) waiter: Wake,
    pub(super) since: Instant,
    /// When its present wait ends; entries of earlier waits are still in the event list.
    pub(super) deadline: Option<Instant>,
}

impl Claim {
    /// A claim that is made at `since`.
    #[inline]
    pub(super) fn new(
        amount: u64,
        whole: bool,
        waiter: Wake,
        since: Instant,
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            generation: 0,
            next_free: NONE,
            state: ClaimState::Waiting,
            timed_out: false,
            whole,
            amount,
            waiter,
            since,
            deadline,
        }
    }

    /// Tells one tenant of the row from the next.
    pub(super) fn generation(&self) -> u32 {
        self.generation
    }
}

/// No row.
const NONE: u32 = u32::MAX;

/// All claims on a station.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    rows: Vec<Claim>,
    /// The free row that is used next, the one that became free last.
    free: u32,
}

impl Default for Claims {
    fn default() -> Self {
        Self { rows: Vec::new(), free: NONE }
    }
}

impl Claims {
    /// Adds a claim.
    #[inline]
    pub(super) fn add(&mut self, claim: Claim) -> (Place, &mut Claim) {
        if self.free == NONE {
            self.grow(&claim);
        }
        let slot = self.free;
        let row = &mut self.rows[slot as usize];
        self.free = row.next_free;
        let generation = row.generation;
        *row = Claim { generation, ..claim };
        (Place { slot, generation }, row)
    }

    /// Adds a free row.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, like: &Claim) {
        self.free = self.rows.len() as u32;
        self.rows.push(Claim { state: ClaimState::Free, ..*like });
    }

    /// The claim in this place, unless it is gone.
    #[inline]
    pub(super) fn get(&self, place: Place) -> Option<&Claim> {
        self.rows.get(place.slot as usize).filter(|row| row.generation == place.generation)
    }

    /// The claim in this place, unless it is gone.
    #[inline]
    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut Claim> {
        self.rows.get_mut(place.slot as usize).filter(|row| row.generation == place.generation)
    }

    /// The claim in this place, if it waits.
    #[inline]
    pub(super) fn waiting(&mut self, place: Place) -> Option<&mut Claim> {
        self.get_mut(place).filter(|claim| claim.state == ClaimState::Waiting)
    }

    /// Removes a claim, unless it is gone: its state, and how much it was for.
    #[inline]
    pub(super) fn remove(&mut self, place: Place) -> Option<(ClaimState, u64)> {
        let free = self.free;
        let row = self.get_mut(place)?;
        let (state, amount) = (row.state, row.amount);
        row.state = ClaimState::Free;
        row.generation = row.generation.wrapping_add(1);
        row.next_free = free;
        self.free = place.slot;
        Some((state, amount))
    }

    /// The row of this number, whoever has it.
    #[inline]
    pub(super) fn row(&self, slot: u32) -> &Claim {
        &self.rows[slot as usize]
    }

    /// All rows.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Claim> {
        self.rows.iter()
    }
}

/// The place of a claim in the table of its station.
#[inline]
pub(super) fn place_of(key: ClaimKey) -> Place {
    Place { slot: key.slot, generation: key.generation }
}
