//! Confidence intervals from one long run, whose values depend on each other.

use super::{ConfidenceInterval, Summary};

/// The means of `batches` consecutive batches of equal size; values beyond the last whole batch
/// are left out. Empty when there are fewer values than batches.
///
/// Also the way to thin a series out before [`mser`](super::mser): batches of five values make
/// it MSER-5.
///
/// # Panics
/// When `batches` is 0.
#[track_caller]
pub fn batch_means(values: &[f64], batches: usize) -> Vec<f64> {
    assert!(batches > 0, "at least one batch is needed");
    let size = values.len() / batches;
    if size == 0 {
        return Vec::new();
    }
    let mean = |batch: &[f64]| batch.iter().sum::<f64>() / size as f64;
    values.chunks_exact(size).take(batches).map(mean).collect()
}

/// Batch means of an endless series, in constant memory.
///
/// Consecutive values of a simulation (waiting times, say) depend on each other, so that the
/// usual interval is far too narrow; the means of long batches hardly do. See Law and Kelton,
/// "Simulation Modeling and Analysis"; Schmeiser (1982) on 10 to 30 batches. The size of the
/// batches is not known beforehand: as in Yeh and Schmeiser, "Simulation output analysis via
/// dynamic batch means" (2000), it starts at one value and doubles whenever there are twice as
/// many batches as asked for.
#[derive(Clone, Debug)]
pub struct BatchMeans {
    /// Sums of the whole batches.
    sums: Vec<f64>,
    /// How many whole batches there may be: twice the number asked for.
    limit: usize,
    size: u64,
    /// The unfinished batch: its sum and how many values it has.
    sum: f64,
    count: u64,
}

impl BatchMeans {
    /// Between `batches` and twice as many batches, once that many values were seen. 20 is a
    /// good choice.
    ///
    /// # Panics
    /// When `batches` is below 2.
    #[track_caller]
    pub fn new(batches: usize) -> Self {
        assert!(batches >= 2, "an interval needs at least 2 batches, not {batches}");
        let limit = 2 * batches;
        Self { sums: Vec::with_capacity(limit), limit, size: 1, sum: 0.0, count: 0 }
    }

    /// Takes the next value of the series in.
    #[inline]
    pub fn record(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
        if self.count == self.size {
            self.finish_batch();
        }
    }

    fn finish_batch(&mut self) {
        if self.sums.len() == self.limit {
            let half = self.sums.len() / 2;
            for index in 0..half {
                self.sums[index] = self.sums[2 * index] + self.sums[2 * index + 1];
            }
            self.sums.truncate(half);
            self.size *= 2;
            // What was a whole batch is now half of one.
            if self.count < self.size {
                return;
            }
        }
        self.sums.push(self.sum);
        (self.sum, self.count) = (0.0, 0);
    }

    /// How many values make a batch now.
    pub fn batch_size(&self) -> u64 {
        self.size
    }

    /// The means of the whole batches.
    pub fn means(&self) -> impl Iterator<Item = f64> {
        self.sums.iter().map(|sum| sum / self.size as f64)
    }

    /// The interval at `level` for the mean of the series, from its whole batches; `None` for
    /// fewer than two.
    ///
    /// # Panics
    /// When `level` is not strictly between 0 and 1.
    #[track_caller]
    pub fn confidence_interval(&self, level: f64) -> Option<ConfidenceInterval> {
        ConfidenceInterval::of(&self.means().collect::<Summary>(), level)
    }
}

#[cfg(test)]
mod tests {
    use super::super::confidence::tests::normal;
    use super::super::confidence_interval;
    use super::*;
    use crate::engine::random::Random;

    const SERIES: [f64; 12] = [3.0, 5.0, 4.0, 8.0, 6.0, 7.0, 9.0, 5.0, 4.0, 2.0, 6.0, 8.0];

    #[test]
    fn four_batches_of_three() {
        let means = batch_means(&SERIES, 4);
        for (found, expected) in means.iter().zip([4.0, 7.0, 6.0, 16.0 / 3.0]) {
            assert!((found - expected).abs() < 1e-9);
        }
        let interval = confidence_interval(&means).unwrap();
        assert_eq!(interval.count, 4);
        assert!((interval.mean - 5.583_333_333).abs() < 1e-6);
        assert!((interval.standard_error - 0.629_152_869_6).abs() < 1e-6);
        assert!((interval.half_width - 2.002_245_225).abs() < 1e-6);
    }

    #[test]
    fn what_does_not_fill_a_batch_is_left_out() {
        assert_eq!(batch_means(&SERIES[..5], 2), [4.0, 6.0]);
        assert!(batch_means(&SERIES[..1], 2).is_empty());
    }

    #[test]
    fn batches_double_and_keep_their_values() {
        let mut batches = BatchMeans::new(2);
        let mut seen = Vec::new();
        for value in 0..1_000_u32 {
            batches.record(f64::from(value));
            seen.push(f64::from(value));
            let size = batches.batch_size() as usize;
            let expected: Vec<f64> = seen
                .chunks_exact(size)
                .map(|batch| batch.iter().sum::<f64>() / size as f64)
                .collect();
            assert_eq!(batches.means().collect::<Vec<_>>(), expected, "after {value}");
            assert!(expected.len() <= 4 && (value < 1 || expected.len() >= 2), "after {value}");
        }
        assert_eq!(batches.batch_size(), 256);
    }

    #[test]
    fn a_clone_goes_on_identically() {
        let mut original = BatchMeans::new(3);
        original.record(1.0);
        let mut clone = original.clone();
        for batches in [&mut original, &mut clone] {
            for value in SERIES {
                batches.record(value);
            }
        }
        assert!(original.means().eq(clone.means()));
        assert_eq!((original.batch_size(), original.means().count()), (2, 6));
    }

    /// x(t) = 0.9 x(t-1) + N(0, 1), started in equilibrium: mean 0, n Var(mean) = 100.
    fn autoregressive(random: &mut Random, length: usize) -> Vec<f64> {
        let mut x = normal(random) / (1.0_f64 - 0.81).sqrt();
        (0..length)
            .map(|_| {
                let now = x;
                x = 0.9 * x + normal(random);
                now
            })
            .collect()
    }

    // At the full count of 200 series the bounds are 0.4 (relative) and 0.06; for 50 series
    // they are twice as wide. Series of 20,000 values still make batches of 1,000, a hundred
    // times as long as the dependence.
    #[test]
    fn batches_cover_the_mean_of_a_dependent_series() {
        let mut random = Random::new(3, "batches", "autoregressive");
        let (mut covered, mut covered_streaming, mut means) = (0_u32, 0_u32, Summary::new());
        for _ in 0..50 {
            let series = autoregressive(&mut random, 20_000);
            let interval = confidence_interval(&batch_means(&series, 20)).unwrap();
            means.record(interval.mean);
            covered += u32::from(interval.contains(0.0));
            let mut batches = BatchMeans::new(20);
            for value in series {
                batches.record(value);
            }
            let interval = batches.confidence_interval(0.95).unwrap();
            covered_streaming += u32::from(interval.contains(0.0));
        }
        let variance = means.variance() * 20_000.0;
        assert!((variance / 100.0 - 1.0).abs() < 0.8, "{variance}");
        for covered in [covered, covered_streaming] {
            assert!((f64::from(covered) / 50.0 - 0.95).abs() < 0.12, "{covered} of 50");
        }
    }
}
