//! Laws whose tail is set by a shape: Weibull's and Pareto's.

use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::parameter::Parameter;
use super::{Distribution, Law, ziggurat};
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// A power of an exponential variate.
#[derive(Clone, Debug)]
pub(super) struct Weibull<Q> {
    scale: Parameter<Q>,
    inverse_shape: f64,
}

impl<Q: Quantity> Weibull<Q> {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        self.scale.at(now) * libm::pow(ziggurat::exponential(random), self.inverse_shape)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        let mean = libm::tgamma(1.0 + self.inverse_shape);
        let second = libm::lgamma(1.0 + 2.0 * self.inverse_shape);
        let squared_cv = libm::expm1(second - 2.0 * libm::lgamma(1.0 + self.inverse_shape));
        Moments::from_squared_cv(self.scale.at(now) * mean, squared_cv)
    }
}

/// The exponential of an exponential variate: a power law above a minimum.
#[derive(Clone, Debug)]
pub(super) struct Pareto<Q> {
    minimum: Parameter<Q>,
    shape: f64,
}

impl<Q: Quantity> Pareto<Q> {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        let minimum = self.minimum.at(now);
        // Where the power overflows, nothing times infinity is still nothing.
        if minimum == 0.0 {
            return 0.0;
        }
        minimum * libm::exp(ziggurat::exponential(random) / self.shape)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        let (minimum, shape) = (self.minimum.at(now), self.shape);
        if minimum == 0.0 {
            return Moments::new(0.0, 0.0);
        }
        if shape <= 1.0 {
            return Moments::new(f64::INFINITY, f64::INFINITY);
        }
        let squared_cv = if shape > 2.0 { 1.0 / (shape * (shape - 2.0)) } else { f64::INFINITY };
        Moments::from_squared_cv(minimum * (shape / (shape - 1.0)), squared_cv)
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// Weibull from its shape and its scale (which 63.2 % of the values do not exceed). Shape 1
    /// is exponential; below it the tail is heavier, above it lighter.
    ///
    /// # Errors
    /// When the shape is not from 0.01 to 1000, or the scale is negative or not finite.
    pub fn weibull(shape: f64, scale: impl IntoVarying<Q>) -> Result<Self, InvalidDistribution> {
        let check = Check("a Weibull distribution");
        check.that((0.01..=1000.0).contains(&shape), "shape", shape, "from 0.01 to 1000")?;
        let scale = Parameter::nonnegative(check, "scale", scale.into_varying())?;
        Ok(Law::Weibull(Weibull { scale, inverse_shape: 1.0 / shape }).into())
    }

    /// Pareto (type I) from its shape and its minimum: a value exceeds x with probability
    /// (minimum / x)^shape.
    ///
    /// The mean is infinite up to shape 1, the variance up to shape 2.
    ///
    /// # Errors
    /// When the shape is not above 0 and finite, or the minimum is negative or not finite.
    pub fn pareto(shape: f64, minimum: impl IntoVarying<Q>) -> Result<Self, InvalidDistribution> {
        let check = Check("a Pareto distribution");
        check.positive("shape", shape)?;
        let minimum = Parameter::nonnegative(check, "minimum", minimum.into_varying())?;
        Ok(Law::Pareto(Pareto { minimum, shape }).into())
    }
}
