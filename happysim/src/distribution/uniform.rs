//! The uniform distribution.

use core::ops::Range;

use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::parameter::Parameter;
use super::{Distribution, Law};
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// Every value between two bounds is equally likely.
#[derive(Clone, Debug)]
pub(super) struct Uniform<Q> {
    low: Parameter<Q>,
    high: Parameter<Q>,
}

impl<Q: Quantity> Uniform<Q> {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        let (low, high) = (self.low.at(now), self.high.at(now));
        low + random.uniform() * (high - low)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        let (low, high) = (self.low.at(now), self.high.at(now));
        Moments::new(f64::midpoint(low, high), (high - low) * (high - low) / 12.0)
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// Uniform between two bounds: `uniform(20ms..100ms)`.
    ///
    /// The bounds may change over time; where they cross, values still lie between them. The
    /// upper bound itself comes up only by rounding (to nanoseconds, or to whole numbers).
    ///
    /// # Errors
    /// When the upper of two constant bounds is below the lower, or a bound is not finite.
    pub fn uniform(range: Range<impl IntoVarying<Q>>) -> Result<Self, InvalidDistribution> {
        let check = Check("a uniform distribution");
        let low = Parameter::any(check, "lower bound", range.start.into_varying())?;
        let high = Parameter::any(check, "upper bound", range.end.into_varying())?;
        if let (Parameter::Constant(low), Parameter::Constant(high)) = (&low, &high) {
            check.that(low <= high, "upper bound", *high, "at least the lower bound")?;
        }
        Ok(Law::Uniform(Uniform { low, high }).into())
    }
}
