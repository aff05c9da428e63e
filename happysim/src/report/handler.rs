//! What a handler of a node showed: requests by outcome, and how long they took.

use crate::stats::{HandlerStatistics, LatencyHistogram, OutcomeCounts};
use crate::time::{Duration, Instant};

/// What one handler showed: of one node, or in total over its replicas.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HandlerReport {
    /// The handler's name.
    pub name: String,
    /// Requests already in flight at the end of the warm-up; 0 without one.
    pub carried: u64,
    /// Requests that came in.
    pub arrived: u64,
    /// Requests that were answered.
    pub ok: u64,
    /// Requests that failed, for whatever reason.
    pub failed: u64,
    /// Requests that failed, by reason; reasons that did not occur are left out.
    pub failures: Vec<ReasonCount>,
    /// Requests without an outcome at the end of the run.
    pub in_flight: u64,
    /// How many were in flight on average over time; over replicas, the sum. 0 where a node counts
    /// outcomes only.
    pub in_flight_mean: f64,
    /// The most in flight at a time; over replicas, the most at any one of them. 0 where a node counts
    /// outcomes only.
    pub in_flight_max: f64,
    /// Answered requests per second.
    pub throughput: f64,
    /// How long answered requests took; `None` where none was answered, or none timed.
    pub latency: Option<LatencyReport>,
    /// How long failed requests took to fail; `None` where none failed.
    pub failed_latency: Option<LatencyReport>,
}

/// How often something failed for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReasonCount {
    /// The reason in words: `timed out`.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// Latencies in short. Percentiles are by nearest rank and less than 0.1 % too high; all else
/// is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LatencyReport {
    /// How many requests.
    pub count: u64,
    /// Their mean latency.
    pub mean: Duration,
    /// The shortest.
    pub min: Duration,
    /// The median.
    pub p50: Duration,
    /// Nine of ten were no longer.
    pub p90: Duration,
    /// 99 of 100 were no longer.
    pub p99: Duration,
    /// 999 of 1,000 were no longer.
    pub p999: Duration,
    /// The longest.
    pub max: Duration,
}

impl HandlerReport {
    /// What a handler's statistics say at `now`, the end of the run: those of one node, or of
    /// all replicas for their total. `reasons` names the reasons of failure by index.
    pub fn new<'a>(
        name: &str,
        replicas: impl IntoIterator<Item = &'a HandlerStatistics>,
        now: Instant,
        reasons: &[&str],
    ) -> Self {
        let mut outcomes = OutcomeCounts::new();
        let (mut ok, mut failed) = (LatencyHistogram::new(), LatencyHistogram::new());
        let (mut in_flight_mean, mut in_flight_max) = (0.0, 0.0_f64);
        let mut window = Duration::ZERO;
        for replica in replicas {
            outcomes.merge(replica.outcomes());
            ok.merge(replica.ok_latency());
            failed.merge(replica.failed_latency());
            in_flight_mean += replica.in_flight().mean(now);
            in_flight_max = in_flight_max.max(replica.in_flight().max() as f64);
            window = window.max(replica.in_flight().window(now));
        }
        let seconds = window.as_secs_f64();
        Self {
            name: name.to_owned(),
            carried: outcomes.carried(),
            arrived: outcomes.arrived(),
            ok: outcomes.ok(),
            failed: outcomes.failed(),
            failures: named(&outcomes, reasons),
            in_flight: outcomes.in_flight(),
            in_flight_mean,
            in_flight_max,
            throughput: if seconds > 0.0 { outcomes.ok() as f64 / seconds } else { 0.0 },
            latency: LatencyReport::new(&ok),
            failed_latency: LatencyReport::new(&failed),
        }
    }

    /// How many requests failed for `reason`, as named in [`failures`](Self::failures); 0 where
    /// it did not occur.
    pub fn failed_for(&self, reason: &str) -> u64 {
        let found = self.failures.iter().find(|failure| failure.reason == reason);
        found.map_or(0, |failure| failure.count)
    }

    /// The fraction of the requests with an outcome that were answered; `None` where there is
    /// none.
    pub fn success_rate(&self) -> Option<f64> {
        let outcomes = self.ok + self.failed;
        (outcomes > 0).then(|| self.ok as f64 / outcomes as f64)
    }

    /// Whether the books balance: carried + arrived = ok + failed + in flight, and the failures
    /// by reason add up.
    pub fn is_conserved(&self) -> bool {
        // A broken book can hold a number in flight near 2^64: see `OutcomeCounts`.
        let sum = |counts: &[u64]| counts.iter().map(|&count| u128::from(count)).sum::<u128>();
        let by_reason: Vec<u64> = self.failures.iter().map(|failure| failure.count).collect();
        sum(&[self.carried, self.arrived]) == sum(&[self.ok, self.failed, self.in_flight])
            && u128::from(self.failed) == sum(&by_reason)
    }
}

fn named(outcomes: &OutcomeCounts, reasons: &[&str]) -> Vec<ReasonCount> {
    let counts = outcomes.failed_by_reason().iter().enumerate().filter(|&(_, &count)| count > 0);
    counts
        .map(|(index, &count)| ReasonCount {
            reason: reasons.get(index).map_or_else(|| format!("reason {index}"), |&n| n.to_owned()),
            count,
        })
        .collect()
}

impl LatencyReport {
    /// A histogram in short; `None` for an empty one.
    pub fn new(histogram: &LatencyHistogram) -> Option<Self> {
        Some(Self {
            count: histogram.count(),
            mean: histogram.mean()?,
            min: histogram.min()?,
            p50: histogram.percentile(50.0)?,
            p90: histogram.percentile(90.0)?,
            p99: histogram.percentile(99.0)?,
            p999: histogram.percentile(99.9)?,
            max: histogram.max()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{micros, nanos, seconds};

    fn at(time: u64) -> Instant {
        Instant::ZERO + seconds(time)
    }

    #[test]
    fn a_total_is_over_all_requests_of_all_replicas() {
        let mut replicas = [HandlerStatistics::new(), HandlerStatistics::new()];
        for nano in 1..=1_000 {
            let replica = &mut replicas[usize::from(nano > 900)];
            replica.arrive(at(1));
            replica.succeed(at(1), Instant::from_nanos(1_000_000_000 - nano));
        }
        replicas[1].arrive(at(1));
        replicas[1].arrive(at(1));
        replicas[1].fail(at(6), at(1), 1);
        let total = HandlerReport::new("get", &replicas, at(10), &["crashed", "timed out"]);
        assert_eq!((total.arrived, total.ok, total.failed, total.in_flight), (1_002, 1_000, 1, 1));
        assert!(total.is_conserved());
        assert_eq!(
            (total.throughput, total.in_flight_mean, total.in_flight_max),
            (100.0, 1.4, 2.0)
        );
        assert_eq!((total.failed_for("timed out"), total.failed_for("crashed")), (1, 0));
        assert_eq!(total.success_rate(), Some(1_000.0 / 1_001.0));
        // Up to 2,047 ns the histogram is exact.
        let latency = total.latency.unwrap();
        assert_eq!((latency.p50, latency.p90, latency.p99), (nanos(500), nanos(900), nanos(990)));
        assert_eq!((latency.p999, latency.max, latency.min), (nanos(999), micros(1), nanos(1)));
        assert_eq!(total.failed_latency.unwrap().mean, seconds(5));
    }

    #[test]
    fn the_throughput_counts_from_the_end_of_the_warm_up() {
        let mut handler = HandlerStatistics::new();
        handler.arrive(at(0));
        handler.reset(at(6));
        handler.succeed(at(7), at(0));
        let report = HandlerReport::new("get", [&handler], at(10), &[]);
        assert_eq!((report.throughput, report.carried, report.arrived), (0.25, 1, 0));
        assert!(report.is_conserved());
    }

    #[test]
    fn a_handler_that_saw_nothing_has_no_latencies() {
        let report = HandlerReport::new("get", [&HandlerStatistics::new()], at(0), &[]);
        assert_eq!((report.latency, report.success_rate(), report.throughput), (None, None, 0.0));
    }

    #[test]
    fn an_answer_without_a_request_shows() {
        let mut handler = HandlerStatistics::new();
        handler.succeed(at(1), at(0));
        assert!(!HandlerReport::new("get", [&handler], at(1), &[]).is_conserved());
    }

    #[test]
    fn a_reason_without_a_name_is_still_told() {
        let mut handler = HandlerStatistics::new();
        handler.arrive(at(0));
        handler.fail(at(0), at(0), 7);
        let report = HandlerReport::new("get", [&handler], at(1), &["crashed"]);
        assert_eq!(report.failed_for("reason 7"), 1);
    }
}
