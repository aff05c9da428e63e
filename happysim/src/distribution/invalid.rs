//! What is wrong with the parameters of a distribution.

use core::fmt;

/// A parameter outside its range: which one, of what, its value, and what is allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidDistribution {
    /// The law that was asked for, with its article: "a lognormal distribution".
    pub law: &'static str,
    /// The parameter's name.
    pub parameter: &'static str,
    /// Which one of a list of such parameters, from 0.
    pub index: Option<usize>,
    /// The value that was given, in the base unit.
    pub value: f64,
    /// What the value must be: "finite and at least 0".
    pub allowed: &'static str,
}

impl fmt::Display for InvalidDistribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { law, parameter, index, value, allowed } = self;
        write!(f, "`{parameter}`")?;
        if let Some(index) = index {
            write!(f, " number {index}")?;
        }
        write!(f, " of {law} is {value}: it must be {allowed}")
    }
}

impl core::error::Error for InvalidDistribution {}

/// Checks the parameters of one law; every method hands back the value that passed.
#[derive(Clone, Copy)]
pub(super) struct Check(pub(super) &'static str);

impl Check {
    /// The error about `parameter`.
    pub(super) fn error(
        self,
        parameter: &'static str,
        value: f64,
        allowed: &'static str,
    ) -> InvalidDistribution {
        InvalidDistribution { law: self.0, parameter, index: None, value, allowed }
    }

    /// A value for which `holds`.
    pub(super) fn that(
        self,
        holds: bool,
        parameter: &'static str,
        value: f64,
        allowed: &'static str,
    ) -> Result<f64, InvalidDistribution> {
        if holds { Ok(value) } else { Err(self.error(parameter, value, allowed)) }
    }

    /// A finite value above 0.
    pub(super) fn positive(
        self,
        parameter: &'static str,
        value: f64,
    ) -> Result<f64, InvalidDistribution> {
        let holds = value > 0.0 && value.is_finite();
        self.that(holds, parameter, value, "finite and above 0")
    }

    /// A finite value of 0 or more.
    pub(super) fn nonnegative(
        self,
        parameter: &'static str,
        value: f64,
    ) -> Result<f64, InvalidDistribution> {
        let holds = value >= 0.0 && value.is_finite();
        self.that(holds, parameter, value, "finite and at least 0")
    }

    /// Weights: finite, none negative, at least one above 0.
    pub(super) fn weights(self, weights: &[f64]) -> Result<(), InvalidDistribution> {
        for (index, &weight) in weights.iter().enumerate() {
            self.nonnegative("weight", weight)
                .map_err(|error| InvalidDistribution { index: Some(index), ..error })?;
        }
        let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
        let holds = sum > 0.0 && sum.is_finite();
        self.that(holds, "sum of weights", sum, "finite and above 0").map(|_| ())
    }
}
