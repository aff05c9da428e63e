//! Parameters that are quantities, to which a plain number in a topology is no value.

#![allow(clippy::missing_panics_doc, reason = "a check that fails is a message of the compiler")]

use super::super::parameter::{IntoParameter, InvalidValue};
use super::text::{Text, same};
use super::{Ask, Known};
use crate::distribution::{Chance, Distribution};
use crate::model::entity::{Field, Name};
use crate::profile::{IntoVarying, Profile, Varying};
use crate::quantity::{Bandwidth, Bytes, Probability, Rate};
use crate::time::Duration;

/// A type of parameters that are written with a unit.
pub trait Measured {
    /// What it measures, and what may stand behind a number.
    const MEASURE: Measure;
}

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// With its article: "a duration".
    pub name: &'static str,
    /// The two most usual units.
    pub units: [&'static str; 2],
    /// Whether a number with a decimal point needs no unit.
    pub is_fraction: bool,
}

/// Stands for a number without its unit, of which a check tells.
#[derive(Clone, Copy, Debug)]
pub struct Unitless;

fn never<T>() -> T {
    unreachable!("a topology with a number that lacks its unit is not compiled")
}

macro_rules! measured {
    ($($name:literal, $units:expr, $is_fraction:expr, [$($ty:ty),*];)*) => {$($(
        impl Measured for $ty {
            const MEASURE: Measure =
                Measure { name: $name, units: $units, is_fraction: $is_fraction };
        }
        #[diagnostic::do_not_recommend]
        impl IntoParameter<$ty> for Unitless {
            fn into_parameter(self) -> Result<$ty, InvalidValue> {
                never()
            }
        }
    )*)*};
}

measured! {
    "a duration", ["ms", "s"], false,
        [Duration, Option<Duration>, Varying<Duration>, Option<Varying<Duration>>,
        Distribution, Option<Distribution>];
    "a rate", ["/s", "/min"], false,
        [Rate, Option<Rate>, Varying<Rate>, Option<Varying<Rate>>];
    "a bandwidth", ["Mbps", "Gbps"], false,
        [Bandwidth, Option<Bandwidth>, Varying<Bandwidth>, Option<Varying<Bandwidth>>];
    "a number of bytes", ["B", "KiB"], false,
        [Bytes, Option<Bytes>, Varying<Bytes>, Option<Varying<Bytes>>];
    "a probability", ["%", "%"], true,
        [Probability, Option<Probability>, Varying<Probability>, Option<Varying<Probability>>,
        Chance];
}

impl<E: Field<NAME>, const NAME: u64> Ask<(E, Name<NAME>)>
where
    E::Type: Measured,
{
    /// What the parameter measures.
    pub const MEASURE: Option<Measure> = Some(<E::Type as Measured>::MEASURE);
}

/// The answer for a parameter that is a plain number, or anything else.
pub trait Unmeasured {
    /// Nothing.
    const MEASURE: Option<Measure> = None;
}

impl<T> Unmeasured for Ask<T> {}

/// So that a distribution of numbers that lack their unit is one of something.
#[diagnostic::do_not_recommend]
impl IntoVarying<Duration> for Unitless {
    fn into_varying(self) -> Varying<Duration> {
        never()
    }
}

/// Whether a plain number can be the value of a parameter.
pub const fn is_plain(measure: Option<Measure>, has_point: bool) -> bool {
    match measure {
        None => true,
        Some(Measure { is_fraction, .. }) => is_fraction && has_point,
    }
}

/// Whether a value of what is called `name` is one of the parameter.
pub const fn is_measured(measure: Option<Measure>, name: &str) -> bool {
    match measure {
        None => false,
        Some(measure) => same(measure.name, name),
    }
}

impl Known<true> {
    /// A profile of numbers that need no unit.
    pub fn numbers<P>(profile: P) -> P {
        profile
    }

    /// A number that needs no unit.
    pub fn number<N>(number: N) -> N {
        number
    }
}

impl Known<false> {
    /// A profile of numbers that lack their unit.
    pub fn numbers(profile: Profile<f64>) -> Profile<f64> {
        profile
    }

    /// A number that lacks its unit.
    pub fn number<N>(_number: N) -> Unitless {
        Unitless
    }
}

/// A plain number must not stand where a quantity with a unit is needed.
#[track_caller]
pub const fn check_plain(measure: Option<Measure>, has_point: bool, parameter: &str, number: &str) {
    if is_plain(measure, has_point) {
        return;
    }
    let Some(Measure { name, units, is_fraction }) = measure else { return };
    let text = Text::new().push_code(number).push(" needs a unit: ").push_code(parameter);
    let text = text.push(" is ").push(name).push("\nhelp: write `").push(number).push(units[0]);
    let text = if is_fraction {
        text.push("`, or a fraction of 1")
    } else {
        text.push("` or `").push(number).push(units[1]).push("`")
    };
    panic!("{}", text.as_str());
}
