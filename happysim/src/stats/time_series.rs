//! A quantity over the course of a run, in a fixed number of buckets.

use crate::time::{Duration, Instant};

/// What was recorded within one bucket of a [`TimeSeries`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Bucket {
    /// How many values.
    pub count: u64,
    /// Their sum; 0 without values.
    pub sum: f64,
    /// The largest; `None` without values.
    pub max: Option<f64>,
}

impl Bucket {
    const EMPTY: Self = Self { count: 0, sum: 0.0, max: None };

    /// The mean of the values; `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    #[inline]
    fn record(&mut self, value: f64) {
        self.count += 1;
        self.sum += value;
        self.max = Some(self.max.map_or(value, |max| max.max(value)));
    }

    fn merge(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            max: match (self.max, other.max) {
                (Some(one), Some(two)) => Some(one.max(two)),
                (one, two) => one.or(two),
            },
        }
    }
}

/// Values over simulated time: count, sum and maximum per bucket of time.
///
/// The number of buckets is fixed. When time runs past the last of them, neighbours are merged
/// and the width doubles, as often as it takes: memory stays constant, and at least half of the
/// buckets are in use once time has run past them for the first time.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TimeSeries {
    start: Instant,
    width: Duration,
    /// How many buckets there may be.
    limit: usize,
    /// Those up to the last value.
    buckets: Vec<Bucket>,
}

impl TimeSeries {
    /// A series from `start` on with at most `limit` buckets, each `width` long at first. The
    /// buckets are allocated at the first value.
    ///
    /// # Panics
    /// When `width` is zero, or `limit` is odd or zero: buckets are merged in pairs.
    #[track_caller]
    pub fn new(start: Instant, width: Duration, limit: usize) -> Self {
        assert!(!width.is_zero(), "the buckets of a time series must have a width");
        assert!(limit > 0 && limit.is_multiple_of(2), "{limit} buckets cannot be merged in pairs");
        Self { start, width, limit, buckets: Vec::new() }
    }

    /// Adds a value at `now`; one from before the start counts as at the start.
    #[inline]
    pub fn record(&mut self, now: Instant, value: f64) {
        let passed = now.saturating_since(self.start).as_nanos();
        let mut index = passed / self.width.as_nanos();
        if index >= self.buckets.len() as u64 {
            self.extend_to(passed);
            index = passed / self.width.as_nanos();
        }
        self.buckets[index as usize].record(value);
    }

    /// Makes the bucket for the nanosecond `passed` since the start.
    #[cold]
    fn extend_to(&mut self, passed: u64) {
        self.buckets.reserve_exact(self.limit - self.buckets.len());
        while passed / self.width.as_nanos() >= self.limit as u64 {
            self.double();
        }
        let index = (passed / self.width.as_nanos()) as usize;
        if index >= self.buckets.len() {
            self.buckets.resize(index + 1, Bucket::EMPTY);
        }
    }

    fn double(&mut self) {
        let half = self.buckets.len().div_ceil(2);
        for index in 0..half {
            let second = self.buckets.get(2 * index + 1).copied().unwrap_or(Bucket::EMPTY);
            self.buckets[index] = self.buckets[2 * index].merge(second);
        }
        self.buckets.truncate(half);
        self.width = self.width * 2;
    }

    /// Where the first bucket starts.
    pub fn start(&self) -> Instant {
        self.start
    }

    /// How long each bucket is now.
    pub fn width(&self) -> Duration {
        self.width
    }

    /// The buckets up to the one with the last value, each with the instant at which it starts.
    pub fn buckets(&self) -> impl Iterator<Item = (Instant, &Bucket)> {
        let starts = (0..).map(|index: u64| {
            self.start.saturating_add(Duration::from_nanos(index * self.width.as_nanos()))
        });
        starts.zip(&self.buckets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{millis, nanos, seconds};

    fn counts(series: &TimeSeries) -> Vec<u64> {
        series.buckets().map(|(_, bucket)| bucket.count).collect()
    }

    #[test]
    fn the_width_doubles_when_time_runs_past_the_last_bucket() {
        let mut series = TimeSeries::new(Instant::ZERO, seconds(1), 4);
        for tenths in 0..40_u32 {
            series.record(Instant::from_secs_f64(f64::from(tenths) / 10.0), f64::from(tenths));
        }
        assert_eq!(counts(&series), [10, 10, 10, 10]);
        series.record(Instant::from_secs_f64(4.0), 7.0);
        assert_eq!((counts(&series), series.width()), (vec![20, 20, 1], seconds(2)));
        series.record(Instant::from_secs_f64(63.9), 1.0);
        assert_eq!((counts(&series), series.width()), (vec![41, 0, 0, 1], seconds(16)));
        let (start, first) = series.buckets().next().unwrap();
        assert_eq!((start, first.max), (Instant::ZERO, Some(39.0)));
        assert!((first.mean().unwrap() - (780.0 + 7.0) / 41.0).abs() < 1e-12);
        assert_eq!(series.buckets().nth(1).unwrap().1.mean(), None);
    }

    #[test]
    fn nothing_is_lost_and_memory_is_constant() {
        let mut series = TimeSeries::new(Instant::ZERO, nanos(3), 64);
        let mut time = 1_u64;
        let mut values = 0;
        while time < u64::MAX / 3 {
            series.record(Instant::from_nanos(time), 1.0);
            time += time / 7 + 1;
            values += 1;
        }
        series.record(Instant::MAX, 1.0);
        assert_eq!(counts(&series).iter().sum::<u64>(), values + 1);
        assert_eq!(series.buckets.capacity(), 64);
    }

    #[test]
    fn negative_values_have_a_maximum_too() {
        let mut series = TimeSeries::new(Instant::ZERO, millis(1), 2);
        series.record(Instant::ZERO, -4.0);
        series.record(Instant::ZERO, -2.0);
        assert_eq!(series.buckets().next().unwrap().1.max, Some(-2.0));
    }
}
