//! The short words of `topology!`: every value in it can use them without an import.
//!
//! Constructors of distributions and arrivals return what was wrong with their arguments as an
//! error, which the topology reports with the node and the parameter.

pub use crate::components::words::*;
pub use crate::queueing::{codel, fifo, lifo, priority};

use crate::distribution::arrivals::Arrivals;
use crate::distribution::{Distribution, InvalidDistribution, Zipf};
use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::profile::{IntoVarying, Profile, Varying};
use crate::quantity::{Quantity, Rate};
use crate::time::Duration;
use core::ops::Range;

/// A coefficient of variation: standard deviation by mean. `cv 0.8` in `topology!`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cv(pub f64);

/// A coefficient of variation, written `cv 0.8` or `cv(0.8)`.
pub fn cv(cv: f64) -> Cv {
    Cv(cv)
}

type Made<Q> = Result<Distribution<Q>, InvalidDistribution>;

/// Exponential with this mean.
pub fn exp<V, Q: Quantity>(mean: V) -> Made<Q>
where
    V: IntoVarying<Q>,
{
    Distribution::exponential(mean)
}

/// Lognormal with this mean and coefficient of variation: `lognormal(12ms, cv 0.8)`.
pub fn lognormal<V: IntoVarying<Q>, Q: Quantity>(mean: V, cv: Cv) -> Made<Q> {
    Distribution::lognormal(mean, cv.0)
}

/// Uniform between two values: `uniform(5ms..15ms)`.
pub fn uniform<V: IntoVarying<Q>, Q: Quantity>(range: Range<V>) -> Made<Q> {
    Distribution::uniform(range)
}

/// Normal with this mean and standard deviation, truncated at 0 where the quantity cannot be
/// negative.
pub fn normal<V: IntoVarying<Q>, Q: Quantity>(mean: V, deviation: V) -> Made<Q> {
    Distribution::normal(mean, deviation)
}

/// Gamma with this shape and mean.
pub fn gamma<V: IntoVarying<Q>, Q: Quantity>(shape: f64, mean: V) -> Made<Q> {
    Distribution::gamma(shape, mean)
}

/// Erlang: the sum of `phases` exponentials, with this mean.
pub fn erlang<V: IntoVarying<Q>, Q: Quantity>(phases: u32, mean: V) -> Made<Q> {
    Distribution::erlang(phases, mean)
}

/// Weibull with this shape and scale.
pub fn weibull<V: IntoVarying<Q>, Q: Quantity>(shape: f64, scale: V) -> Made<Q> {
    Distribution::weibull(shape, scale)
}

/// Pareto with this shape and smallest value.
pub fn pareto<V: IntoVarying<Q>, Q: Quantity>(shape: f64, minimum: V) -> Made<Q> {
    Distribution::pareto(shape, minimum)
}

/// Two-phase hyperexponential with balanced means: `hyperexponential(100ms, cv 2.0)`.
pub fn hyperexponential<V: IntoVarying<Q>, Q: Quantity>(mean: V, cv: Cv) -> Made<Q> {
    Distribution::hyperexponential_balanced(mean, cv.0)
}

/// What [`constant`] makes of a value.
pub trait Constant {
    /// Arrivals for a rate, a distribution for a duration.
    type Output;
    /// Makes it.
    fn constant(self) -> Self::Output;
}

impl Constant for Rate {
    type Output = Arrivals;
    fn constant(self) -> Arrivals {
        Arrivals::constant(self)
    }
}

impl Constant for Profile<Rate> {
    type Output = Arrivals;
    fn constant(self) -> Arrivals {
        Arrivals::constant(self)
    }
}

impl Constant for Varying<Rate> {
    type Output = Arrivals;
    fn constant(self) -> Arrivals {
        Arrivals::constant(self)
    }
}

impl Constant for Duration {
    type Output = Distribution;
    fn constant(self) -> Distribution {
        Distribution::constant(self)
    }
}

impl Constant for core::time::Duration {
    type Output = Distribution;
    fn constant(self) -> Distribution {
        Distribution::constant(self)
    }
}

/// Evenly spaced arrivals for a rate (the k-th when the integral of the rate reaches k), a
/// distribution without spread for a duration.
pub fn constant<V: Constant>(value: V) -> V::Output {
    value.constant()
}

/// Poisson arrivals, exact also where the rate is a profile.
pub fn poisson(rate: impl IntoVarying<Rate>) -> Arrivals {
    Arrivals::poisson(rate)
}

/// Arrivals with independent gaps from a distribution.
pub fn renewal(gap: impl IntoParameter<Distribution>) -> Result<Arrivals, InvalidValue> {
    gap.into_parameter().map(Arrivals::renewal)
}

fn refused(error: &InvalidDistribution) -> InvalidValue {
    let InvalidDistribution { law, parameter, index, value, allowed } = error;
    let number = index.map_or_else(String::new, |index| format!(" number {index}"));
    InvalidValue {
        value: format!("{law} with {value} as `{parameter}`{number}"),
        expected: format!("`{parameter}` must be {allowed}"),
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoParameter<Distribution<Q>> for Made<Q> {
    fn into_parameter(self) -> Result<Distribution<Q>, InvalidValue> {
        self.map_err(|error| refused(&error))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Zipf> for Result<Zipf, InvalidDistribution> {
    fn into_parameter(self) -> Result<Zipf, InvalidValue> {
        self.map_err(|error| refused(&error))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Arrivals> for Result<Arrivals, InvalidDistribution> {
    fn into_parameter(self) -> Result<Arrivals, InvalidValue> {
        self.map_err(|error| refused(&error))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Arrivals> for Result<Arrivals, InvalidValue> {
    fn into_parameter(self) -> Result<Arrivals, InvalidValue> {
        self
    }
}
