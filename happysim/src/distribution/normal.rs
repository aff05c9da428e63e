//! The normal distribution, cut to what its quantity can be.

use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::parameter::Parameter;
use super::{Distribution, Law, standard_normal, ziggurat};
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// A normal law, conditioned on the range of its quantity.
#[derive(Clone, Debug)]
pub(super) struct Normal<Q> {
    mean: Parameter<Q>,
    deviation: Parameter<Q>,
}

impl<Q: Quantity> Normal<Q> {
    /// Draws until the value is possible. The mean and the deviation are within the range
    /// themselves, so that at least every third draw is.
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        let (mean, deviation) = (self.mean.at(now), self.deviation.at(now));
        let (low, high) = Q::RANGE;
        loop {
            let value = mean + deviation * ziggurat::normal(random);
            if value >= low && value <= high {
                return value;
            }
        }
    }

    /// Of the law as cut: Johnson, Kotz and Balakrishnan, "Continuous Univariate
    /// Distributions", volume 1, 13.10.1.
    pub(super) fn moments(&self, now: Instant) -> Moments {
        let (mean, deviation) = (self.mean.at(now), self.deviation.at(now));
        if deviation == 0.0 {
            return Moments::new(mean, 0.0);
        }
        let (low, high) = Q::RANGE;
        let (low, high) = ((low - mean) / deviation, (high - mean) / deviation);
        let share = standard_normal::between(low, high);
        let [low_density, high_density] = [low, high].map(standard_normal::density);
        let shift = (low_density - high_density) / share;
        // The density vanishes faster than its argument grows.
        let moment = |x: f64, density: f64| if density == 0.0 { 0.0 } else { x * density };
        let skew = (moment(low, low_density) - moment(high, high_density)) / share;
        Moments::new(mean + deviation * shift, deviation * deviation * (1.0 + skew - shift * shift))
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// Normal with the given mean and standard deviation, truncated to the range of its
    /// quantity: a duration below 0 is drawn anew.
    ///
    /// `mean` and `deviation` are those of the law before truncation;
    /// [`mean_at`](Self::mean_at) gives the mean of what is drawn, which is larger where
    /// values below 0 had to be refused.
    ///
    /// # Errors
    /// When the deviation is negative, or one of both is not finite.
    pub fn normal(
        mean: impl IntoVarying<Q>,
        deviation: impl IntoVarying<Q>,
    ) -> Result<Self, InvalidDistribution> {
        let check = Check("a normal distribution");
        let mean = Parameter::any(check, "mean", mean.into_varying())?;
        let deviation = Parameter::nonnegative(check, "deviation", deviation.into_varying())?;
        Ok(Law::Normal(Normal { mean, deviation }).into())
    }
}
