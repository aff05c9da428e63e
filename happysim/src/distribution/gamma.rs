//! The gamma distribution and its special case of whole phases, Erlang's.

use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::parameter::Parameter;
use super::{Distribution, Law, ziggurat};
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// Up to so many phases Erlang's law is drawn as the sum of its phases, which is faster.
const SUMMED_PHASES: u32 = 4;

/// Gamma of any shape, times a scale: Marsaglia and Tsang, "A Simple Method for Generating
/// Gamma Variables" (2000).
#[derive(Clone, Debug)]
pub(super) struct Gamma<Q> {
    shape: f64,
    /// Mean, or scale parameter, whichever was given.
    scale: Parameter<Q>,
    /// What to multiply a gamma variate of scale 1 by, besides `scale`.
    unit: f64,
    d: f64,
    c: f64,
}

impl<Q: Quantity> Gamma<Q> {
    fn new(shape: f64, scale: Parameter<Q>, unit: f64) -> Self {
        // Below shape 1 the variate of shape + 1 is reduced by a power of a uniform one.
        let d = (if shape < 1.0 { shape + 1.0 } else { shape }) - 1.0 / 3.0;
        Self { shape, scale, unit, d, c: 1.0 / libm::sqrt(9.0 * d) }
    }

    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        let mut value = self.draw_standard(random);
        if self.shape < 1.0 {
            value *= libm::exp(-ziggurat::exponential(random) / self.shape);
        }
        self.scale.at(now) * self.unit * value
    }

    fn draw_standard(&self, random: &mut Random) -> f64 {
        loop {
            let x = ziggurat::normal(random);
            let v = 1.0 + self.c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            let u = ziggurat::uniform_above_zero(random);
            let squared = x * x;
            if u < 1.0 - 0.0331 * squared * squared
                || libm::log(u) < 0.5 * squared + self.d * (1.0 - v + libm::log(v))
            {
                return self.d * v;
            }
        }
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        let mean = self.scale.at(now) * self.unit * self.shape;
        Moments::from_squared_cv(mean, 1.0 / self.shape)
    }
}

/// The sum of a few exponential phases.
#[derive(Clone, Debug)]
pub(super) struct Erlang<Q> {
    phases: u32,
    mean: Parameter<Q>,
}

impl<Q: Quantity> Erlang<Q> {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        let mut sum = 0.0;
        for _ in 0..self.phases {
            sum += ziggurat::exponential(random);
        }
        self.mean.at(now) * (sum / f64::from(self.phases))
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        Moments::from_squared_cv(self.mean.at(now), 1.0 / f64::from(self.phases))
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// Gamma from its shape and its mean; its coefficient of variation is 1/√shape.
    ///
    /// # Errors
    /// When the shape is not from 0.001 to 1e12, or the mean is negative or not finite.
    pub fn gamma(shape: f64, mean: impl IntoVarying<Q>) -> Result<Self, InvalidDistribution> {
        let check = Check("a gamma distribution");
        check_shape(check, shape)?;
        let mean = Parameter::nonnegative(check, "mean", mean.into_varying())?;
        Ok(Law::Gamma(Gamma::new(shape, mean, 1.0 / shape)).into())
    }

    /// Gamma from its shape and its scale; its mean is shape times scale.
    ///
    /// # Errors
    /// When the shape is not from 0.001 to 1e12, or the scale is negative or not finite.
    pub fn gamma_with_scale(
        shape: f64,
        scale: impl IntoVarying<Q>,
    ) -> Result<Self, InvalidDistribution> {
        let check = Check("a gamma distribution");
        check_shape(check, shape)?;
        let scale = Parameter::nonnegative(check, "scale", scale.into_varying())?;
        Ok(Law::Gamma(Gamma::new(shape, scale, 1.0)).into())
    }

    /// Erlang: the sum of `phases` equal exponential phases, with the given mean as a whole.
    ///
    /// # Errors
    /// When there is no phase, or the mean is negative or not finite.
    pub fn erlang(phases: u32, mean: impl IntoVarying<Q>) -> Result<Self, InvalidDistribution> {
        let check = Check("an Erlang distribution");
        let count = f64::from(phases);
        check.that(phases > 0, "number of phases", count, "at least 1")?;
        let mean = Parameter::nonnegative(check, "mean", mean.into_varying())?;
        Ok(if phases <= SUMMED_PHASES {
            Law::Erlang(Erlang { phases, mean }).into()
        } else {
            Law::Gamma(Gamma::new(count, mean, 1.0 / count)).into()
        })
    }
}

fn check_shape(check: Check, shape: f64) -> Result<f64, InvalidDistribution> {
    check.that((0.001..=1e12).contains(&shape), "shape", shape, "from 0.001 to 1e12")
}
