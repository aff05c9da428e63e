//! Latencies in a high dynamic range histogram.

use hdrhistogram::Histogram;

use super::percentile::rank;
use crate::time::Duration;

/// A histogram of durations with three significant digits over the whole range of time.
///
/// Percentiles are off by less than 0.1 %; count, mean, minimum and maximum are exact. Layout
/// and method: Gil Tene's `HdrHistogram`, with a lowest value of 1 ns and 2,048 sub-buckets.
///
/// An unused histogram owns no memory. The first duration takes 8 KiB, and each doubling of
/// the longest duration seen, beyond 2 us, another 4 KiB: 65 KiB for up to 33 ms, 220 KiB at
/// the very most. So recording allocates only when a duration breaks the record by a power of
/// two. A bucket counts up to 2^32 - 1 and stays there; small counters keep the buckets in use
/// within the processor's caches.
///
/// Durations of zero, which most waits are, have a counter of their own.
#[derive(Clone, Debug, Default)]
pub struct LatencyHistogram {
    buckets: Option<Histogram<u32>>,
    zeros: u64,
    sum: u128,
    min: Duration,
    max: Duration,
}

impl LatencyHistogram {
    /// An empty histogram.
    pub const fn new() -> Self {
        Self { buckets: None, zeros: 0, sum: 0, min: Duration::ZERO, max: Duration::ZERO }
    }

    /// Counts one duration.
    #[inline]
    pub fn record(&mut self, duration: Duration) {
        if duration.is_zero() {
            self.zeros += 1;
            return;
        }
        let Some(buckets) = &mut self.buckets else { return self.record_first(duration) };
        // Records are rarely broken: nothing is stored where they are not.
        if duration < self.min {
            self.min = duration;
        }
        if duration > self.max {
            self.max = duration;
        }
        self.sum += u128::from(duration.as_nanos());
        let Ok(()) = buckets.record(duration.as_nanos()) else {
            unreachable!("a histogram that grows by itself takes every value");
        };
    }

    /// The first duration above zero.
    #[cold]
    #[inline(never)]
    fn record_first(&mut self, duration: Duration) {
        self.buckets = Some(new_buckets());
        self.min = duration;
        self.record(duration);
    }

    /// Counts everything that `other` has counted.
    pub fn merge(&mut self, other: &Self) {
        self.zeros += other.zeros;
        let Some(theirs) = &other.buckets else { return };
        let Some(buckets) = &mut self.buckets else {
            *self = Self { zeros: self.zeros, ..other.clone() };
            return;
        };
        let Ok(()) = buckets.add(theirs) else {
            unreachable!("both histograms have one layout and grow by themselves");
        };
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Forgets everything, and gives the memory back.
    pub fn reset(&mut self) {
        *self = Self::new();
    }

    /// How many durations were counted.
    pub fn count(&self) -> u64 {
        self.zeros + self.buckets.as_ref().map_or(0, Histogram::len)
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The exact sum of all durations, in seconds.
    pub fn sum_secs_f64(&self) -> f64 {
        self.sum as f64 / 1e9
    }

    /// The exact mean, rounded to the nearest nanosecond; `None` when empty.
    pub fn mean(&self) -> Option<Duration> {
        let count = u128::from(self.count());
        (count > 0).then(|| Duration::from_nanos(((self.sum + count / 2) / count) as u64))
    }

    /// The shortest duration, exact; `None` when empty.
    pub fn min(&self) -> Option<Duration> {
        let min = if self.zeros > 0 { Duration::ZERO } else { self.min };
        (!self.is_empty()).then_some(min)
    }

    /// The longest duration, exact; `None` when empty.
    pub fn max(&self) -> Option<Duration> {
        (!self.is_empty()).then_some(self.max)
    }

    /// The `p`-th percentile by nearest rank: at least `p` % of all durations were no longer.
    /// It is the upper end of its bucket, less than 0.1 % above the true value; percentile 100 is
    /// the exact maximum. `None` when empty.
    ///
    /// # Panics
    /// When `p` is outside 0..=100.
    #[track_caller]
    pub fn percentile(&self, p: f64) -> Option<Duration> {
        if self.is_empty() {
            return None;
        }
        let (rank, count) = (rank(p, self.count()), self.count());
        let Some(buckets) = self.buckets.as_ref().filter(|_| rank > self.zeros) else {
            return Some(Duration::ZERO);
        };
        let mut passed = self.zeros;
        let found = buckets.iter_recorded().find_map(|bucket| {
            passed += bucket.count_since_last_iteration();
            (passed >= rank).then(|| Duration::from_nanos(bucket.value_iterated_to()))
        });
        // The largest of all is known exactly.
        let value = found.filter(|_| rank < count).unwrap_or(self.max);
        Some(value.clamp(self.min, self.max))
    }
}

#[cold]
fn new_buckets() -> Histogram<u32> {
    Histogram::new(3).expect("three digits is within the range of the histogram")
}

#[cfg(test)]
mod tests {
    use super::super::percentile::nearest_rank;
    use super::*;
    use crate::time::{micros, millis, nanos, seconds};

    // Sizes and ends of buckets as published for HdrHistogram: sizeOfEquivalentValueRange(2500)
    // = 2, (8191) = 4, (8192) = 8, lowestEquivalentValue(10007) = 10000, (10009) = 10008.
    #[test]
    fn the_layout_is_that_of_hdr_histogram() {
        let mut histogram = LatencyHistogram::new();
        histogram.record(seconds(1));
        let buckets = histogram.buckets.unwrap();
        for (value, lowest, width) in [
            (1, 1, 1),
            (1000, 1000, 1),
            (2047, 2047, 1),
            (2048, 2048, 2),
            (2500, 2500, 2),
            (8191, 8188, 4),
            (8192, 8192, 8),
            (10_007, 10_000, 8),
            (10_009, 10_008, 8),
            (1_000_000, 999_936, 512),
        ] {
            let found = (buckets.lowest_equivalent(value), buckets.equivalent_range(value));
            assert_eq!(found, (lowest, width), "{value}");
        }
    }

    #[test]
    fn percentiles_are_within_a_thousandth() {
        let mut random = crate::engine::random::Random::new(1, "latency", "test");
        let mut histogram = LatencyHistogram::new();
        let mut sample = Vec::new();
        for _ in 0..20_000 {
            // Over eleven powers of ten.
            let duration = Duration::from_secs_f64(1e-9 * libm::pow(10.0, 11.0 * random.uniform()));
            histogram.record(duration);
            sample.push(duration);
        }
        sample.sort();
        for p in [0.0, 0.1, 1.0, 10.0, 25.0, 50.0, 75.0, 90.0, 99.0, 99.9, 99.99, 100.0] {
            let exact = nearest_rank(&sample, p).as_secs_f64();
            let found = histogram.percentile(p).unwrap().as_secs_f64();
            assert!((found - exact).abs() <= exact * 1e-3, "p{p}: {found} instead of {exact}");
        }
        let sum: Duration = sample.iter().copied().sum();
        assert_eq!(histogram.mean().unwrap().as_nanos(), (sum.as_nanos() + 10_000) / 20_000);
        assert_eq!((histogram.min(), histogram.max()), (Some(sample[0]), Some(sample[19_999])));
    }

    #[test]
    fn every_duration_can_be_recorded() {
        let mut histogram = LatencyHistogram::new();
        for duration in [Duration::MAX, Duration::ZERO, nanos(1), nanos(u64::MAX / 3)] {
            histogram.record(duration);
        }
        assert_eq!(histogram.count(), 4);
        assert_eq!(histogram.min(), Some(Duration::ZERO));
        assert_eq!(histogram.percentile(50.0), Some(nanos(1)));
        let p75 = histogram.percentile(75.0).unwrap().as_nanos() as f64;
        assert!((p75 / (u64::MAX / 3) as f64 - 1.0).abs() < 1e-3, "{p75}");
        assert_eq!(histogram.percentile(100.0), Some(Duration::MAX));
        assert_eq!(histogram.mean(), Some(nanos(u64::MAX / 3)));
    }

    #[test]
    fn percentiles_lie_between_the_shortest_and_the_longest() {
        let mut histogram = LatencyHistogram::new();
        histogram.record(nanos(1_000_001));
        histogram.record(nanos(1_000_001));
        assert_eq!(histogram.percentile(50.0), Some(nanos(1_000_001)));
    }

    #[test]
    fn a_merge_counts_both() {
        let (mut left, mut right) = (LatencyHistogram::new(), LatencyHistogram::new());
        for n in 1..=50 {
            left.record(millis(n));
        }
        for n in 51..=100 {
            right.record(millis(n));
        }
        let mut both = LatencyHistogram::new();
        for part in [&left, &LatencyHistogram::new(), &right] {
            both.merge(part);
        }
        assert_eq!((both.count(), both.min(), both.max()), (100, Some(millis(1)), right.max()));
        assert_eq!(both.mean(), Some(micros(50_500)));
        let p90 = both.percentile(90.0).unwrap();
        assert!((millis(90)..micros(90_090)).contains(&p90), "{p90}");
    }

    #[test]
    fn an_empty_or_reset_histogram_has_no_values_and_no_memory() {
        let mut histogram = LatencyHistogram::new();
        histogram.record(millis(3));
        histogram.reset();
        assert!(histogram.is_empty() && histogram.buckets.is_none());
        assert_eq!(histogram.mean().or(histogram.percentile(50.0)).or(histogram.max()), None);
        histogram.record(millis(7));
        assert_eq!(histogram.min(), Some(millis(7)));
    }

    #[test]
    fn memory_does_not_grow_with_the_number_of_durations() {
        let mut histogram = LatencyHistogram::new();
        histogram.record(millis(33));
        let before = histogram.buckets.as_ref().unwrap().distinct_values();
        for n in 0..100_000 {
            histogram.record(nanos(n * 331));
        }
        assert_eq!(histogram.buckets.unwrap().distinct_values(), before);
        assert!(before * size_of::<u32>() <= 70_000, "{before}");
    }
}
