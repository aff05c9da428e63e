//! [`Varying`]: a parameter that is a constant or a profile.

use super::Profile;
use crate::quantity::Quantity;
use crate::time::Instant;

/// A parameter of a component: the same all the time, or as a [`Profile`] describes.
///
/// Whatever takes a parameter takes both: a plain value and a profile convert into it.
///
/// ```
/// use happysim::profile::{Profile, Varying};
/// use happysim::time::{Instant, seconds};
///
/// let constant: Varying<usize> = 8.into();
/// let raised: Varying<usize> = Profile::builder().hold(8, seconds(10)).hold_open(12).build()?.into();
/// assert_eq!(constant.at(Instant::from_secs_f64(10.0)), 8);
/// assert_eq!(raised.at(Instant::from_secs_f64(10.0)), 12);
/// # Ok::<(), happysim::profile::InvalidProfile>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Varying<Q> {
    /// Always this value.
    Constant(Q),
    /// A value that depends on the time.
    Profile(Profile<Q>),
}

impl<Q: Quantity> Varying<Q> {
    /// The value at `instant`.
    #[inline]
    pub fn at(&self, instant: Instant) -> Q {
        match self {
            Self::Constant(value) => *value,
            Self::Profile(profile) => profile.value(instant),
        }
    }

    /// The next instant after `after` at which the value jumps; see [`Profile::next_change`].
    /// A constant never does.
    pub fn next_change(&self, after: Instant) -> Option<Instant> {
        match self {
            Self::Constant(_) => None,
            Self::Profile(profile) => profile.next_change(after),
        }
    }

    /// Whether it has the same value at all times.
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Constant(_) => true,
            Self::Profile(profile) => profile.is_constant(),
        }
    }

    /// The smallest value it ever takes, in the base unit.
    pub fn min(&self) -> f64 {
        self.range().0
    }

    /// The largest value it ever takes, in the base unit.
    pub fn max(&self) -> f64 {
        self.range().1
    }

    /// The largest value at `from` or later; see [`Profile::largest_from`].
    pub fn largest_from(&self, from: Instant) -> Q {
        match self {
            Self::Constant(value) => *value,
            Self::Profile(profile) => profile.largest_from(from),
        }
    }

    fn range(&self) -> (f64, f64) {
        match self {
            Self::Constant(value) => (value.to_base(), value.to_base()),
            Self::Profile(profile) => (profile.min(), profile.max()),
        }
    }

    /// Whether every value it ever takes is from `low` to `high`, in the base unit.
    ///
    /// # Errors
    /// The smallest value if it is below `low` or not a number, else the largest if it is above
    /// `high`.
    pub fn within(&self, low: f64, high: f64) -> Result<(), f64> {
        let (min, max) = self.range();
        if min.is_nan() || min < low {
            Err(min)
        } else if max > high {
            Err(max)
        } else {
            Ok(())
        }
    }

    /// The same as a profile: a constant is held for ever.
    ///
    /// # Panics
    /// For a constant that is not finite, which only `f64` can be.
    #[track_caller]
    pub fn to_profile(&self) -> Profile<Q> {
        match self {
            Self::Constant(value) => Profile::constant(*value),
            Self::Profile(profile) => profile.clone(),
        }
    }
}

impl<Q: Quantity> From<Q> for Varying<Q> {
    fn from(value: Q) -> Self {
        Self::Constant(value)
    }
}

impl<Q: Quantity> From<Profile<Q>> for Varying<Q> {
    fn from(profile: Profile<Q>) -> Self {
        Self::Profile(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Probability;
    use crate::time::seconds;

    #[test]
    fn the_range_check_sees_every_value() {
        let constant = Varying::from(Probability::new(0.2));
        assert_eq!(constant.within(0.0, 0.5), Ok(()));
        assert_eq!(constant.within(0.3, 0.5), Err(0.2));
        assert_eq!(Varying::from(f64::NAN).within(0.0, 1.0).map_err(f64::is_nan), Err(true));
        let profile = Profile::builder()
            .hold(Probability::new(0.1), seconds(1))
            .ramp(Probability::new(0.9), seconds(1))
            .hold_open(Probability::new(0.2))
            .build()
            .unwrap();
        let varying = Varying::from(profile);
        assert_eq!(varying.within(0.0, 0.9), Ok(()));
        assert_eq!(varying.within(0.2, 1.0), Err(0.1));
        assert_eq!(varying.within(0.0, 0.8), Err(0.9));
    }

    #[test]
    fn a_constant_never_changes() {
        let constant = Varying::from(3_usize);
        assert_eq!(constant.at(Instant::MAX), 3);
        assert_eq!(constant.next_change(Instant::ZERO), None);
        assert!(constant.is_constant());
        assert_eq!(constant.to_profile().value(Instant::MAX), 3);
    }
}
