//! Mixtures: one of several laws, drawn anew for each value.

use super::alias::AliasTable;
use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::{Distribution, Law};
use crate::engine::random::Random;
use crate::quantity::Quantity;
use crate::time::Instant;

/// Laws with weights; all draw from the stream of the whole.
#[derive(Clone, Debug)]
pub(super) struct Mixture<Q> {
    laws: Vec<Law<Q>>,
    weights: Vec<f64>,
    choice: AliasTable,
}

impl<Q: Quantity> Mixture<Q> {
    pub(super) fn new(
        check: Check,
        parts: impl IntoIterator<Item = (Law<Q>, f64)>,
    ) -> Result<Self, InvalidDistribution> {
        let (laws, weights): (Vec<_>, Vec<f64>) = parts.into_iter().unzip();
        let choice = AliasTable::new(check, &weights)?;
        Ok(Self { laws, weights, choice })
    }

    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> Q {
        self.laws[self.choice.draw(random)].draw(random, now)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        let parts = self.weights.iter().zip(&self.laws);
        Moments::of_mixture(parts.map(|(weight, law)| (*weight, law.moments(now))))
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// A mixture: each value comes from one of the given distributions, chosen in proportion to
    /// its weight: `[(fast, 0.95), (slow, 0.05)]`.
    ///
    /// Only the laws are taken over: the mixture draws everything from its own stream.
    ///
    /// # Errors
    /// When a weight is negative or not finite, or none is above 0.
    pub fn mixture(
        parts: impl IntoIterator<Item = (Self, f64)>,
    ) -> Result<Self, InvalidDistribution> {
        let parts = parts.into_iter().map(|(part, weight)| (part.law, weight));
        Ok(Law::Mixture(Mixture::new(Check("a mixture"), parts)?).into())
    }
}
