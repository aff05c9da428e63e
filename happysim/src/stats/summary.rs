//! Count, mean, variance and range of a stream of numbers.

/// Count, mean, variance, minimum and maximum of numbers seen one at a time.
///
/// Method: Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products"
/// (1962), which keeps its digits where the textbook formula cancels; merged as in Chan, Golub
/// and `LeVeque` (1979). Without numbers, mean, variance, minimum and maximum are NaN.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Summary {
    count: u64,
    mean: f64,
    /// Sum of the squared differences from the mean.
    squares: f64,
    min: f64,
    max: f64,
}

impl Summary {
    /// Nothing seen yet.
    pub const fn new() -> Self {
        Self { count: 0, mean: 0.0, squares: 0.0, min: 0.0, max: 0.0 }
    }

    /// Takes one number in.
    #[inline]
    pub fn record(&mut self, value: f64) {
        if self.count == 0 {
            (self.min, self.max) = (value, value);
        }
        self.count += 1;
        let difference = value - self.mean;
        self.mean += difference / self.count as f64;
        self.squares += difference * (value - self.mean);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Takes in everything that `other` has seen.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            self.clone_from(other);
            return;
        }
        let (ours, theirs) = (self.count as f64, other.count as f64);
        let difference = other.mean - self.mean;
        self.count += other.count;
        self.mean += difference * theirs / (ours + theirs);
        self.squares += other.squares + difference * difference * ours * theirs / (ours + theirs);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many numbers were seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The arithmetic mean; NaN without numbers.
    pub fn mean(&self) -> f64 {
        self.known(self.mean)
    }

    /// The sample variance, with n - 1 in the denominator; NaN for fewer than two numbers.
    pub fn variance(&self) -> f64 {
        if self.count < 2 { f64::NAN } else { self.squares / (self.count - 1) as f64 }
    }

    /// The square root of the [`variance`](Self::variance).
    pub fn standard_deviation(&self) -> f64 {
        self.variance().sqrt()
    }

    /// The smallest number; NaN without numbers.
    pub fn min(&self) -> f64 {
        self.known(self.min)
    }

    /// The largest number; NaN without numbers.
    pub fn max(&self) -> f64 {
        self.known(self.max)
    }

    fn known(&self, value: f64) -> f64 {
        if self.count == 0 { f64::NAN } else { value }
    }
}

impl FromIterator<f64> for Summary {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut summary = Self::new();
        for value in values {
            summary.record(value);
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The classic example of catastrophic cancellation.
    const LARGE: [f64; 4] = [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0];

    #[test]
    fn large_numbers_keep_a_small_variance() {
        let summary: Summary = LARGE.into_iter().collect();
        assert!((summary.mean() - 1_000_000_010.0).abs() < 1e-6);
        assert!((summary.variance() - 30.0).abs() < 1e-6);
        assert_eq!((summary.min(), summary.max(), summary.count()), (LARGE[0], LARGE[3], 4));
    }

    #[test]
    fn a_merge_is_as_if_one_had_seen_all() {
        let mut merged = Summary::new();
        merged.merge(&LARGE[..1].iter().copied().collect());
        merged.merge(&Summary::new());
        merged.merge(&LARGE[1..].iter().copied().collect());
        assert!((merged.mean() - 1_000_000_010.0).abs() < 1e-6);
        assert!((merged.variance() - 30.0).abs() < 1e-6);
        assert_eq!((merged.min(), merged.max(), merged.count()), (LARGE[0], LARGE[3], 4));
    }

    #[test]
    fn too_few_numbers_give_nan_and_not_a_made_up_value() {
        let mut summary = Summary::new();
        assert!(summary.mean().is_nan() && summary.min().is_nan() && summary.max().is_nan());
        summary.record(-3.0);
        assert!(summary.variance().is_nan());
        assert_eq!((summary.mean(), summary.min(), summary.max()), (-3.0, -3.0, -3.0));
    }
}
