//! A location or scale parameter: a constant or a profile, read as a number in the base unit.

use super::invalid::{Check, InvalidDistribution};
use crate::profile::{Profile, Varying};
use crate::quantity::Quantity;
use crate::time::Instant;

/// A varying quantity with its constant case already in the base unit: the conversion of a
/// duration costs as much as the random number.
#[derive(Clone, Debug)]
pub(super) enum Parameter<Q> {
    Constant(f64),
    Profile(Profile<Q>),
}

impl<Q: Quantity> Parameter<Q> {
    /// Any value that the quantity can have.
    pub(super) fn any(
        check: Check,
        name: &'static str,
        value: Varying<Q>,
    ) -> Result<Self, InvalidDistribution> {
        let (low, high) = Q::RANGE;
        Self::within(low, high, check, name, value, "finite and within the range of its unit")
    }

    /// A value of at least 0, at all times.
    pub(super) fn nonnegative(
        check: Check,
        name: &'static str,
        value: Varying<Q>,
    ) -> Result<Self, InvalidDistribution> {
        Self::within(0.0, Q::RANGE.1, check, name, value, "finite and at least 0")
    }

    /// A value above 0, at all times.
    pub(super) fn positive(
        check: Check,
        name: &'static str,
        value: Varying<Q>,
    ) -> Result<Self, InvalidDistribution> {
        let above_zero = f64::MIN_POSITIVE;
        Self::within(above_zero, Q::RANGE.1, check, name, value, "finite and above 0")
    }

    fn within(
        low: f64,
        high: f64,
        check: Check,
        name: &'static str,
        value: Varying<Q>,
        allowed: &'static str,
    ) -> Result<Self, InvalidDistribution> {
        for extreme in [value.min(), value.max()] {
            let possible = extreme.is_finite() && (low..=high).contains(&extreme);
            check.that(possible, name, extreme, allowed)?;
        }
        Ok(match value {
            Varying::Constant(value) => Self::Constant(value.to_base()),
            Varying::Profile(profile) => Self::Profile(profile),
        })
    }

    /// The value at `now`, in the base unit.
    #[inline]
    pub(super) fn at(&self, now: Instant) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Profile(profile) => profile.base_value(now),
        }
    }
}
