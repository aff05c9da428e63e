//! Distributions: random durations, numbers and choices, and [arrival processes](arrivals).
//!
//! A [`Distribution`] draws a quantity: a duration unless said otherwise. Its location and
//! scale (mean, bounds, minimum, ...) may change over time; each draw reads them at the current
//! instant. Its mean is always known, so that a load can be computed before anything runs. Its
//! shape (coefficient of variation, number of phases, exponent) is a constant: it chooses the law
//! itself, and what follows from it is computed once. `Simulation::change` gives a node another law
//! from some instant on.
//!
//! [`Zipf`] and [`Choice`] draw one of several things, [`Chance`] draws yes or no.
//!
//! Everything is drawn with arithmetic that has the same bits on every platform (elementary
//! functions come from `libm`), from the stream that is bound when a topology is built.

pub mod arrivals;

mod alias;
mod chance;
mod choice;
mod empirical;
mod exponential;
mod gamma;
mod heavy_tailed;
mod invalid;
mod law;
mod lognormal;
mod mixture;
mod moments;
mod normal;
mod parameter;
mod percentiles;
mod standard_normal;
#[cfg(test)]
mod tests;
mod uniform;
mod ziggurat;
mod zipf;

pub use chance::Chance;
pub use choice::Choice;
pub use invalid::InvalidDistribution;
pub use zipf::Zipf;

use crate::engine::random::Random;
use crate::profile::{IntoVarying, Profile, Varying};
use crate::quantity::Quantity;
use crate::time::{Clock, Duration, Instant};
use law::Law;

/// A random quantity: its law, and the stream of random numbers it draws from.
///
/// A plain value, and a profile, are distributions too: of that constant.
///
/// Values are rounded as their quantity demands: durations to nanoseconds, counts to whole
/// numbers. A value beyond the range of its quantity (584 years, a probability of 1) becomes
/// the end of that range. The moments are those before rounding and before that cut.
///
/// ```
/// use happysim::distribution::Distribution;
/// use happysim::engine::random::Random;
/// use happysim::time::{Instant, millis};
///
/// let mut service = Distribution::lognormal(millis(12), 0.8)?;
/// assert!((service.mean_at(Instant::ZERO) - 0.012).abs() < 1e-15);
///
/// service.bind_stream(Random::new(42, "api", "service"));
/// let first = service.sample(&Instant::ZERO);
/// assert!(first > millis(0));
/// # Ok::<(), happysim::distribution::InvalidDistribution>(())
/// ```
#[derive(Clone, Debug)]
pub struct Distribution<Q: Quantity = Duration> {
    law: Law<Q>,
    stream: Option<Random>,
}

impl<Q: Quantity> Distribution<Q> {
    /// Always the same value, or that of a profile. It draws no random numbers.
    pub fn constant(value: impl IntoVarying<Q>) -> Self {
        Law::Constant(value.into_varying()).into()
    }

    /// Gives the distribution its own stream of random numbers, from its beginning.
    pub fn bind_stream(&mut self, random: Random) {
        self.stream = Some(random);
    }

    /// Its stream as far as it has come, for the one that takes its place.
    pub(crate) fn take_stream(&mut self) -> Option<Random> {
        self.stream.take()
    }

    /// Draws a value, with the parameters as they are at the clock's current instant.
    ///
    /// # Panics
    /// When no stream is bound (a constant needs none), or when the profile of a plain number
    /// gives a parameter a value that it cannot have, such as a negative mean.
    #[inline]
    pub fn sample(&mut self, clock: &impl Clock) -> Q {
        if let Law::Constant(value) = &self.law {
            return value.at(clock.now());
        }
        match &mut self.stream {
            Some(random) => self.law.draw(random, clock.now()),
            None => unbound("distribution"),
        }
    }

    /// The mean, in the base unit of the quantity (seconds for a duration), with the parameters
    /// as they are at `at`; infinite where the law has none.
    pub fn mean_at(&self, at: Instant) -> f64 {
        self.law.moments(at).mean
    }

    /// The squared coefficient of variation (variance over squared mean) with the parameters as
    /// they are at `at`: 0 for a constant, 1 for an exponential law, infinite where the law has
    /// no variance.
    pub fn squared_cv_at(&self, at: Instant) -> f64 {
        self.law.moments(at).squared_cv()
    }
}

impl<Q: Quantity> From<Law<Q>> for Distribution<Q> {
    fn from(law: Law<Q>) -> Self {
        Self { law, stream: None }
    }
}

impl<Q: Quantity> From<Q> for Distribution<Q> {
    fn from(value: Q) -> Self {
        Self::constant(value)
    }
}

impl<Q: Quantity> From<Profile<Q>> for Distribution<Q> {
    fn from(profile: Profile<Q>) -> Self {
        Self::constant(profile)
    }
}

impl<Q: Quantity> From<Varying<Q>> for Distribution<Q> {
    fn from(value: Varying<Q>) -> Self {
        Self::constant(value)
    }
}

/// What happens to a draw without a stream.
#[cold]
#[track_caller]
fn unbound(what: &str) -> ! {
    panic!(
        "a {what} has no stream of random numbers to draw from: a field of an entity gets one \
         when its topology is built, anything else by `bind_stream`"
    )
}
