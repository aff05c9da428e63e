//! How a station follows its capacity: what a change starts and whom it refuses, and whether one is
//! waited for.

use super::Station;
use crate::engine::keys::{ClaimKey, Row};
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::Token;
use crate::model::claims::{Claim, ClaimState, Demand};
use crate::model::outcome::Rejection;
use crate::profile::Varying;
use crate::queueing::Discipline;
use crate::time::{Clock, Instant};

impl Station {
    /// Schedules the next change of the capacity.
    fn watch_capacity(&mut self, scheduler: &mut Scheduler) {
        self.next_change = self.capacity.next_change(scheduler.now());
        if let Some(change) = self.next_change {
            scheduler.at(change, Token::capacity(self.first.station()));
        }
    }

    /// A change of capacity is due, unless it is one of a profile that was replaced.
    pub(crate) fn capacity_changes(&mut self, scheduler: &mut Scheduler) {
        if self.next_change == Some(scheduler.now()) {
            self.follow_capacity(scheduler);
        }
    }

    /// The model replaces the capacity, from now on.
    pub(crate) fn set_capacity(&mut self, capacity: Varying<usize>, scheduler: &mut Scheduler) {
        self.is_steered = true;
        self.replace_capacity(capacity, scheduler);
    }

    fn replace_capacity(&mut self, capacity: Varying<usize>, scheduler: &mut Scheduler) {
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
        self.queue.take_over(former, |place| claims.row(place.slot()).since);
        self.replace_capacity(capacity, scheduler);
    }

    /// The capacity is that of its profile from now on: raised capacity starts queued work at
    /// this instant, lowered capacity drains, and who can never be granted any more is refused.
    pub(crate) fn follow_capacity(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        self.capacity_now = self.capacity.at(now) as u64;
        self.stats.levels.set_capacity(now, self.capacity_now as f64);
        self.extend_whole(now);
        let largest = self.capacity.largest_from(now) as u64;
        let has_fallen = largest < self.largest_capacity;
        self.largest_capacity = largest;
        if has_fallen && self.waiting > 0 {
            self.refuse_too_heavy(scheduler);
        }
        self.serve(scheduler);
        self.watch_capacity(scheduler);
    }

    /// Who holds all there is, having asked for it, holds what the capacity has grown by, too.
    fn extend_whole(&mut self, now: Instant) {
        for claim in self.claims.iter_mut().filter(|claim| claim.holds_whole()) {
            let more = self.capacity_now.saturating_sub(claim.amount);
            claim.amount += more;
            self.in_use += more;
            if self.timed {
                self.stats.levels.extend(now, more);
            }
        }
    }

    /// Refuses those who wait for more than there will ever be, in the order of the queue.
    #[cold]
    fn refuse_too_heavy(&mut self, scheduler: &mut Scheduler) {
        let mut refused = Vec::new();
        if let Some(elected) = self.elected
            && self.is_too_heavy(elected)
        {
            refused.push(elected);
            self.elected = None;
        }
        let mut queue = core::mem::take(&mut self.queue);
        queue.retain(|entry| {
            let stays = !self.is_too_heavy(*entry);
            if !stays {
                refused.push(*entry);
            }
            stays
        });
        self.queue = queue;
        for place in refused {
            self.leaves_queue(scheduler.now());
            self.refuse(place, Rejection::TooHeavy, scheduler);
        }
    }

    /// Whether a claim waits that can never be granted.
    fn is_too_heavy(&mut self, place: Row) -> bool {
        self.claims.waiting(place).map(|claim| claim.amount).is_some_and(|it| !self.fits_at_all(it))
    }

    /// Whether somebody other than background work waits, and a later change of the capacity lets
    /// in who is next.
    pub(crate) fn awaits_capacity(&self, now: Instant) -> bool {
        let waits =
            |claim: &Claim| claim.state == ClaimState::Waiting && !claim.waiter.is_background();
        self.moves_on(now) && self.claims.iter().any(waits)
    }

    /// Whether a later change of the capacity lets in who is next, whoever that is, with what is
    /// held now.
    pub(crate) fn moves_on(&self, now: Instant) -> bool {
        self.waiting > 0
            && self.capacity.next_change(now).is_some()
            && !self.is_held_whole()
            && self.next_in_turn().is_some_and(|next| match next.amount {
                // The others have to go first, however large the capacity is.
                Demand::WHOLE => self.in_use == 0,
                amount => amount <= self.largest_capacity.saturating_sub(self.in_use),
            })
    }

    /// Whether a claim waits, and nothing but what others give back can end that.
    pub(crate) fn waits_for_release(&self, key: ClaimKey) -> bool {
        let is_left_to_others =
            |claim: &Claim| claim.state == ClaimState::Waiting && claim.ends_at(Instant::MAX);
        self.claims.get(key.place()).is_some_and(is_left_to_others)
            && self.next_change.is_none()
            && !self.is_steered
            && !matches!(self.queue, Discipline::CoDel(_))
    }

    /// Who is next, of those who still wait.
    fn next_in_turn(&self) -> Option<&Claim> {
        let waiting =
            |place: Row| self.claims.get(place).filter(|claim| claim.state == ClaimState::Waiting);
        let elected = self.elected.and_then(waiting);
        elected.or_else(|| self.queue.first(|place| waiting(place).is_some()).and_then(waiting))
    }
}
