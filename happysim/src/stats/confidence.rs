//! Confidence intervals for a mean.

use super::{Summary, student_t_quantile};

/// An estimate of a mean from independent values, and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConfidenceInterval {
    /// The mean of the values.
    pub mean: f64,
    /// The standard error of the mean.
    pub standard_error: f64,
    /// The interval is the mean, less and plus this.
    pub half_width: f64,
    /// The probability with which such an interval contains the true mean: 0.95, say.
    pub level: f64,
    /// How many values it is from.
    pub count: u64,
}

impl ConfidenceInterval {
    /// The interval of Student (1908) at `level`, for the mean of what `summary` has seen; the
    /// values must be independent, and about normally distributed or many. `None` for fewer
    /// than two values.
    ///
    /// # Panics
    /// When `level` is not strictly between 0 and 1.
    #[track_caller]
    pub fn of(summary: &Summary, level: f64) -> Option<Self> {
        assert!(level > 0.0 && level < 1.0, "a confidence level is between 0 and 1, not {level}");
        let count = summary.count();
        (count >= 2).then(|| {
            let standard_error = (summary.variance() / count as f64).sqrt();
            let t = student_t_quantile(f64::midpoint(1.0, level), (count - 1) as f64);
            let half_width = t * standard_error;
            Self { mean: summary.mean(), standard_error, half_width, level, count }
        })
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.mean - self.half_width
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.mean + self.half_width
    }

    /// Whether `value` lies in the interval, ends included.
    pub fn contains(&self, value: f64) -> bool {
        (value - self.mean).abs() <= self.half_width
    }
}

/// The 95 % interval for the mean of independent values, one from each replication of a run;
/// `None` for fewer than two. For another level: [`ConfidenceInterval::of`].
pub fn confidence_interval(values: &[f64]) -> Option<ConfidenceInterval> {
    ConfidenceInterval::of(&values.iter().copied().collect(), 0.95)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::engine::random::Random;

    /// A standard normal number (Box and Muller 1958).
    pub(in super::super) fn normal(random: &mut Random) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - random.uniform())).sqrt();
        radius * libm::cos(2.0 * core::f64::consts::PI * random.uniform())
    }

    // 4 sigma of a coverage of 0.95 over 5,000 replications: 4 sqrt(0.95 * 0.05 / 5000).
    #[test]
    fn the_interval_covers_the_true_mean_as_often_as_it_says() {
        let mut random = Random::new(7, "confidence", "normal");
        let covered = (0..5_000).filter(|_| {
            let values: Vec<f64> = (0..10).map(|_| 5.0 + 2.0 * normal(&mut random)).collect();
            confidence_interval(&values).unwrap().contains(5.0)
        });
        let coverage = covered.count() as f64 / 5_000.0;
        assert!((coverage - 0.95).abs() < 0.012_329, "{coverage}");
    }

    #[test]
    fn a_known_interval() {
        let interval = confidence_interval(&[1.0, 2.0, 3.0]).unwrap();
        assert!((interval.standard_error - 1.0 / 3.0_f64.sqrt()).abs() < 1e-12);
        assert!((interval.half_width - 4.302_652_73 / 3.0_f64.sqrt()).abs() < 1e-8);
        assert!((interval.low() + interval.high() - 4.0).abs() < 1e-12);
        assert!(interval.contains(interval.low()) && !interval.contains(5.0));
    }

    #[test]
    fn one_value_has_no_interval() {
        assert_eq!(confidence_interval(&[3.0]), None);
    }
}
