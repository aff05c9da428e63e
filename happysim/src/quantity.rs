//! Quantities with units: what parameters, profiles and distributions are made of.
//!
//! Each is a newtype over a number, so that a rate cannot stand where a duration belongs.
//! [`Quantity`] is their common interface: a value as an `f64` in the base unit and back.

use core::fmt;

use crate::time::Duration;

/// A value that a profile can describe and a parameter can hold.
///
/// The base units are: seconds, events per second, a fraction of one, bits per second, bytes,
/// and plain counts.
pub trait Quantity: Copy + PartialEq + fmt::Debug + 'static {
    /// What it is called in messages: "duration", "rate", ...
    const NAME: &'static str;
    /// The smallest and the largest value, in the base unit.
    const RANGE: (f64, f64);
    /// Whether only whole numbers of the base unit exist (counts, bytes), so that a ramp between
    /// two of them is a staircase.
    const WHOLE: bool = false;

    /// The value in the base unit.
    fn to_base(self) -> f64;

    /// From a value in the base unit; whole quantities round to the nearest.
    ///
    /// # Errors
    /// [`OutOfRange`] for NaN and for values outside [`RANGE`](Self::RANGE).
    fn from_base(value: f64) -> Result<Self, OutOfRange>;
}

/// A number outside the range of its quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutOfRange {
    /// The quantity's name.
    pub quantity: &'static str,
    /// The number that was given, in the base unit.
    pub value: f64,
    /// The smallest and the largest possible value, in the base unit.
    pub range: (f64, f64),
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { quantity, value, range: (low, high) } = self;
        if *high == f64::INFINITY {
            write!(f, "{value} is not a {quantity}: it must be finite and at least {low}")
        } else {
            write!(f, "{value} is not a {quantity}: it must be from {low} to {high}")
        }
    }
}

impl core::error::Error for OutOfRange {}

fn in_range<Q: Quantity>(value: f64) -> Result<f64, OutOfRange> {
    let (low, high) = Q::RANGE;
    // Infinity is out of every range, and not a number is in none.
    if value >= low && value <= high.min(f64::MAX) {
        Ok(value)
    } else {
        Err(OutOfRange { quantity: Q::NAME, value, range: Q::RANGE })
    }
}

macro_rules! float_quantity {
    ($(#[$meta:meta])* $name:ident, $label:literal, $low:expr, $high:expr, $suffix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, PartialOrd, Default)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $name(f64);

        impl Quantity for $name {
            const NAME: &'static str = $label;
            const RANGE: (f64, f64) = ($low, $high);
            fn to_base(self) -> f64 {
                self.0
            }
            fn from_base(value: f64) -> Result<Self, OutOfRange> {
                in_range::<Self>(value).map(Self)
            }
        }

        impl $name {
            /// The value in the base unit, usable in constants.
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", self.0, $suffix)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", self.0, $suffix)
            }
        }
    };
}

float_quantity! {
    /// Events per second; at least 0. In the macros: `400/s`, `30/min`, `5/h`.
    Rate, "rate", 0.0, f64::INFINITY, "/s"
}

float_quantity! {
    /// A fraction from 0 to 1. In the macros: `5%`, or a plain `0.05`.
    Probability, "probability", 0.0, 1.0, ""
}

float_quantity! {
    /// Bits per second; at least 0. In the macros: `10Gbps`, `1.5Mbps`, `64kbps`.
    Bandwidth, "bandwidth", 0.0, f64::INFINITY, "bps"
}

impl Rate {
    /// `events` per second.
    ///
    /// # Panics
    /// For a negative or non-finite number.
    pub const fn per_second(events: f64) -> Self {
        assert!(events >= 0.0 && events.is_finite(), "a rate must be finite and at least 0/s");
        Self(events)
    }
}

impl Probability {
    /// A fraction from 0 to 1.
    ///
    /// # Panics
    /// Outside 0..=1.
    pub const fn new(fraction: f64) -> Self {
        assert!(fraction >= 0.0 && fraction <= 1.0, "a probability must be from 0 to 1");
        Self(fraction)
    }
}

impl Bandwidth {
    /// Bits per second.
    ///
    /// # Panics
    /// For a negative or non-finite number.
    pub const fn bits_per_second(bits: f64) -> Self {
        assert!(bits >= 0.0 && bits.is_finite(), "a bandwidth must be finite and at least 0bps");
        Self(bits)
    }
}

/// A number of bytes. In the macros: `100B`, `64KiB`, `1.5MB`, `2GiB`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}B", self.0)
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}B", self.0)
    }
}

/// The largest whole number that an `f64` holds exactly, plus one: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

macro_rules! whole_quantity {
    ($type:ty, $label:literal, $make:expr, $get:expr) => {
        impl Quantity for $type {
            const NAME: &'static str = $label;
            const RANGE: (f64, f64) = (0.0, EXACT);
            const WHOLE: bool = true;
            fn to_base(self) -> f64 {
                let get: fn($type) -> f64 = $get;
                get(self)
            }
            fn from_base(value: f64) -> Result<Self, OutOfRange> {
                let make: fn(u64) -> $type = $make;
                in_range::<Self>(value).map(|value| make((value + 0.5) as u64))
            }
        }
    };
}

whole_quantity!(Bytes, "number of bytes", Bytes, |bytes| bytes.0 as f64);
whole_quantity!(u64, "count", |count| count, |count| count as f64);
whole_quantity!(usize, "count", |count| count as usize, |count| count as f64);

impl Quantity for u32 {
    const NAME: &'static str = "count";
    const RANGE: (f64, f64) = (0.0, u32::MAX as f64);
    const WHOLE: bool = true;
    fn to_base(self) -> f64 {
        f64::from(self)
    }
    fn from_base(value: f64) -> Result<Self, OutOfRange> {
        in_range::<Self>(value).map(|value| (value + 0.5) as u32)
    }
}

impl Quantity for f64 {
    const NAME: &'static str = "number";
    const RANGE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    fn to_base(self) -> f64 {
        self
    }
    fn from_base(value: f64) -> Result<Self, OutOfRange> {
        in_range::<Self>(value)
    }
}

impl Quantity for Duration {
    const NAME: &'static str = "duration";
    const RANGE: (f64, f64) = (0.0, 18_446_744_073.709_55);
    fn to_base(self) -> f64 {
        self.as_secs_f64()
    }
    fn from_base(value: f64) -> Result<Self, OutOfRange> {
        in_range::<Self>(value).map(Self::from_secs_f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_their_range_are_refused_with_the_range() {
        let error = Probability::from_base(1.5).unwrap_err();
        assert_eq!(error.to_string(), "1.5 is not a probability: it must be from 0 to 1");
        let error = Rate::from_base(-1.0).unwrap_err();
        assert_eq!(error.to_string(), "-1 is not a rate: it must be finite and at least 0");
        assert!(Duration::from_base(f64::NAN).is_err());
    }

    #[test]
    fn whole_quantities_round_to_the_nearest() {
        assert_eq!(u64::from_base(2.5), Ok(3));
        assert_eq!(Bytes::from_base(1499.6), Ok(Bytes(1500)));
    }
}
