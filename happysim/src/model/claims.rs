//! The claims on a station: a table whose rows are used again.

use super::outcome::Rejection;
use crate::engine::keys::Row;
use crate::engine::wake::Wake;
use crate::queueing::Class;
use crate::time::Instant;

/// What is asked of a station.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand<'a> {
    /// How much of the capacity; `WHOLE` asks for all of it.
    pub amount: u64,
    /// What a discipline looks at; `None`, which most say, for the default.
    pub class: Option<&'a Class>,
    /// When the wait ends; the end of time, where it has no end.
    pub deadline: Instant,
}

impl Demand<'_> {
    /// All the capacity there is, whatever it is when the turn comes.
    pub(crate) const WHOLE: u64 = u64::MAX;
}

/// The units behind an amount that is asked for.
#[inline]
pub(super) fn units(amount: u64, capacity: u64) -> u64 {
    if amount == Demand::WHOLE { capacity.max(1) } else { amount }
}

/// A [`Rejection`] in a byte.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reason(u8);

impl From<Rejection> for Reason {
    fn from(rejection: Rejection) -> Self {
        Self(rejection as u8)
    }
}

impl From<Reason> for Rejection {
    fn from(Reason(number): Reason) -> Self {
        Self::ALL[usize::from(number)]
    }
}

/// The state of a claim.
// With a tag of its own, which is compared as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
pub(crate) enum ClaimState {
    Free,
    Waiting,
    Granted,
    Refused(Reason),
    /// Its holder waits for a condition, without the lock.
    Parked,
}

/// A row. It is looked at when the claim is made, granted and given back, and by then is far from the
/// processor: so it is one line of its cache.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Claim {
    /// Its number and its tenant.
    place: Row,
    /// The next free row, where this one is free.
    next_free: u32,
    pub(super) state: ClaimState,
    /// A wait for a condition that ended by its timeout.
    pub(super) timed_out: bool,
    /// It asked for all there is.
    pub(super) whole: bool,
    pub(super) amount: u64,
    pub(super) waiter: Wake,
    /// Since when it waits; of no meaning where it never did.
    pub(super) since: Instant,
    /// When its present wait ends, if it waits; the end of time, where it has no end. Entries of
    /// earlier waits are still in the event list.
    deadline: Instant,
}

const _: () = assert!(size_of::<Claim>() == 64);

impl Claim {
    /// Sets when the present wait ends; the end of time, where it has no end.
    #[inline]
    pub(super) fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// Its row.
    pub(super) fn place(&self) -> Row {
        self.place
    }

    /// Whether it holds all there is, having asked for it.
    pub(super) fn holds_whole(&self) -> bool {
        self.whole && self.state == ClaimState::Granted
    }

    /// Whether the present wait ends at `now`.
    pub(super) fn ends_at(&self, now: Instant) -> bool {
        self.deadline == now
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
    /// Adds a claim that is granted at once; `None` without a free row, which has to be
    /// [made](Self::grow) before.
    #[inline]
    pub(super) fn add_granted(&mut self, units: u64, whole: bool, holder: Wake) -> Option<Row> {
        let row = self.vacancy()?;
        row.state = ClaimState::Granted;
        row.whole = whole;
        row.amount = units;
        row.waiter = holder;
        Some(row.place)
    }

    /// Adds a claim that waits; `None` without a free row, which has to be [made](Self::grow) before.
    #[inline]
    pub(super) fn add_waiting(
        &mut self,
        amount: u64,
        waiter: Wake,
        now: Instant,
        deadline: Instant,
    ) -> Option<Row> {
        let row = self.vacancy()?;
        row.state = ClaimState::Waiting;
        row.timed_out = false;
        row.whole = amount == Demand::WHOLE;
        row.amount = amount;
        row.waiter = waiter;
        row.since = now;
        row.set_deadline(deadline);
        Some(row.place)
    }

    /// A free row, which is no longer free.
    // Where none is free, no row has that number.
    #[inline]
    fn vacancy(&mut self) -> Option<&mut Claim> {
        let row = self.rows.get_mut(self.free as usize)?;
        self.free = row.next_free;
        Some(row)
    }

    /// Makes sure that a row is free.
    #[cold]
    #[inline(never)]
    pub(super) fn grow(&mut self) {
        if self.free != NONE {
            return;
        }
        self.free = self.rows.len() as u32;
        self.rows.push(Claim {
            place: Row::new(self.free),
            next_free: NONE,
            state: ClaimState::Free,
            timed_out: false,
            whole: false,
            amount: 0,
            waiter: Wake::of(u16::MAX, 0),
            since: Instant::ZERO,
            deadline: Instant::MAX,
        });
    }

    /// The claim in this place, unless it is gone.
    #[inline]
    pub(super) fn get(&self, place: Row) -> Option<&Claim> {
        self.rows.get(place.slot() as usize).filter(|row| row.place == place)
    }

    /// The claim in this place, unless it is gone.
    #[inline]
    pub(super) fn get_mut(&mut self, place: Row) -> Option<&mut Claim> {
        let row = self.rows.get_mut(place.slot() as usize)?;
        if row.place == place { Some(row) } else { None }
    }

    /// The claim in this place, if it waits.
    #[inline]
    pub(super) fn waiting(&mut self, place: Row) -> Option<&mut Claim> {
        let claim = self.get_mut(place)?;
        if claim.state == ClaimState::Waiting { Some(claim) } else { None }
    }

    /// Removes a claim, unless it is gone: its state, and how much it was for.
    #[inline]
    pub(super) fn remove(&mut self, place: Row) -> Option<(ClaimState, u64)> {
        let free = self.free;
        let row = self.get_mut(place)?;
        let (state, amount) = (row.state, row.amount);
        row.state = ClaimState::Free;
        row.place = place.next();
        row.next_free = free;
        self.free = place.slot();
        Some((state, amount))
    }

    /// The row of this number, whoever has it.
    #[inline]
    pub(super) fn row(&self, slot: u32) -> &Claim {
        &self.rows[slot as usize]
    }

    /// All rows, to change them.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Claim> {
        self.rows.iter_mut()
    }

    /// All rows.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Claim> {
        self.rows.iter()
    }
}
