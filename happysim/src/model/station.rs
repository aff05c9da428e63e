//! Stations: capacity that is claimed, waited for and released. Resources, mutexes,
//! semaphores, read-write locks and conditions are stations.
//!
//! A claim is a row in the table of its station; its ticket is plain data in the state of the
//! task that made it. Dropping the ticket releases the claim or leaves the queue. Waiting
//! costs no events.

use super::outcome::{Failure, Rejection};
use crate::engine::dropped::{self, ClaimKey, Dropped};
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::{Token, Wake};
use crate::profile::Varying;
use crate::queueing::{Class, Discipline, Place, Waiting};
use crate::stats::ResourceStatistics;
use crate::time::{Clock, Instant};

/// The right to a claim; dropping it releases the claim or leaves the queue.
#[derive(Clone, Debug)]
pub struct ClaimTicket {
    key: ClaimKey,
    armed: bool,
}

impl ClaimTicket {
    #[inline]
    pub(crate) fn new(key: ClaimKey) -> Self {
        Self { key, armed: true }
    }

    /// The place of the claim.
    #[inline]
    pub(crate) fn key(&self) -> ClaimKey {
        self.key
    }
}

impl Drop for ClaimTicket {
    #[inline]
    fn drop(&mut self) {
        if self.armed {
            dropped::note(Dropped::Claim(self.key));
        }
    }
}

/// A granted claim: units of a resource, a held lock. Released when it is dropped, which is at
/// the end of its scope at the latest.
///
/// What is dropped is taken back at the end of the step: until the handler waits or returns, it
/// counts as in use, for its own handler too. Those who wait are served then, at the same
/// instant.
#[derive(Clone, Debug)]
#[must_use = "a permit that is not held is released at once: `let _permit: Permit = ...`"]
pub struct Permit(ClaimTicket);

impl Permit {
    #[inline]
    pub(crate) fn new(ticket: ClaimTicket) -> Self {
        Self(ticket)
    }

    pub(crate) fn into_ticket(self) -> ClaimTicket {
        self.0
    }
}

/// What became of a claim when it was made.
#[derive(Debug)]
pub(crate) enum Claimed {
    Granted(ClaimKey),
    Waiting(ClaimKey),
    Refused(Rejection),
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

#[derive(Clone, Debug)]
struct Claim {
    generation: u32,
    state: ClaimState,
    amount: u64,
    waiter: Wake,
    since: Instant,
    /// When its present wait ends; entries of earlier waits are still in the event list.
    deadline: Option<Instant>,
    /// A wait for a condition that ended by its timeout.
    timed_out: bool,
    /// It asked for all there is.
    whole: bool,
}

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

/// A station: see the module.
#[derive(Clone, Debug)]
pub struct Station {
    index: u32,
    /// Path of the node that owns it.
    pub owner: String,
    /// Its name there.
    pub name: String,
    capacity: Varying<usize>,
    capacity_now: u64,
    /// When it changes next.
    next_change: Option<Instant>,
    room: Option<Varying<usize>>,
    in_use: u64,
    waiting: usize,
    queue: Discipline,
    /// Out of the queue, because those before it were dropped, but too large for what is free.
    elected: Option<Place>,
    claims: Vec<Claim>,
    free: Vec<u32>,
    drops: Vec<(Place, Rejection)>,
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
            index,
            owner: owner.to_owned(),
            name: name.to_owned(),
            capacity,
            capacity_now,
            next_change: None,
            room,
            in_use: 0,
            waiting: 0,
            queue,
            elected: None,
            claims: Vec::new(),
            free: Vec::new(),
            drops: Vec::new(),
            timed: true,
            stats,
        }
    }

    /// Schedules the next change of the capacity.
    pub(crate) fn watch_capacity(&mut self, scheduler: &mut Scheduler) {
        self.next_change = self.capacity.next_change(scheduler.now());
        if let Some(change) = self.next_change {
            scheduler.at(change, Token::Capacity(self.index));
        }
    }

    /// A change of capacity is due, unless it is one of a profile that was replaced.
    pub(crate) fn capacity_changes(&mut self, scheduler: &mut Scheduler) {
        if self.next_change == Some(scheduler.now()) {
            self.follow_capacity(scheduler);
        }
    }

    /// Replaces the capacity, from now on.
    pub(crate) fn set_capacity(&mut self, capacity: Varying<usize>, scheduler: &mut Scheduler) {
        self.capacity = capacity;
        self.follow_capacity(scheduler);
    }

    /// Replaces all that it was given when it was made, from now on. Those who wait keep waiting.
    pub(crate) fn reconfigure(
        &mut self,
        capacity: Varying<usize>,
        room: Option<Varying<usize>>,
        queue: Discipline,
        scheduler: &mut Scheduler,
    ) {
        self.room = room;
        let former = core::mem::replace(&mut self.queue, queue);
        let claims = &self.claims;
        self.queue.take_over(former, |place| claims[place.slot as usize].since);
        self.set_capacity(capacity, scheduler);
    }

    /// The capacity is that of its profile from now on: raised capacity starts queued work at
    /// this instant, lowered capacity drains.
    fn follow_capacity(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        self.capacity_now = self.capacity.at(now) as u64;
        self.stats.levels.set_capacity(now, self.capacity_now as f64);
        self.serve(scheduler);
        self.watch_capacity(scheduler);
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
        self.waiting
    }

    /// Whether the station can ever grant such a claim.
    fn fits_at_all(&self, amount: u64) -> bool {
        amount == Demand::WHOLE || amount <= self.largest_capacity()
    }

    fn largest_capacity(&self) -> u64 {
        match &self.capacity {
            Varying::Constant(capacity) => *capacity as u64,
            Varying::Profile(profile) => profile.max() as u64,
        }
    }

    #[inline]
    fn units(&self, amount: u64) -> u64 {
        if amount == Demand::WHOLE { self.capacity_now.max(1) } else { amount }
    }

    #[inline]
    fn has_free(&self, amount: u64) -> bool {
        self.in_use + self.units(amount) <= self.capacity_now
    }

    #[inline]
    pub(crate) fn claim(
        &mut self,
        demand: Demand,
        waiter: Wake,
        scheduler: &mut Scheduler,
    ) -> Claimed {
        let now = scheduler.now();
        if self.waiting == 0 && self.has_free(demand.amount) {
            let slot = self.add(demand, waiter, now);
            self.grant(slot, now);
            return Claimed::Granted(self.key(slot));
        }
        if let Err(rejection) = self.admits(demand, now) {
            self.stats.refused[Failure::Rejected(rejection).index()] += 1;
            return Claimed::Refused(rejection);
        }
        let slot = self.add(demand, waiter, now);
        self.enqueue(slot, demand.class, now);
        let key = self.key(slot);
        if let Some(deadline) = demand.deadline {
            scheduler.at(deadline, Token::deadline_of_claim(key, waiter));
        }
        Claimed::Waiting(key)
    }

    /// Claims without waiting.
    pub(crate) fn try_claim(
        &mut self,
        amount: u64,
        waiter: Wake,
        now: Instant,
    ) -> Option<ClaimKey> {
        if self.waiting > 0 || !self.has_free(amount) {
            return None;
        }
        let demand = Demand { amount, class: Class::default(), deadline: None };
        let slot = self.add(demand, waiter, now);
        self.grant(slot, now);
        Some(self.key(slot))
    }

    fn admits(&self, demand: Demand, now: Instant) -> Result<(), Rejection> {
        if !self.fits_at_all(demand.amount) {
            return Err(Rejection::TooHeavy);
        }
        match &self.room {
            Some(room) if self.waiting >= room.at(now) => Err(Rejection::QueueFull),
            _ => Ok(()),
        }
    }

    #[inline]
    fn key(&self, slot: u32) -> ClaimKey {
        let generation = self.claims[slot as usize].generation;
        ClaimKey { station: self.index, slot, generation }
    }

    #[inline]
    fn add(&mut self, demand: Demand, waiter: Wake, now: Instant) -> u32 {
        let claim = Claim {
            generation: 0,
            state: ClaimState::Waiting,
            amount: demand.amount,
            waiter,
            since: now,
            deadline: demand.deadline,
            timed_out: false,
            whole: demand.amount == Demand::WHOLE,
        };
        match self.free.pop() {
            Some(slot) => {
                let place = &mut self.claims[slot as usize];
                *place = Claim { generation: place.generation, ..claim };
                slot
            }
            None => {
                self.claims.push(claim);
                (self.claims.len() - 1) as u32
            }
        }
    }

    #[inline]
    fn remove(&mut self, slot: u32) {
        let claim = &mut self.claims[slot as usize];
        claim.state = ClaimState::Free;
        claim.generation = claim.generation.wrapping_add(1);
        self.free.push(slot);
    }

    #[inline]
    fn get(&self, key: ClaimKey) -> Option<&Claim> {
        let claim = self.claims.get(key.slot as usize)?;
        (claim.generation == key.generation && claim.state != ClaimState::Free).then_some(claim)
    }

    fn enqueue(&mut self, slot: u32, class: Class, now: Instant) {
        let generation = self.claims[slot as usize].generation;
        self.queue.push(Waiting { place: Place { slot, generation }, since: now, class });
        self.waiting += 1;
        if self.timed {
            self.stats.levels.wait(now);
        }
    }

    #[inline]
    fn grant(&mut self, slot: u32, now: Instant) {
        let units = self.units(self.claims[slot as usize].amount);
        self.in_use += units;
        let claim = &mut self.claims[slot as usize];
        claim.amount = units;
        claim.state = ClaimState::Granted;
        claim.deadline = None;
        self.stats.granted += 1;
        if self.timed {
            self.stats.levels.acquire(now, units as f64, now.since(claim.since));
        }
    }

    #[inline]
    fn leaves_queue(&mut self, now: Instant) {
        self.waiting -= 1;
        if self.timed {
            self.stats.levels.stop_waiting(now);
        }
    }

    /// Grants what can be granted; the head of the queue blocks those behind it.
    pub(crate) fn serve(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        while self.waiting > 0 && self.in_use < self.capacity_now {
            let Some(next) = self.elect(scheduler) else { return };
            if !self.is_waiting(next) {
                continue;
            }
            if !self.has_free(self.claims[next.slot as usize].amount) {
                self.elected = Some(next);
                return;
            }
            self.leaves_queue(now);
            self.grant(next.slot, now);
            scheduler.soon(Token::Wake(self.claims[next.slot as usize].waiter));
        }
    }

    /// Who is to be served next, taken out of the queue; `None` where nobody can be.
    fn elect(&mut self, scheduler: &mut Scheduler) -> Option<Place> {
        if let Some(elected) = self.elected.take() {
            return Some(elected);
        }
        loop {
            let first = self.queue.peek()?;
            if !self.is_waiting(first) {
                self.queue.discard_first();
                continue;
            }
            if !self.has_free(self.claims[first.slot as usize].amount) {
                return None;
            }
            let next = self.queue.pop(scheduler.now(), &mut self.drops);
            self.tell_dropped(scheduler);
            if next.is_some() {
                return next;
            }
        }
    }

    fn is_waiting(&self, entry: Place) -> bool {
        let claim = &self.claims[entry.slot as usize];
        claim.generation == entry.generation && claim.state == ClaimState::Waiting
    }

    /// Tells those whom the discipline dropped.
    fn tell_dropped(&mut self, scheduler: &mut Scheduler) {
        for index in 0..self.drops.len() {
            let (entry, rejection) = self.drops[index];
            if self.is_waiting(entry) {
                self.leaves_queue(scheduler.now());
                self.refuse(entry.slot, rejection, scheduler);
            }
        }
        self.drops.clear();
    }

    fn refuse(&mut self, slot: u32, rejection: Rejection, scheduler: &mut Scheduler) {
        self.stats.refused[Failure::Rejected(rejection).index()] += 1;
        let claim = &mut self.claims[slot as usize];
        claim.state = ClaimState::Refused(rejection);
        scheduler.soon(Token::Wake(claim.waiter));
    }

    /// The claim is no longer wanted: released, or out of the queue.
    #[inline]
    pub(crate) fn release(&mut self, key: ClaimKey, scheduler: &mut Scheduler) {
        let Some(claim) = self.get(key) else { return };
        let state = claim.state;
        match state {
            ClaimState::Granted => self.give_back(key.slot, scheduler.now()),
            ClaimState::Waiting => {
                self.stats.left += 1;
                self.leaves_queue(scheduler.now());
            }
            ClaimState::Refused(_) | ClaimState::Parked | ClaimState::Free => {}
        }
        self.remove(key.slot);
        if state == ClaimState::Waiting {
            self.forget_left(key.slot);
        }
        self.serve(scheduler);
    }

    #[inline]
    fn give_back(&mut self, slot: u32, now: Instant) {
        let amount = self.claims[slot as usize].amount;
        self.in_use -= amount;
        if self.timed {
            self.stats.levels.release(now, amount as f64);
        }
    }

    /// Entries of those who left stay in the queue until their turn, unless the discipline
    /// looks at its length, or they outnumber those who wait.
    fn forget_left(&mut self, slot: u32) {
        let stale = self.queue.len().saturating_sub(self.waiting);
        if matches!(self.queue, Discipline::CoDel(_)) {
            let generation = self.claims[slot as usize].generation;
            self.queue.retain(|entry| entry.slot != slot || entry.generation == generation);
        } else if stale > self.waiting + 16 {
            let claims = &self.claims;
            self.queue.retain(|entry| {
                let claim = &claims[entry.slot as usize];
                claim.generation == entry.generation && claim.state == ClaimState::Waiting
            });
        }
    }

    /// The claim has waited as long as it may. Returns the condition's verdict for parked ones.
    pub(crate) fn deadline(&mut self, key: ClaimKey, scheduler: &mut Scheduler) {
        let claim = self.get(key).filter(|claim| claim.deadline == Some(scheduler.now()));
        match claim.map(|claim| claim.state) {
            Some(ClaimState::Waiting) => {
                self.leaves_queue(scheduler.now());
                self.refuse(key.slot, Rejection::WaitedTooLong, scheduler);
                self.forget_left(key.slot);
                self.serve(scheduler);
            }
            Some(ClaimState::Parked) => {
                self.claims[key.slot as usize].timed_out = true;
                self.unpark(key, scheduler);
            }
            _ => {}
        }
    }

    /// The state of a claim, for the task that is resumed.
    #[inline]
    pub(crate) fn state(&self, key: ClaimKey) -> ClaimState {
        self.get(key).map_or(ClaimState::Free, |claim| claim.state)
    }

    /// Whether a wait for a condition ended by its timeout.
    pub(crate) fn timed_out(&self, key: ClaimKey) -> bool {
        self.get(key).is_some_and(|claim| claim.timed_out)
    }

    /// The holder of `key` waits for a condition: the lock is free until it is notified.
    pub(crate) fn park(
        &mut self,
        key: ClaimKey,
        waiter: Wake,
        deadline: Option<Instant>,
        scheduler: &mut Scheduler,
    ) {
        debug_assert_eq!(self.state(key), ClaimState::Granted);
        self.give_back(key.slot, scheduler.now());
        let claim = &mut self.claims[key.slot as usize];
        claim.state = ClaimState::Parked;
        claim.waiter = waiter;
        claim.deadline = deadline;
        claim.timed_out = false;
        self.serve(scheduler);
    }

    /// The condition of a parked holder was notified: it joins the queue for the lock.
    pub(crate) fn unpark(&mut self, key: ClaimKey, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        let claim = &mut self.claims[key.slot as usize];
        claim.state = ClaimState::Waiting;
        claim.since = now;
        claim.deadline = None;
        self.enqueue(key.slot, Class::default(), now);
        self.serve(scheduler);
    }

    /// Whether somebody other than background work waits whom a later change of the capacity
    /// can serve.
    pub(crate) fn awaits_capacity(&self, now: Instant) -> bool {
        let largest = self.largest_capacity();
        let can_be_served = |claim: &Claim| {
            let units = if claim.amount == Demand::WHOLE { 1 } else { claim.amount };
            claim.state == ClaimState::Waiting
                && !claim.waiter.is_background()
                && self.in_use + units <= largest
        };
        self.waiting > 0
            && self.capacity.next_change(now).is_some()
            && self.claims.iter().any(can_be_served)
    }

    /// Whether somebody holds all there is, having asked for it.
    pub(crate) fn is_held_whole(&self) -> bool {
        self.claims.iter().any(|claim| claim.whole && claim.state == ClaimState::Granted)
    }

    /// The task that waits with this claim, and since when.
    pub(crate) fn waiter(&self, key: ClaimKey) -> Option<(Wake, Instant)> {
        self.get(key).map(|claim| (claim.waiter, claim.since))
    }

    /// Those who hold units now, for the deadlock report.
    pub(crate) fn holders(&self) -> impl Iterator<Item = Wake> {
        self.claims
            .iter()
            .filter(|claim| claim.state == ClaimState::Granted)
            .map(|claim| claim.waiter)
    }

    /// Forgets the statistics of the warm-up.
    pub(crate) fn reset_stats(&mut self, now: Instant) {
        self.stats.levels.reset(now);
        self.stats.granted = 0;
        self.stats.refused = [0; Failure::REASONS];
        self.stats.left = 0;
    }

    /// Whether times and levels are recorded, or counts only.
    pub(crate) fn set_timed(&mut self, timed: bool) {
        self.timed = timed;
    }
}
