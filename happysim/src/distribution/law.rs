//! The laws there are: one value and the moments of each.

use super::empirical::Empirical;
use super::exponential::{BalancedHyperexponential, Exponential};
use super::gamma::{Erlang, Gamma};
use super::heavy_tailed::{Pareto, Weibull};
use super::lognormal::Lognormal;
use super::mixture::Mixture;
use super::moments::Moments;
use super::normal::Normal;
use super::percentiles::Fitted;
use super::uniform::Uniform;
use crate::engine::random::Random;
use crate::profile::Varying;
use crate::quantity::Quantity;
use crate::time::Instant;

/// A distribution without its stream.
#[derive(Clone, Debug)]
pub(super) enum Law<Q> {
    Constant(Varying<Q>),
    Uniform(Uniform<Q>),
    Exponential(Exponential<Q>),
    BalancedHyperexponential(BalancedHyperexponential<Q>),
    Normal(Normal<Q>),
    Lognormal(Lognormal<Q>),
    Gamma(Gamma<Q>),
    Erlang(Erlang<Q>),
    Weibull(Weibull<Q>),
    Pareto(Pareto<Q>),
    Empirical(Empirical<Q>),
    Fitted(Fitted),
    Mixture(Mixture<Q>),
}

impl<Q: Quantity> Law<Q> {
    /// The law of most models is drawn without a further call.
    #[inline]
    pub(super) fn draw(&self, random: &mut Random, now: Instant) -> Q {
        match self {
            Self::Exponential(law) => nearest(law.draw(random, now)),
            _ => self.draw_another(random, now),
        }
    }

    #[inline(never)]
    fn draw_another(&self, random: &mut Random, now: Instant) -> Q {
        let value = match self {
            Self::Constant(value) => return value.at(now),
            Self::Empirical(law) => return law.draw(random),
            Self::Mixture(law) => return law.draw(random, now),
            Self::Uniform(law) => law.draw(random, now),
            Self::Exponential(law) => law.draw(random, now),
            Self::BalancedHyperexponential(law) => law.draw(random, now),
            Self::Normal(law) => law.draw(random, now),
            Self::Lognormal(law) => law.draw(random, now),
            Self::Gamma(law) => law.draw(random, now),
            Self::Erlang(law) => law.draw(random, now),
            Self::Weibull(law) => law.draw(random, now),
            Self::Pareto(law) => law.draw(random, now),
            Self::Fitted(law) => law.draw(random),
        };
        nearest(value)
    }

    pub(super) fn moments(&self, now: Instant) -> Moments {
        match self {
            Self::Constant(value) => Moments::new(value.at(now).to_base(), 0.0),
            Self::Empirical(law) => law.moments(),
            Self::Mixture(law) => law.moments(now),
            Self::Uniform(law) => law.moments(now),
            Self::Exponential(law) => law.moments(now),
            Self::BalancedHyperexponential(law) => law.moments(now),
            Self::Normal(law) => law.moments(now),
            Self::Lognormal(law) => law.moments(now),
            Self::Gamma(law) => law.moments(now),
            Self::Erlang(law) => law.moments(now),
            Self::Weibull(law) => law.moments(now),
            Self::Pareto(law) => law.moments(now),
            Self::Fitted(law) => law.moments(),
        }
    }
}

/// The quantity of this value, or the end of its range.
#[inline]
fn nearest<Q: Quantity>(value: f64) -> Q {
    Q::from_base(value).unwrap_or_else(|_| nearest_possible(value))
}

/// The end of the range beyond which a value came to lie: a heavy tail has no end of its own.
#[cold]
fn nearest_possible<Q: Quantity>(value: f64) -> Q {
    let (low, high) = Q::RANGE;
    match Q::from_base(value.clamp(low.max(f64::MIN), high.min(f64::MAX))) {
        Ok(value) => value,
        Err(error) => panic!("a distribution drew {error}"),
    }
}
