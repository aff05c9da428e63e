//! What is measured at a resource: permits in use, requests waiting, time waited.

use super::{LatencyHistogram, Occupancy, TimeWeighted};
use crate::time::{Duration, Instant};

/// The statistics of a resource with a capacity that may change: workers, permits, a line.
#[derive(Clone, Debug, Default)]
pub struct ResourceStatistics {
    capacity: TimeWeighted,
    in_use: Occupancy,
    waiting: Occupancy,
    waits: LatencyHistogram,
}

impl ResourceStatistics {
    /// An idle resource, observed from `now` on. An unlimited capacity is `f64::INFINITY`.
    pub fn new(now: Instant, capacity: f64) -> Self {
        Self {
            capacity: TimeWeighted::new(now, capacity),
            in_use: Occupancy::new(now, 0),
            waiting: Occupancy::new(now, 0),
            waits: LatencyHistogram::new(),
        }
    }

    /// The capacity is `capacity` from `now` on.
    pub fn set_capacity(&mut self, now: Instant, capacity: f64) {
        self.capacity.set(now, capacity);
    }

    /// Somebody starts to wait.
    #[inline]
    pub fn wait(&mut self, now: Instant) {
        self.waiting.add(now, 1);
    }

    /// Somebody who waits is served, or has given up: [`acquire`](Self::acquire) says which.
    #[inline]
    pub fn stop_waiting(&mut self, now: Instant) {
        self.waiting.remove(now, 1);
    }

    /// `amount` is taken into use by somebody who has waited `waited`, which may be zero.
    #[inline]
    pub fn acquire(&mut self, now: Instant, amount: u64, waited: Duration) {
        self.in_use.add(now, amount);
        self.waits.record(waited);
    }

    /// Who holds some has `amount` more.
    pub fn extend(&mut self, now: Instant, amount: u64) {
        self.in_use.add(now, amount);
    }

    /// `amount` is given back.
    #[inline]
    pub fn release(&mut self, now: Instant, amount: u64) {
        self.in_use.remove(now, amount);
    }

    /// Forgets what was before `now`; capacity, use and queue stay as they are. For the end of
    /// a warm-up.
    pub fn reset(&mut self, now: Instant) {
        self.capacity.reset(now);
        self.in_use.reset(now);
        self.waiting.reset(now);
        self.waits.reset();
    }

    /// The fraction of the capacity that was in use up to `now`: use integrated over time,
    /// divided by capacity integrated over time. Above 1 only where a capacity was lowered
    /// below its use. `None` for an unlimited capacity, and where there never was any.
    pub fn utilisation(&self, now: Instant) -> Option<f64> {
        let capacity = self.capacity.mean(now);
        (capacity.is_finite() && capacity > 0.0).then(|| self.in_use.mean(now) / capacity)
    }

    /// The capacity over time.
    pub fn capacity(&self) -> &TimeWeighted {
        &self.capacity
    }

    /// What was in use over time.
    pub fn in_use(&self) -> &Occupancy {
        &self.in_use
    }

    /// How many waited over time.
    pub fn waiting(&self) -> &Occupancy {
        &self.waiting
    }

    /// How long those who were served had waited, zeros included.
    pub fn waits(&self) -> &LatencyHistogram {
        &self.waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{millis, seconds};

    fn at(time: u64) -> Instant {
        Instant::ZERO + seconds(time)
    }

    #[test]
    fn utilisation_is_use_over_capacity_also_when_the_capacity_changes() {
        let mut workers = ResourceStatistics::new(at(0), 2.0);
        workers.acquire(at(0), 2, Duration::ZERO);
        workers.wait(at(1));
        workers.set_capacity(at(4), 6.0);
        workers.stop_waiting(at(4));
        workers.acquire(at(4), 1, seconds(3));
        workers.release(at(6), 3);
        // In use: 2 for 4 s, 3 for 2 s, 0 for 2 s = 14; capacity: 2 for 4 s, 6 for 4 s = 32.
        assert_eq!(workers.utilisation(at(8)), Some(14.0 / 32.0));
        assert_eq!(workers.waiting().mean(at(8)), 3.0 / 8.0);
        assert_eq!(workers.waits().mean(), Some(millis(1_500)));
        workers.reset(at(8));
        assert_eq!(workers.utilisation(at(9)), Some(0.0));
        assert_eq!(workers.capacity().level(), 6.0);
        assert!(workers.waits().is_empty());
    }

    #[test]
    fn an_unlimited_or_absent_capacity_has_no_utilisation() {
        let mut unlimited = ResourceStatistics::new(at(0), f64::INFINITY);
        unlimited.acquire(at(0), 3, Duration::ZERO);
        unlimited.set_capacity(at(3), f64::INFINITY);
        assert_eq!(unlimited.utilisation(at(5)), None);
        assert_eq!(unlimited.in_use().mean(at(5)), 3.0);
        assert_eq!(ResourceStatistics::new(at(0), 0.0).utilisation(at(5)), None);
    }
}
