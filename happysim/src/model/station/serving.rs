//! Who is granted next, and who is dropped.

use super::Station;
use crate::engine::keys::Row;
use crate::engine::scheduler::Scheduler;
use crate::engine::wake::Wake;
use crate::model::claims::{Claim, ClaimState, Demand, units};
use crate::model::outcome::{Failure, Rejection};
use crate::queueing::Discipline;
use crate::time::{Clock, Instant};

impl Station {
    /// As [`serve`](Self::serve), where something is free, and somebody waits: most of the time there is
    /// one who waits under `fifo()` and takes all that is free.
    // It calls nothing but at its end, and so has no registers to save.
    #[inline(never)]
    pub(super) fn serve_one(&mut self, scheduler: &mut Scheduler) {
        let (Discipline::Fifo(queue), None) = (&mut self.queue, self.elected) else {
            return self.serve(scheduler);
        };
        let Some(first) = queue.peek() else { return };
        let Some(claim) = self.claims.waiting(first) else { return self.serve(scheduler) };
        let (units, free) = (claim.amount, self.capacity_now - self.in_use);
        if units > free {
            if units == Demand::WHOLE {
                self.serve(scheduler);
            }
            return;
        }
        if units < free && self.waiting > 1 {
            return self.serve(scheduler);
        }
        if !self.timed {
            queue.discard_first();
            let (waiter, _) = Self::grant(claim, units);
            self.count_granted(units);
            scheduler.soon(waiter);
        } else if scheduler.is_quiet() {
            queue.discard_first();
            let (waiter, since) = Self::grant(claim, units);
            self.count_granted(units);
            scheduler.soon(waiter);
            self.time_grant(units, since, scheduler.now());
        } else {
            self.serve(scheduler);
        }
    }

    /// Grants what can be granted; the head of the queue blocks those behind it.
    #[inline(never)]
    pub(crate) fn serve(&mut self, scheduler: &mut Scheduler) {
        // Whether anybody waits is the harder question for a processor: it comes last.
        while self.in_use < self.capacity_now && self.waiting > 0 {
            if !self.serve_next(scheduler) {
                return;
            }
        }
    }

    /// Grants the claim that is next, or forgets that it was; false where neither can be.
    #[inline(always)]
    fn serve_next(&mut self, scheduler: &mut Scheduler) -> bool {
        let (Discipline::Fifo(queue), None) = (&mut self.queue, self.elected) else {
            return self.serve_with_care(scheduler);
        };
        let Some(first) = queue.peek() else { return false };
        let Some(claim) = self.claims.waiting(first) else {
            // Its owner has left.
            queue.discard_first();
            return true;
        };
        let units = units(claim.amount, self.capacity_now);
        if self.in_use + units > self.capacity_now {
            return false;
        }
        queue.discard_first();
        let (waiter, since) = Self::grant(claim, units);
        scheduler.soon(waiter);
        self.note_granted(units, since, scheduler);
        true
    }

    /// Whoever waits with this claim has its units: who that is, and since when it waited.
    #[inline]
    fn grant(claim: &mut Claim, units: u64) -> (Wake, Instant) {
        claim.amount = units;
        claim.state = ClaimState::Granted;
        claim.set_deadline(Instant::MAX);
        (claim.waiter, claim.since)
    }

    /// `units` are in use by one who has waited for them `since`.
    #[inline]
    fn note_granted(&mut self, units: u64, since: Instant, scheduler: &Scheduler) {
        self.count_granted(units);
        if self.timed {
            self.time_grant(units, since, scheduler.now());
        }
    }

    #[inline]
    fn count_granted(&mut self, units: u64) {
        self.in_use += units;
        self.waiting -= 1;
        self.stats.granted += 1;
    }

    #[inline(never)]
    fn time_grant(&mut self, units: u64, since: Instant, now: Instant) {
        self.stats.levels.stop_waiting(now);
        self.stats.levels.acquire(now, units, now.since(since));
    }

    /// As [`serve_next`](Self::serve_next), for all disciplines: somebody may be out of the queue
    /// already, and the discipline may drop requests.
    #[inline(never)]
    fn serve_with_care(&mut self, scheduler: &mut Scheduler) -> bool {
        let Some(next) = self.elect(scheduler) else { return false };
        let Some(claim) = self.claims.waiting(next) else { return false };
        let units = units(claim.amount, self.capacity_now);
        let (waiter, since) = Self::grant(claim, units);
        scheduler.soon(waiter);
        self.note_granted(units, since, scheduler);
        true
    }

    /// Who is granted next, taken out of the queue; `None` where nobody can be.
    fn elect(&mut self, scheduler: &mut Scheduler) -> Option<Row> {
        if let Some(elected) = self.elected {
            match self.can_be_granted(elected) {
                Some(false) => return None,
                Some(true) => {
                    self.elected = None;
                    return Some(elected);
                }
                None => self.elected = None,
            }
        }
        loop {
            let first = self.queue.peek()?;
            match self.can_be_granted(first) {
                None => self.queue.discard_first(),
                Some(false) => return None,
                Some(true) => {
                    let next = self.queue.pop(scheduler.now(), &mut self.drops);
                    self.tell_dropped(scheduler);
                    let Some(next) = next else { continue };
                    match self.can_be_granted(next) {
                        None => {}
                        Some(true) => return Some(next),
                        Some(false) => {
                            self.elected = Some(next);
                            return None;
                        }
                    }
                }
            }
        }
    }

    /// Whether what is free is enough for this claim; `None` where it waits no longer.
    #[inline]
    fn can_be_granted(&mut self, place: Row) -> Option<bool> {
        let amount = self.claims.waiting(place)?.amount;
        Some(self.has_free(amount))
    }

    /// Tells those whom the discipline dropped.
    fn tell_dropped(&mut self, scheduler: &mut Scheduler) {
        for index in 0..self.drops.len() {
            let (entry, rejection) = self.drops[index];
            if self.claims.waiting(entry).is_some() {
                self.leaves_queue(scheduler.now());
                self.refuse(entry, rejection, scheduler);
            }
        }
        self.drops.clear();
    }

    pub(super) fn refuse(&mut self, place: Row, rejection: Rejection, scheduler: &mut Scheduler) {
        self.stats.refused[Failure::Rejected(rejection).index()] += 1;
        if let Some(claim) = self.claims.get_mut(place) {
            claim.state = ClaimState::Refused(rejection.into());
            scheduler.soon(claim.waiter.refused());
        }
    }
}
