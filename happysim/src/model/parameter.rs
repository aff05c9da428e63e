//! Parameters of nodes: conversion from what the user wrote, ranges, errors.

use core::fmt;
use core::marker::PhantomData;

use crate::distribution::{Chance, Distribution, InvalidDistribution};
use crate::profile::{Profile, Varying};
use crate::quantity::{Bytes, Probability, Quantity, Rate};
use crate::queueing::Discipline;
use crate::time::Duration;

/// A value that cannot be the parameter it was given for.
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidValue {
    /// The value as the user may recognise it.
    pub value: String,
    /// What is allowed.
    pub expected: String,
}

/// A parameter of a node that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterError {
    /// The parameter's name.
    pub parameter: &'static str,
    /// The value as the user may recognise it.
    pub value: String,
    /// What is allowed.
    pub expected: String,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {}: {}", self.parameter, self.value, self.expected)
    }
}

/// Conversion of what stands behind a parameter's name into the parameter's type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of this parameter, which is a `{T}`",
    label = "expected a `{T}`"
)]
pub trait IntoParameter<T> {
    /// Converts, or says why not.
    fn into_parameter(self) -> Result<T, InvalidValue>;
}

#[diagnostic::do_not_recommend]
impl<T> IntoParameter<T> for T {
    fn into_parameter(self) -> Result<T, InvalidValue> {
        Ok(self)
    }
}

/// Whole numbers are given as any integer type.
pub(crate) fn whole<Q: Quantity>(value: i128) -> Result<Q, InvalidValue> {
    Q::from_base(value as f64).map_err(|error| InvalidValue {
        value: value.to_string(),
        expected: format!("it must be from {} to {}", error.range.0, error.range.1),
    })
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Varying<usize>> for $integer {
            fn into_parameter(self) -> Result<Varying<usize>, InvalidValue> {
                whole(self as i128).map(Varying::Constant)
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Varying<u64>> for $integer {
            fn into_parameter(self) -> Result<Varying<u64>, InvalidValue> {
                whole(self as i128).map(Varying::Constant)
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Varying<u32>> for $integer {
            fn into_parameter(self) -> Result<Varying<u32>, InvalidValue> {
                whole(self as i128).map(Varying::Constant)
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Option<Varying<usize>>> for $integer {
            fn into_parameter(self) -> Result<Option<Varying<usize>>, InvalidValue> {
                whole(self as i128).map(Varying::Constant).map(Some)
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Varying<f64>> for $integer {
            fn into_parameter(self) -> Result<Varying<f64>, InvalidValue> {
                whole(self as i128).map(Varying::Constant)
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Distribution<f64>> for $integer {
            fn into_parameter(self) -> Result<Distribution<f64>, InvalidValue> {
                whole::<f64>(self as i128).map(Distribution::from)
            }
        }
    )*};
}

from_integer!(i32, u32, u64, usize);

macro_rules! integer_as {
    ($($integer:ty => $($target:ty),*;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<$target> for $integer {
            fn into_parameter(self) -> Result<$target, InvalidValue> {
                <$target>::try_from(self).map_err(|_| InvalidValue {
                    value: self.to_string(),
                    expected: format!("it must be from {} to {}", <$target>::MIN, <$target>::MAX),
                })
            }
        }
    )*)*};
}

integer_as! {
    i32 => usize, u32, u64;
    u32 => usize, u64;
    u64 => usize, u32;
    usize => u32, u64;
}

macro_rules! varying {
    ($($quantity:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Varying<$quantity>> for $quantity {
            fn into_parameter(self) -> Result<Varying<$quantity>, InvalidValue> {
                Ok(Varying::Constant(self))
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Option<$quantity>> for $quantity {
            fn into_parameter(self) -> Result<Option<$quantity>, InvalidValue> {
                Ok(Some(self))
            }
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<Option<Varying<$quantity>>> for $quantity {
            fn into_parameter(self) -> Result<Option<Varying<$quantity>>, InvalidValue> {
                Ok(Some(Varying::Constant(self)))
            }
        }
    )*};
}

varying!(Duration, Rate, Probability, crate::quantity::Bandwidth, Bytes, f64);

macro_rules! from_std_duration {
    ($($target:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<$target> for core::time::Duration {
            fn into_parameter(self) -> Result<$target, InvalidValue> {
                let nanos = u64::try_from(self.as_nanos()).map_err(|_| InvalidValue {
                    value: format!("{self:?}"),
                    expected: format!("it must be at most {}", Duration::MAX),
                })?;
                Duration::from_nanos(nanos).into_parameter()
            }
        }
    )*};
}

from_std_duration!(
    Duration,
    Varying<Duration>,
    Option<Duration>,
    Option<Varying<Duration>>,
    Distribution
);

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoParameter<Varying<Q>> for Profile<Q> {
    fn into_parameter(self) -> Result<Varying<Q>, InvalidValue> {
        Ok(Varying::Profile(self))
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoParameter<Option<Varying<Q>>> for Varying<Q> {
    fn into_parameter(self) -> Result<Option<Varying<Q>>, InvalidValue> {
        Ok(Some(self))
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoParameter<Option<Varying<Q>>> for Profile<Q> {
    fn into_parameter(self) -> Result<Option<Varying<Q>>, InvalidValue> {
        Ok(Some(Varying::Profile(self)))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Probability> for f64 {
    fn into_parameter(self) -> Result<Probability, InvalidValue> {
        Probability::from_base(self).map_err(|_| InvalidValue {
            value: self.to_string(),
            expected: "it must be from 0 to 1".to_owned(),
        })
    }
}

macro_rules! from_fraction {
    ($($target:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoParameter<$target> for f64 {
            fn into_parameter(self) -> Result<$target, InvalidValue> {
                let probability: Probability = self.into_parameter()?;
                probability.into_parameter()
            }
        }
    )*};
}

from_fraction!(Varying<Probability>, Option<Probability>, Option<Varying<Probability>>);

#[diagnostic::do_not_recommend]
impl<V> IntoParameter<Chance> for V
where
    V: IntoParameter<Varying<Probability>> + ChanceValue,
{
    fn into_parameter(self) -> Result<Chance, InvalidValue> {
        self.into_parameter().map(Chance::new)
    }
}

/// What a chance can be given as, other than a chance.
pub trait ChanceValue {}

impl ChanceValue for f64 {}
impl ChanceValue for Probability {}
impl ChanceValue for Profile<Probability> {}
impl ChanceValue for Varying<Probability> {}

#[diagnostic::do_not_recommend]
impl IntoParameter<Distribution> for Duration {
    fn into_parameter(self) -> Result<Distribution, InvalidValue> {
        Ok(Distribution::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Distribution> for Profile<Duration> {
    fn into_parameter(self) -> Result<Distribution, InvalidValue> {
        Ok(Distribution::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Distribution> for Varying<Duration> {
    fn into_parameter(self) -> Result<Distribution, InvalidValue> {
        Ok(Distribution::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl<V: IntoParameter<Distribution> + Drawn> IntoParameter<Option<Distribution>> for V {
    fn into_parameter(self) -> Result<Option<Distribution>, InvalidValue> {
        self.into_parameter().map(Some)
    }
}

/// What stands for a distribution where there may be none.
pub trait Drawn {}

impl Drawn for Duration {}
impl Drawn for core::time::Duration {}
impl Drawn for Profile<Duration> {}
impl Drawn for Varying<Duration> {}
impl Drawn for Distribution {}
impl Drawn for Result<Distribution, InvalidDistribution> {}

/// `queue: fifo` as well as `queue: fifo()`.
#[diagnostic::do_not_recommend]
impl<F: Fn() -> Discipline> IntoParameter<Discipline> for F {
    fn into_parameter(self) -> Result<Discipline, InvalidValue> {
        Ok(self())
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<String> for &str {
    fn into_parameter(self) -> Result<String, InvalidValue> {
        Ok(self.to_owned())
    }
}

/// A list as well as an array: `partitions: [Partition::between([0], [1])]`.
#[diagnostic::do_not_recommend]
impl<T, const N: usize> IntoParameter<Vec<T>> for [T; N] {
    fn into_parameter(self) -> Result<Vec<T>, InvalidValue> {
        Ok(self.into())
    }
}

/// A value whose range can be checked, all its values over time included.
pub trait InRange {
    /// The first value found outside `low..=high`, as text.
    fn check(&self, low: f64, high: f64) -> Result<(), String>;

    /// An end of the range as text.
    fn show(base: f64) -> String {
        base.to_string()
    }
}

fn check_base<Q: Quantity>(value: Q, low: f64, high: f64) -> Result<(), String> {
    let base = value.to_base();
    if base >= low && base <= high { Ok(()) } else { Err(with_unit::<Q>(base)) }
}

/// A value in the base unit, as users write it: `20s`, `5%`, `1.5`.
fn with_unit<Q: Quantity>(base: f64) -> String {
    let text = Q::from_base(base).map_or_else(|_| base.to_string(), |value| format!("{value:?}"));
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// Whether a parameter is within its range, which is told in the unit of the parameter if not.
pub fn check_range<T: InRange>(
    parameter: &'static str,
    value: &T,
    range: (f64, f64),
) -> Result<(), ParameterError> {
    let (low, high) = range;
    let allowed = || match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("from {} to {}", T::show(low), T::show(high)),
        (true, false) => format!("at least {}", T::show(low)),
        _ => format!("at most {}", T::show(high)),
    };
    value.check(low, high).map_err(|value| ParameterError {
        parameter,
        value,
        expected: format!("it must be {}", allowed()),
    })
}

impl<Q: Quantity> InRange for Q {
    fn check(&self, low: f64, high: f64) -> Result<(), String> {
        check_base(*self, low, high)
    }

    fn show(base: f64) -> String {
        with_unit::<Q>(base)
    }
}

impl<Q: Quantity> InRange for Varying<Q> {
    fn check(&self, low: f64, high: f64) -> Result<(), String> {
        match self {
            Self::Constant(value) => check_base(*value, low, high),
            Self::Profile(_) => self
                .within(low, high)
                .map_err(|value| format!("a profile that reaches {}", with_unit::<Q>(value))),
        }
    }

    fn show(base: f64) -> String {
        with_unit::<Q>(base)
    }
}

/// The times of a discipline, in seconds: those of `codel`.
impl InRange for Discipline {
    fn check(&self, low: f64, high: f64) -> Result<(), String> {
        let Self::CoDel(queue) = self else { return Ok(()) };
        for (name, time) in queue.times() {
            time.check(low, high).map_err(|value| format!("`codel`, whose {name} is {value}"))?;
        }
        Ok(())
    }

    fn show(base: f64) -> String {
        Duration::show(base)
    }
}

impl<T: InRange> InRange for Option<T> {
    fn check(&self, low: f64, high: f64) -> Result<(), String> {
        self.as_ref().map_or(Ok(()), |value| value.check(low, high))
    }

    fn show(base: f64) -> String {
        T::show(base)
    }
}

/// A type of parameters that are given as one number, with the range of that number.
pub trait Bounded {
    /// The smallest and the largest value, in the base unit.
    const RANGE: (f64, f64);
}

impl<Q: Quantity> Bounded for Q {
    const RANGE: (f64, f64) = <Q as Quantity>::RANGE;
}

impl<Q: Quantity> Bounded for Varying<Q> {
    const RANGE: (f64, f64) = <Q as Quantity>::RANGE;
}

impl Bounded for Chance {
    const RANGE: (f64, f64) = <Probability as Quantity>::RANGE;
}

impl<T: Bounded> Bounded for Option<T> {
    const RANGE: (f64, f64) = T::RANGE;
}

/// The range of a parameter's type; any value, by [`AnyValue`], of other types than [`Bounded`]
/// ones.
#[derive(Clone, Copy, Debug)]
pub struct TypeLimits<T>(PhantomData<T>);

impl<T: Bounded> TypeLimits<T> {
    /// As in [`Bounded`].
    pub const RANGE: (f64, f64) = T::RANGE;
}

/// The range of the parameter named `NAME` (a hash) of an entity.
pub trait Parameter<const NAME: u64> {
    /// The smallest and the largest value, in the base unit.
    const RANGE: (f64, f64);
    /// The same, narrowed to the range of the parameter's type: what a literal can be.
    const LITERALS: (f64, f64);
    /// What is said of a literal outside of it.
    const EXPECTED: &'static str;
}

/// The range of the parameter named `NAME` of an entity, or no range where the entity has no such
/// parameter: by [`AnyValue`], since that mistake has a message of its own.
#[derive(Clone, Copy, Debug)]
pub struct Limits<E, const NAME: u64>(PhantomData<E>);

impl<E: Parameter<NAME>, const NAME: u64> Limits<E, NAME> {
    /// [`Parameter::LITERALS`].
    pub const RANGE: (f64, f64) = E::LITERALS;
    /// [`Parameter::EXPECTED`].
    pub const EXPECTED: &'static str = E::EXPECTED;
}

/// What [`Limits`] and [`TypeLimits`] say where they know nothing.
pub trait AnyValue {
    /// Everything.
    const RANGE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    /// Never shown, as every value is right.
    const EXPECTED: &'static str = "";
}

impl<T> AnyValue for T {}

/// A parameter that was given.
#[derive(Clone, Copy, Debug)]
pub struct Given;

/// A parameter that was not given.
#[derive(Clone, Copy, Debug)]
pub struct Missing;
