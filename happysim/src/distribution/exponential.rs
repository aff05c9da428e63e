//! The exponential distribution, and mixtures of it.

use super::invalid::{Check, InvalidDistribution};
use super::mixture::Mixture;
use super::moments::Moments;
use super::parameter::Parameter;
use super::{Distribution, Law, ziggurat};
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// Waiting without memory, of a given mean.
#[derive(Clone, Debug)]
pub(super) struct Exponential<Q> {
    mean: Parameter<Q>,
}

impl<Q: Quantity> Exponential<Q> {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        self.mean.at(now) * ziggurat::exponential(random)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        Moments::from_squared_cv(self.mean.at(now), 1.0)
    }
}

/// Two exponential branches of equal load: given by mean and coefficient of variation.
#[derive(Clone, Debug)]
pub(super) struct BalancedHyperexponential<Q> {
    mean: Parameter<Q>,
    squared_cv: f64,
    /// Probability of the short branch.
    short: f64,
    /// Means of the branches, as multiples of the mean.
    short_factor: f64,
    long_factor: f64,
}

impl<Q: Quantity> BalancedHyperexponential<Q> {
    fn new(mean: Parameter<Q>, squared_cv: f64) -> Self {
        // With p above a half: p = (1 + sqrt((c - 1) / (c + 1))) / 2, and 1 - p without loss
        // of digits where p is close to 1.
        let root = libm::sqrt((squared_cv - 1.0) / (squared_cv + 1.0));
        let short = 0.5 * (1.0 + root);
        let long = 1.0 / ((squared_cv + 1.0) * (1.0 + root));
        Self { mean, squared_cv, short, short_factor: 0.5 / short, long_factor: 0.5 / long }
    }

    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> f64 {
        let factor = if random.chance(self.short) { self.short_factor } else { self.long_factor };
        self.mean.at(now) * factor * ziggurat::exponential(random)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        Moments::from_squared_cv(self.mean.at(now), self.squared_cv)
    }
}

impl<Q: Quantity> Distribution<Q> {
    /// Exponential of the given mean.
    ///
    /// # Errors
    /// When the mean is negative or not finite.
    pub fn exponential(mean: impl IntoVarying<Q>) -> Result<Self, InvalidDistribution> {
        Ok(exponential_law(Check("an exponential distribution"), mean)?.into())
    }

    /// Hyperexponential: one of several exponential branches, given as (mean, weight).
    ///
    /// # Errors
    /// When a mean is negative or not finite, or a weight is; when no weight is above 0.
    pub fn hyperexponential(
        branches: impl IntoIterator<Item = (impl IntoVarying<Q>, f64)>,
    ) -> Result<Self, InvalidDistribution> {
        let check = Check("a hyperexponential distribution");
        let mut laws = Vec::new();
        for (index, (mean, weight)) in branches.into_iter().enumerate() {
            let law = exponential_law(check, mean)
                .map_err(|error| InvalidDistribution { index: Some(index), ..error })?;
            laws.push((law, weight));
        }
        Mixture::new(check, laws).map(|mixture| Law::Mixture(mixture).into())
    }

    /// Hyperexponential with two branches that bear the same load ("balanced means"), from its
    /// mean and its coefficient of variation `cv` (standard deviation over mean), at least 1.
    ///
    /// # Errors
    /// When the mean is negative or not finite, or `cv` is not from 1 to 1e6.
    pub fn hyperexponential_balanced(
        mean: impl IntoVarying<Q>,
        cv: f64,
    ) -> Result<Self, InvalidDistribution> {
        let check = Check("a hyperexponential distribution");
        let mean = Parameter::nonnegative(check, "mean", mean.into_varying())?;
        check.that((1.0..=1e6).contains(&cv), "cv", cv, "from 1 to 1e6")?;
        Ok(Law::BalancedHyperexponential(BalancedHyperexponential::new(mean, cv * cv)).into())
    }
}

fn exponential_law<Q: Quantity>(
    check: Check,
    mean: impl IntoVarying<Q>,
) -> Result<Law<Q>, InvalidDistribution> {
    let mean = Parameter::nonnegative(check, "mean", mean.into_varying())?;
    Ok(Law::Exponential(Exponential { mean }))
}
