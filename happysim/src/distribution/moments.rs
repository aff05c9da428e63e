//! The first two moments of a law, in the base unit.

/// Mean and variance; infinite where the law has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

impl Moments {
    pub(super) fn new(mean: f64, variance: f64) -> Self {
        Self { mean, variance }
    }

    /// From the mean and the squared coefficient of variation. Nothing but zeros varies by zero,
    /// also where the coefficient is infinite.
    pub(super) fn from_squared_cv(mean: f64, squared_cv: f64) -> Self {
        let variance = if mean == 0.0 { 0.0 } else { mean * mean * squared_cv };
        Self { mean, variance }
    }

    /// Variance over squared mean; 0 for what is always 0.
    pub(super) fn squared_cv(self) -> f64 {
        if self.variance == 0.0 {
            0.0
        } else if self.mean.is_infinite() {
            f64::INFINITY
        } else {
            self.variance / (self.mean * self.mean)
        }
    }

    /// Of a mixture of laws with these weights, of which one at least is above 0.
    pub(super) fn of_mixture(parts: impl Iterator<Item = (f64, Self)> + Clone) -> Self {
        let parts = parts.filter(|(weight, _)| *weight > 0.0);
        let sum: f64 = parts.clone().map(|(weight, _)| weight).sum();
        let mean = parts.clone().map(|(weight, part)| weight * part.mean).sum::<f64>() / sum;
        if mean.is_infinite() {
            return Self { mean, variance: f64::INFINITY };
        }
        let spread = |(weight, part): (f64, Self)| {
            let distance = part.mean - mean;
            weight * (part.variance + distance * distance)
        };
        Self { mean, variance: parts.map(spread).sum::<f64>() / sum }
    }
}
