//! The empirical distribution: given values with given weights.

use super::alias::AliasTable;
use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::{Distribution, Law};
use crate::engine::random::Random;
use crate::quantity::Quantity;

/// Values as they were given; no rounding happens to them.
#[derive(Clone, Debug)]
pub(super) struct Empirical<Q> {
    values: Vec<Q>,
    choice: AliasTable,
    moments: Moments,
}

impl<Q: Quantity> Empirical<Q> {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random) -> Q {
        self.values[self.choice.draw(random)]
    }

    pub(super) fn moments(&self) -> Moments {
        self.moments
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// One of the given values, each with a probability in proportion to its weight:
    /// `[(5ms, 0.9), (80ms, 0.1)]`. Measured samples go in with weight 1 each.
    ///
    /// # Errors
    /// When a value or a weight is not finite, a weight is negative, or none is above 0.
    pub fn empirical(
        values: impl IntoIterator<Item = (Q, f64)>,
    ) -> Result<Self, InvalidDistribution> {
        let check = Check("an empirical distribution");
        let (values, weights): (Vec<Q>, Vec<f64>) = values.into_iter().unzip();
        for (index, value) in values.iter().map(|value| value.to_base()).enumerate() {
            check
                .that(value.is_finite(), "value", value, "finite")
                .map_err(|error| InvalidDistribution { index: Some(index), ..error })?;
        }
        let choice = AliasTable::new(check, &weights)?;
        let points = weights.iter().zip(&values);
        let moments = Moments::of_mixture(
            points.map(|(weight, value)| (*weight, Moments::new(value.to_base(), 0.0))),
        );
        Ok(Law::Empirical(Empirical { values, choice, moments }).into())
    }
}
