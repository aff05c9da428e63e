//! What is counted and timed for each handler of each node.

use super::{LatencyHistogram, Occupancy, OutcomeCounts};
use crate::time::Instant;

/// The statistics of one handler: requests by outcome, how long they took, how many at a time.
#[derive(Clone, Debug)]
pub struct HandlerStatistics {
    /// Whether times and levels are recorded; outcomes are always counted.
    timed: bool,
    outcomes: OutcomeCounts,
    ok_latency: LatencyHistogram,
    failed_latency: LatencyHistogram,
    in_flight: Occupancy,
}

impl Default for HandlerStatistics {
    fn default() -> Self {
        Self {
            timed: true,
            outcomes: OutcomeCounts::default(),
            ok_latency: LatencyHistogram::default(),
            failed_latency: LatencyHistogram::default(),
            in_flight: Occupancy::default(),
        }
    }
}

impl HandlerStatistics {
    /// Nothing seen yet, at the start of the simulation.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether times and levels are recorded, or outcomes only.
    pub fn set_timed(&mut self, timed: bool) {
        self.timed = timed;
    }

    /// A request came in.
    #[inline]
    pub fn arrive(&mut self, now: Instant) {
        self.outcomes.arrive();
        if self.timed {
            self.in_flight.add(now, 1);
        }
    }

    /// A request that came in at `since` was answered.
    #[inline(always)]
    pub fn succeed(&mut self, now: Instant, since: Instant) {
        self.outcomes.succeed();
        if self.timed {
            self.time_success(now, since);
        }
    }

    #[inline(never)]
    fn time_success(&mut self, now: Instant, since: Instant) {
        self.ok_latency.record(now.saturating_since(since));
        self.in_flight.remove(now, 1);
    }

    /// A request that came in at `since` failed, for the reason with this index.
    ///
    /// # Panics
    /// When `reason` is not below [`REASONS`](super::REASONS).
    #[inline(never)]
    #[track_caller]
    pub fn fail(&mut self, now: Instant, since: Instant, reason: usize) {
        self.outcomes.fail(reason);
        if self.timed {
            self.failed_latency.record(now.saturating_since(since));
            self.in_flight.remove(now, 1);
        }
    }

    /// Forgets what was before `now`, except what is in flight: the end of a warm-up.
    pub fn reset(&mut self, now: Instant) {
        self.outcomes.reset();
        self.ok_latency.reset();
        self.failed_latency.reset();
        self.in_flight.reset(now);
    }

    /// Requests by outcome.
    pub fn outcomes(&self) -> &OutcomeCounts {
        &self.outcomes
    }

    /// How long the answered requests took.
    pub fn ok_latency(&self) -> &LatencyHistogram {
        &self.ok_latency
    }

    /// How long the failed requests took to fail.
    pub fn failed_latency(&self) -> &LatencyHistogram {
        &self.failed_latency
    }

    /// Requests in flight over time.
    pub fn in_flight(&self) -> &Occupancy {
        &self.in_flight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::seconds;

    fn at(time: u64) -> Instant {
        Instant::ZERO + seconds(time)
    }

    // Little's law on the sample path: 2 + 3 + 1 seconds of presence.
    #[test]
    fn the_time_in_flight_is_the_sum_of_all_latencies() {
        let mut handler = HandlerStatistics::new();
        handler.arrive(at(1));
        handler.arrive(at(2));
        handler.succeed(at(3), at(1));
        handler.arrive(at(4));
        handler.fail(at(5), at(2), 2);
        handler.succeed(at(5), at(4));
        let latencies =
            handler.ok_latency().sum_secs_f64() + handler.failed_latency().sum_secs_f64();
        assert_eq!(handler.in_flight().integral(at(10)), latencies);
        assert_eq!(handler.in_flight().max(), 2);
        assert!(handler.outcomes().is_conserved());
        assert_eq!(handler.outcomes().failed_by_reason()[2], 1);
    }

    #[test]
    fn after_a_reset_only_what_is_in_flight_is_left() {
        let mut handler = HandlerStatistics::new();
        handler.arrive(at(1));
        handler.arrive(at(1));
        handler.succeed(at(2), at(1));
        handler.reset(at(4));
        assert!(handler.ok_latency().is_empty());
        assert_eq!(handler.in_flight().mean(at(8)), 1.0);
        assert_eq!((handler.outcomes().carried(), handler.outcomes().in_flight()), (1, 1));
    }
}
