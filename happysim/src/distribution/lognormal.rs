//! The lognormal distribution: the usual shape of service times.

use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::parameter::Parameter;
use super::{Distribution, Law, ziggurat};
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// The exponential of a normal variate, scaled to its mean.
#[derive(Clone, Debug)]
pub(super) struct Lognormal<Q> {
    mean: Parameter<Q>,
    squared_cv: f64,
    /// Standard deviation of the logarithm.
    sigma: f64,
}

impl<Q: Quantity> Lognormal<Q> {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        let exponent = self.sigma * (ziggurat::normal(random) - 0.5 * self.sigma);
        self.mean.at(now) * libm::exp(exponent)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        Moments::from_squared_cv(self.mean.at(now), self.squared_cv)
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// Lognormal from its mean and its coefficient of variation `cv`, which is the standard
    /// deviation over the mean: `lognormal(12ms, cv 0.8)`.
    ///
    /// The logarithm has the variance ln(1 + cv²); the median is mean / √(1 + cv²).
    ///
    /// # Errors
    /// When the mean is negative or not finite, or `cv` is not from 0 to 1e6.
    pub fn lognormal(mean: impl IntoVarying<Q>, cv: f64) -> Result<Self, InvalidDistribution> {
        let check = Check("a lognormal distribution");
        let mean = Parameter::nonnegative(check, "mean", mean.into_varying())?;
        check.that((0.0..=1e6).contains(&cv), "cv", cv, "from 0 to 1e6")?;
        let squared_cv = cv * cv;
        let sigma = libm::sqrt(libm::log1p(squared_cv));
        Ok(Law::Lognormal(Lognormal { mean, squared_cv, sigma }).into())
    }
}
