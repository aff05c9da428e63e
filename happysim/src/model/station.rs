//! Stations: capacity that is claimed, waited for and released. Resources, mutexes,
//! semaphores, read-write locks and conditions are stations.
//!
//! A claim is a row in the table of its station; its ticket is plain data in the state of the
//! task that made it. Dropping the ticket releases the claim or leaves the queue. Waiting
//! costs no events.

mod following;
mod serving;

use super::claims::{Claim, ClaimState, Claims, Demand, units};
use super::outcome::{Failure, Rejection};
use crate::engine::keys::{ClaimKey, Row};
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::{Token, Wake};
use crate::profile::Varying;
use crate::queueing::{Class, Discipline};
use crate::stats::ResourceStatistics;
use crate::time::{Clock, Duration, Instant};

/// What is remembered about a station's past.
#[derive(Clone, Debug, Default)]
pub struct StationStats {
    /// Units in use, claims waiting, capacity over time; how long granted claims had waited.
    pub levels: ResourceStatistics,
    /// Claims granted.
    pub granted: u64,
    /// Claims refused, by [`Failure::index`].
    pub refused: [u64; Failure::REASONS],
    /// Claims whose owners left before their turn.
    pub left: u64,
}

/// What becomes of a claim.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Claimed {
    /// It is granted.
    Granted(Row),
    /// It waits.
    Waits(Row),
    /// It can neither be granted nor wait.
    Refused,
}

/// A station: see the module.
#[derive(Clone, Debug)]
pub struct Station {
    /// Its number, in the key of the first row.
    first: ClaimKey,
    /// Path of the node that owns it.
    pub owner: String,
    /// Its name there.
    pub name: String,
    /// Whether it is a means of its owner, and no part of the model.
    pub is_inner: bool,
    capacity: Varying<usize>,
    capacity_now: u64,
    /// What it is at most, now or ever from now on.
    largest_capacity: u64,
    /// When it changes next.
    next_change: Option<Instant>,
    /// Whether the model itself has set it.
    is_steered: bool,
    room: Option<Varying<usize>>,
    in_use: u64,
    // Half a word: two words side by side that change together become one of 16 bytes, for which
    // the processor has to wait until the last change of either has been written.
    waiting: u32,
    queue: Discipline,
    /// Out of the queue, because those before it were dropped, but too large for what is free.
    elected: Option<Row>,
    claims: Claims,
    drops: Vec<(Row, Rejection)>,
    timed: bool,
    /// What happened so far.
    pub stats: StationStats,
}

impl Station {
    pub(crate) fn new(
        index: u32,
        owner: &str,
        name: &str,
        capacity: Varying<usize>,
        room: Option<Varying<usize>>,
        queue: Discipline,
    ) -> Self {
        let capacity_now = capacity.at(Instant::ZERO) as u64;
        let levels = ResourceStatistics::new(Instant::ZERO, capacity_now as f64);
        let stats = StationStats { levels, ..StationStats::default() };
        Self {
            first: ClaimKey::new(index, Row::new(0)),
            owner: owner.to_owned(),
            name: name.to_owned(),
            is_inner: false,
            largest_capacity: capacity.largest_from(Instant::ZERO) as u64,
            capacity,
            capacity_now,
            next_change: None,
            is_steered: false,
            room,
            in_use: 0,
            waiting: 0,
            queue,
            elected: None,
            claims: Claims::default(),
            drops: Vec::new(),
            timed: true,
            stats,
        }
    }

    /// The capacity at this moment.
    pub fn capacity(&self) -> u64 {
        self.capacity_now
    }

    /// Units in use.
    pub fn in_use(&self) -> u64 {
        self.in_use
    }

    /// Claims waiting.
    pub fn waiting(&self) -> usize {
        self.waiting as usize
    }

    /// Whether the station can ever grant such a claim, from now on.
    fn fits_at_all(&self, amount: u64) -> bool {
        amount <= self.largest_capacity || amount == Demand::WHOLE
    }

    #[inline]
    fn units(&self, amount: u64) -> u64 {
        units(amount, self.capacity_now)
    }

    #[inline]
    fn has_free(&self, amount: u64) -> bool {
        // A sum of the two could be larger than any number.
        self.in_use <= self.capacity_now && self.units(amount) <= self.capacity_now - self.in_use
    }

    /// Claims without waiting.
    pub(crate) fn try_claim(&mut self, amount: u64, waiter: Wake, now: Instant) -> Option<Row> {
        // In this order: a processor cannot foresee whether anybody waits, while none is free.
        if !self.has_free(amount) || self.waiting > 0 {
            return None;
        }
        Some(self.grant_at_once(amount, waiter, now))
    }

    /// Claims: what is asked for is granted now, or waited for, or refused.
    #[inline(always)]
    pub(crate) fn claim(
        &mut self,
        demand: Demand<'_>,
        waiter: Wake,
        scheduler: &mut Scheduler,
    ) -> Claimed {
        let Demand { amount, class, deadline } = demand;
        let claimed = if let Discipline::Fifo(_) = self.queue {
            self.claim_fifo(amount, deadline, waiter, scheduler)
        } else {
            self.claim_with_care(amount, class, deadline, waiter, scheduler)
        };
        if deadline < Instant::MAX
            && let Claimed::Waits(place) = claimed
        {
            scheduler.at(deadline, Token::claim_deadline(self.key(place), waiter));
        }
        claimed
    }

    /// As [`claim`](Self::claim), without a deadline, where those who wait are served in their order.
    // It calls nothing but at its end, and so has no registers to save.
    #[inline(never)]
    fn claim_fifo(
        &mut self,
        amount: u64,
        deadline: Instant,
        waiter: Wake,
        scheduler: &mut Scheduler,
    ) -> Claimed {
        let now = scheduler.now();
        if let Some(free) = self.capacity_now.checked_sub(self.in_use)
            && amount <= free
            && self.waiting == 0
        {
            if let Some(place) = self.add_granted(amount, amount, waiter, now) {
                return Claimed::Granted(place);
            }
        } else if let Discipline::Fifo(queue) = &mut self.queue
            && queue.has_room()
            && self.room.is_none()
            && amount <= self.largest_capacity
            && let Some(place) = self.claims.add_waiting(amount, waiter, now, deadline)
        {
            queue.push(place);
            self.count_waiting(now);
            return Claimed::Waits(place);
        }
        self.claim_fifo_with_care(amount, deadline, waiter, scheduler)
    }

    /// As [`claim_fifo`](Self::claim_fifo), where that is not all there is to it.
    // With no more arguments than that one, which ends with this call.
    #[inline(never)]
    fn claim_fifo_with_care(
        &mut self,
        amount: u64,
        deadline: Instant,
        waiter: Wake,
        scheduler: &mut Scheduler,
    ) -> Claimed {
        self.claim_with_care(amount, None, deadline, waiter, scheduler)
    }

    /// As [`claim`](Self::claim), without a deadline, for all disciplines.
    #[inline(never)]
    fn claim_with_care(
        &mut self,
        amount: u64,
        class: Option<&Class>,
        deadline: Instant,
        waiter: Wake,
        scheduler: &mut Scheduler,
    ) -> Claimed {
        let now = scheduler.now();
        if let Some(place) = self.try_claim(amount, waiter, now) {
            return Claimed::Granted(place);
        }
        if !self.fits_at_all(amount) || self.is_full(now) {
            return Claimed::Refused;
        }
        self.claims.grow();
        let Some(place) = self.claims.add_waiting(amount, waiter, now, deadline) else {
            unreachable!("a row was made")
        };
        self.enqueue(place, class, now);
        self.serve_newcomer(scheduler);
        Claimed::Waits(place)
    }

    /// Grants a claim, for which there is enough.
    fn grant_at_once(&mut self, amount: u64, waiter: Wake, now: Instant) -> Row {
        let units = self.units(amount);
        self.claims.grow();
        let Some(place) = self.add_granted(amount, units, waiter, now) else {
            unreachable!("a row was made")
        };
        place
    }

    /// Grants a claim, for which there is enough, at once, if a row is free.
    #[inline(always)]
    fn add_granted(&mut self, amount: u64, units: u64, waiter: Wake, now: Instant) -> Option<Row> {
        let place = self.claims.add_granted(units, amount == Demand::WHOLE, waiter)?;
        self.in_use += units;
        self.stats.granted += 1;
        if self.timed {
            self.stats.levels.acquire(now, units, Duration::ZERO);
        }
        Some(place)
    }

    /// Something is free, and whoever is next does not fit: a claim that has just come may be the next
    /// now, and fit.
    fn serve_newcomer(&mut self, scheduler: &mut Scheduler) {
        if self.waiting > 1 && !matches!(self.queue, Discipline::Fifo(_) | Discipline::CoDel(_)) {
            self.serve(scheduler);
        }
    }

    /// Counts a claim that [was refused](Claimed::Refused), and says why it was.
    pub(crate) fn refusal(&mut self, amount: u64, now: Instant) -> Rejection {
        debug_assert!(!self.fits_at_all(amount) || self.is_full(now));
        let rejection =
            if self.fits_at_all(amount) { Rejection::QueueFull } else { Rejection::TooHeavy };
        self.stats.refused[Failure::Rejected(rejection).index()] += 1;
        rejection
    }

    /// Whether nobody else may wait.
    #[inline]
    fn is_full(&self, now: Instant) -> bool {
        self.room.as_ref().is_some_and(|room| self.waiting() >= room.at(now))
    }

    #[inline]
    fn key(&self, place: Row) -> ClaimKey {
        self.first.at(place)
    }

    #[inline]
    fn enqueue(&mut self, place: Row, class: Option<&Class>, now: Instant) {
        self.queue.push(place, now, class);
        self.count_waiting(now);
    }

    #[inline]
    fn count_waiting(&mut self, now: Instant) {
        self.waiting += 1;
        if self.timed {
            self.stats.levels.wait(now);
        }
    }

    #[inline]
    fn leaves_queue(&mut self, now: Instant) {
        self.waiting -= 1;
        if self.timed {
            self.stats.levels.stop_waiting(now);
        }
    }

    /// The claim is no longer wanted: released, or out of the queue.
    // It calls nothing but at its end, and so has no registers to save.
    #[inline(never)]
    pub(crate) fn release(&mut self, key: ClaimKey, scheduler: &mut Scheduler) {
        let Some((state, amount)) = self.claims.remove(key.place()) else { return };
        if state != ClaimState::Granted {
            return self.withdraw(key, state, scheduler);
        }
        self.give_back(amount, scheduler);
        // Whether anybody waits is the harder question for a processor: it comes last.
        if self.in_use < self.capacity_now && self.waiting > 0 {
            self.serve_one(scheduler);
        }
    }

    /// A claim that is not granted is no longer wanted.
    #[inline(never)]
    fn withdraw(&mut self, key: ClaimKey, state: ClaimState, scheduler: &mut Scheduler) {
        if state == ClaimState::Waiting {
            self.leave(key.place(), scheduler.now());
        }
        if self.waiting > 0 {
            self.serve(scheduler);
        }
    }

    /// Whoever waited with the claim in this row waits no longer.
    fn leave(&mut self, place: Row, now: Instant) {
        self.stats.left += 1;
        self.leaves_queue(now);
        self.forget_left(place);
    }

    #[inline]
    fn give_back(&mut self, amount: u64, scheduler: &Scheduler) {
        self.in_use -= amount;
        if self.timed {
            self.stats.levels.release(scheduler.now(), amount);
        }
    }

    /// Entries of those who left stay in the queue until their turn, unless the discipline
    /// looks at its length, or they outnumber those who wait.
    fn forget_left(&mut self, left: Row) {
        let stale = self.queue.len().saturating_sub(self.waiting());
        if self.queue.may_drop() {
            self.queue.retain(|entry| *entry != left);
        } else if stale > self.waiting() + 16 {
            let claims = &mut self.claims;
            self.queue.retain(|entry| claims.waiting(*entry).is_some());
        }
    }

    /// The claim has waited as long as it may. Returns the condition's verdict for parked ones.
    pub(crate) fn deadline(&mut self, key: ClaimKey, scheduler: &mut Scheduler) {
        let (place, now) = (key.place(), scheduler.now());
        let claim = self.claims.get_mut(place).filter(|claim| claim.ends_at(now));
        let Some(claim) = claim else { return };
        match claim.state {
            ClaimState::Waiting => {
                self.leaves_queue(now);
                self.refuse(place, Rejection::WaitedTooLong, scheduler);
                self.forget_left(place);
                self.serve(scheduler);
            }
            ClaimState::Parked => {
                claim.timed_out = true;
                self.unpark(key, scheduler);
            }
            _ => {}
        }
    }

    /// Whether a claim still waits, with a deadline at `time`.
    pub(crate) fn awaits_deadline(&self, key: ClaimKey, time: Instant) -> bool {
        let claim = self.claims.get(key.place());
        claim.is_some_and(|claim| claim.ends_at(time))
    }

    /// The state of a claim, for the task that is resumed.
    #[inline]
    pub(crate) fn state(&self, key: ClaimKey) -> ClaimState {
        self.claims.get(key.place()).map_or(ClaimState::Free, |claim| claim.state)
    }

    /// What a claim that is still known asks for.
    pub(crate) fn amount(&self, key: ClaimKey) -> u64 {
        self.claims.get(key.place()).map_or(0, |claim| claim.amount)
    }

    /// What the capacity is at most, now or ever from now on.
    pub(crate) fn largest_capacity(&self) -> u64 {
        self.largest_capacity
    }

    /// Whether a wait for a condition ended by its timeout.
    pub(crate) fn timed_out(&self, key: ClaimKey) -> bool {
        self.claims.get(key.place()).is_some_and(|claim| claim.timed_out)
    }

    /// The holder of `key` waits for a condition: the lock is free until it is notified.
    pub(crate) fn park(
        &mut self,
        key: ClaimKey,
        waiter: Wake,
        deadline: Instant,
        scheduler: &mut Scheduler,
    ) {
        let Some(claim) = self.claims.get_mut(key.place()) else { return };
        debug_assert_eq!(claim.state, ClaimState::Granted);
        claim.state = ClaimState::Parked;
        claim.waiter = waiter;
        claim.set_deadline(deadline);
        claim.timed_out = false;
        let amount = claim.amount;
        self.give_back(amount, scheduler);
        self.serve(scheduler);
    }

    /// The condition of a parked holder was notified: it joins the queue for the lock.
    pub(crate) fn unpark(&mut self, key: ClaimKey, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        let Some(claim) = self.claims.get_mut(key.place()) else { return };
        claim.state = ClaimState::Waiting;
        if claim.whole {
            claim.amount = Demand::WHOLE;
        }
        claim.since = now;
        claim.set_deadline(Instant::MAX);
        let amount = claim.amount;
        if !self.fits_at_all(amount) {
            return self.refuse(key.place(), Rejection::TooHeavy, scheduler);
        }
        self.enqueue(key.place(), None, now);
        self.serve(scheduler);
    }

    /// Whether somebody holds all there is, having asked for it.
    pub(crate) fn is_held_whole(&self) -> bool {
        self.claims.iter().any(Claim::holds_whole)
    }

    /// Whether `waiter` waits for a notification with this claim.
    pub(crate) fn is_parked(&self, key: ClaimKey, waiter: Wake) -> bool {
        let claim = self.claims.get(key.place());
        claim.is_some_and(|claim| claim.state == ClaimState::Parked && claim.waiter == waiter)
    }

    /// The task that waits with this claim, and since when.
    pub(crate) fn waiter(&self, key: ClaimKey) -> Option<(Wake, Instant)> {
        self.claims.get(key.place()).map(|claim| (claim.waiter, claim.since))
    }

    /// Those who hold units now, for the deadlock report.
    pub(crate) fn holders(&self) -> impl Iterator<Item = Wake> {
        self.holdings().map(|(_, holder)| holder)
    }

    /// The claims that are granted, and who was granted them.
    pub(crate) fn holdings(&self) -> impl Iterator<Item = (ClaimKey, Wake)> {
        let granted = self.claims.iter().filter(|claim| claim.state == ClaimState::Granted);
        granted.map(|claim| (self.key(claim.place()), claim.waiter))
    }

    /// Forgets the statistics of the warm-up.
    pub(crate) fn reset_stats(&mut self, now: Instant) {
        self.stats.levels.reset(now);
        self.stats.granted = 0;
        self.stats.refused = [0; Failure::REASONS];
        self.stats.left = 0;
    }

    /// Whether times and levels are recorded, or counts only.
    pub(crate) fn is_timed(&self) -> bool {
        self.timed
    }

    /// Sets whether they are.
    pub(crate) fn set_timed(&mut self, timed: bool) {
        self.timed = timed;
    }
}
