//! How long a client waits before it tries again.

use crate::engine::random::Random;
use crate::profile::{IntoVarying, Varying};
use crate::time::{Clock, Duration, Instant};

/// How the delays of an exponential backoff are spread, so that clients that failed together do
/// not come back together.
///
/// After M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog (2015). `d` is the
/// delay without jitter; no jitter takes a delay beyond the cap.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Jitter {
    /// `d`.
    #[default]
    None,
    /// `d * (1 + U(0, fraction))`; the fraction, or every value of its profile, is at least 0.
    Proportional(Varying<f64>),
    /// `d/2 + U(0, d/2)`.
    Equal,
    /// `U(0, d)`.
    Full,
}

/// What names a jitter: a [`Jitter`], or one of the words [`no_jitter`], [`equal_jitter`],
/// [`full_jitter`] without parentheses.
pub trait IntoJitter {
    /// The jitter.
    fn into_jitter(self) -> Jitter;
}

impl IntoJitter for Jitter {
    fn into_jitter(self) -> Jitter {
        self
    }
}

impl<F: Fn() -> Jitter> IntoJitter for F {
    fn into_jitter(self) -> Jitter {
        self()
    }
}

/// [`Jitter::None`].
pub fn no_jitter() -> Jitter {
    Jitter::None
}

/// [`Jitter::Equal`].
pub fn equal_jitter() -> Jitter {
    Jitter::Equal
}

/// [`Jitter::Full`].
pub fn full_jitter() -> Jitter {
    Jitter::Full
}

/// [`Jitter::Proportional`]: up to `fraction` of each delay is added to it.
pub fn proportional_jitter(fraction: impl IntoVarying<f64>) -> Jitter {
    Jitter::Proportional(fraction.into_varying())
}

/// What one request remembers between its attempts; never shared with another request.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    failed_attempts: u64,
    growth: f64,
    last_delay: Option<Duration>,
}

impl Default for Backoff {
    /// No attempt has failed yet.
    fn default() -> Self {
        Self { failed_attempts: 0, growth: 1.0, last_delay: None }
    }
}

impl Backoff {
    /// How many attempts have failed so far.
    pub fn failed_attempts(&self) -> u64 {
        self.failed_attempts
    }

    /// One more attempt has failed.
    pub(super) fn fail(&mut self) {
        self.failed_attempts += 1;
    }
}

/// The delays between attempts, as a rule.
#[derive(Clone, Debug)]
pub(super) enum Delays {
    Fixed {
        delay: Varying<Duration>,
    },
    Exponential {
        initial: Varying<Duration>,
        cap: Varying<Duration>,
        multiplier: Varying<f64>,
        jitter: Jitter,
    },
    Decorrelated {
        base: Varying<Duration>,
        cap: Varying<Duration>,
    },
}

impl Delays {
    /// The delay before the next attempt; the parameters are those of this instant.
    pub(super) fn next(
        &self,
        backoff: &mut Backoff,
        random: &mut Option<Random>,
        clock: &impl Clock,
    ) -> Duration {
        let now = clock.now();
        match self {
            Self::Fixed { delay } => delay.at(now),
            Self::Exponential { initial, cap, multiplier, jitter } => {
                let cap = cap.at(now);
                let undisturbed = scaled(initial.at(now), backoff.growth).min(cap);
                // The bound keeps the product finite; the cap was reached long before.
                backoff.growth = (backoff.growth * multiplier.at(now)).min(1e100);
                spread(jitter, undisturbed, now, random).min(cap)
            }
            Self::Decorrelated { base, cap } => {
                decorrelated(base.at(now), cap.at(now), backoff, random)
            }
        }
    }
}

fn spread(jitter: &Jitter, delay: Duration, now: Instant, random: &mut Option<Random>) -> Duration {
    match jitter {
        Jitter::None => delay,
        Jitter::Proportional(fraction) => scaled(delay, 1.0 + fraction.at(now) * uniform(random)),
        Jitter::Equal => scaled(delay, 0.5 + 0.5 * uniform(random)),
        Jitter::Full => scaled(delay, uniform(random)),
    }
}

/// `sleep = min(cap, U(base, 3 * last sleep))`, the last sleep being `base` at first.
fn decorrelated(
    base: Duration,
    cap: Duration,
    backoff: &mut Backoff,
    random: &mut Option<Random>,
) -> Duration {
    let last = backoff.last_delay.unwrap_or(base);
    let width = scaled(last, 3.0).saturating_sub(base);
    let drawn = scaled(width, uniform(random)).as_nanos();
    let delay = Duration::from_nanos(base.as_nanos().saturating_add(drawn)).min(cap);
    backoff.last_delay = Some(delay);
    delay
}

fn uniform(random: &mut Option<Random>) -> f64 {
    let random = random.as_mut();
    random.expect("a retry policy is used in a topology, which binds its streams").uniform()
}

/// `duration * factor`, at most the longest duration.
pub(crate) fn scaled(duration: Duration, factor: f64) -> Duration {
    let seconds = duration.as_secs_f64() * factor;
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}
