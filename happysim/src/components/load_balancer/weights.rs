//! What share of the load each backend should get.

use crate::model::checked::Checked;
use crate::model::parameter::{InRange, IntoParameter, InvalidValue};
use crate::profile::Varying;
use crate::time::Instant;

/// The weights of backends, by lane: `weights: [5, 1, 1]`. A weight is a number of at least 0,
/// constant or a profile; backends beyond the end of the list have weight 1.
#[derive(Clone, Debug, Default)]
pub struct Weights(Vec<Varying<f64>>);

impl Weights {
    /// Weights that may change over time.
    pub fn new(weights: impl IntoIterator<Item = Varying<f64>>) -> Self {
        Self(weights.into_iter().collect())
    }

    /// The weight of a backend.
    #[inline]
    pub fn at(&self, backend: usize, now: Instant) -> f64 {
        self.0.get(backend).map_or(1.0, |weight| weight.at(now))
    }
}

impl InRange for Weights {
    fn check(&self, low: f64, high: f64) -> Result<(), String> {
        self.0.iter().try_for_each(|weight| weight.check(low, high))
    }
}

impl Checked for Weights {
    fn check(&self) -> Result<(), InvalidValue> {
        self.0
            .iter()
            .try_for_each(|weight| weight.check(0.0, f64::MAX))
            .map_err(|value| InvalidValue { value, expected: "a weight must be finite".to_owned() })
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoParameter<Weights> for [i32; N] {
    fn into_parameter(self) -> Result<Weights, InvalidValue> {
        Ok(Weights(self.map(|weight| Varying::Constant(f64::from(weight))).to_vec()))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoParameter<Weights> for [f64; N] {
    fn into_parameter(self) -> Result<Weights, InvalidValue> {
        Ok(Weights(self.map(Varying::Constant).to_vec()))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoParameter<Weights> for [Varying<f64>; N] {
    fn into_parameter(self) -> Result<Weights, InvalidValue> {
        Ok(Weights(self.to_vec()))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<Weights> for Vec<f64> {
    fn into_parameter(self) -> Result<Weights, InvalidValue> {
        Ok(Weights(self.into_iter().map(Varying::Constant).collect()))
    }
}
