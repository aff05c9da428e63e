//! Retry policies: whether a failed attempt is followed by another, and when.

use core::ops::Range;

use super::backoff::{Backoff, Delays, IntoJitter, Jitter};
use super::budget::Budget;
use crate::engine::random::Random;
use crate::model::bind::{Binder, Part};
use crate::model::outcome::Failure;
use crate::model::parameter::{InRange, IntoParameter, InvalidValue};
use crate::profile::{IntoVarying, Varying};
use crate::time::{Clock, Duration};

/// Whether a failed attempt is followed by another, and after which delay.
///
/// Attempts count from 1, the first try. The delay runs from the moment at which the failure,
/// or the timeout, is known. What one request has been through is in its [`Backoff`]; the policy
/// itself is the same for all requests of its node, and owns their stream of random numbers.
///
/// | in `topology!` | delay before retry `k` = 1, 2, ... |
/// |---|---|
/// | `no_retry` | one attempt only |
/// | `fixed(3, 100ms)` | 100 ms, 3 attempts in all |
/// | `exponential(3, 20ms..1s, full_jitter)` | `min(1 s, 20 ms * 2^(k-1))`, spread by the [`Jitter`] |
/// | `decorrelated(3, 20ms..1s)` | `min(1 s, U(20 ms, 3 * the delay before))`, the delay before the first being 20 ms |
///
/// Sources: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog (2015); Google's
/// SRE book, chapter 22, on what layered retries do to the deepest backend.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    max_attempts: Varying<usize>,
    delays: Delays,
    retries: fn(Failure) -> bool,
    random: Option<Random>,
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another attempt, after this delay.
    Again(Duration),
    /// Nothing: the attempts are used up, or this failure is not retried.
    GiveUp,
    /// Nothing: the policy would try again, but the budget is used up.
    OverBudget,
}

impl RetryPolicy {
    /// One attempt only.
    pub fn none() -> Self {
        Self {
            max_attempts: Varying::Constant(1),
            delays: Delays::Fixed { delay: Varying::Constant(Duration::ZERO) },
            retries: every_failure,
            random: None,
        }
    }

    /// Up to `max_attempts` attempts (1 or more), each `delay` after the failure of the one
    /// before.
    pub fn fixed(
        max_attempts: impl IntoParameter<Varying<usize>>,
        delay: impl IntoVarying<Duration>,
    ) -> RetryPolicyBuilder {
        RetryPolicyBuilder::new(max_attempts, Delays::Fixed { delay: delay.into_varying() })
    }

    /// Up to `max_attempts` attempts (1 or more); the delay begins at the start of the range and
    /// doubles (see [`multiplier`](RetryPolicyBuilder::multiplier)) up to its end, the cap.
    pub fn exponential(
        max_attempts: impl IntoParameter<Varying<usize>>,
        delays: Range<impl IntoVarying<Duration>>,
    ) -> RetryPolicyBuilder {
        let delays = Delays::Exponential {
            initial: delays.start.into_varying(),
            cap: delays.end.into_varying(),
            multiplier: Varying::Constant(2.0),
            jitter: Jitter::None,
        };
        RetryPolicyBuilder::new(max_attempts, delays)
    }

    /// Up to `max_attempts` attempts (1 or more); each delay is drawn between the start of the
    /// range and three times the delay before, and is at most the end of the range.
    pub fn decorrelated(
        max_attempts: impl IntoParameter<Varying<usize>>,
        delays: Range<impl IntoVarying<Duration>>,
    ) -> RetryPolicyBuilder {
        let delays = Delays::Decorrelated {
            base: delays.start.into_varying(),
            cap: delays.end.into_varying(),
        };
        RetryPolicyBuilder::new(max_attempts, delays)
    }

    /// Judges a failed attempt. A retry takes its token from `budget`, where there is one. What
    /// is known to be lost is not tried again: nobody waits for it any more.
    pub fn judge(
        &mut self,
        failure: Failure,
        backoff: &mut Backoff,
        budget: Option<&mut Budget>,
        clock: &impl Clock,
    ) -> Verdict {
        backoff.fail();
        if failure == Failure::Lost {
            return Verdict::GiveUp;
        }
        let used_up = backoff.failed_attempts() >= self.max_attempts.at(clock.now()) as u64;
        if used_up || !(self.retries)(failure) {
            return Verdict::GiveUp;
        }
        if budget.is_some_and(|budget| !budget.spend()) {
            return Verdict::OverBudget;
        }
        Verdict::Again(self.delays.next(backoff, &mut self.random, clock))
    }
}

impl Part for RetryPolicy {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.random = Some(binder.random());
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.random = Some(former.random.take().unwrap_or_else(|| binder.random()));
    }
}

fn every_failure(_: Failure) -> bool {
    true
}

/// A retry policy that is being described. It is checked when it becomes a parameter, or by
/// [`build`](Self::build).
#[derive(Clone, Debug)]
#[must_use = "a description does nothing by itself"]
pub struct RetryPolicyBuilder {
    max_attempts: Result<Varying<usize>, InvalidValue>,
    delays: Delays,
    retries: fn(Failure) -> bool,
}

impl RetryPolicyBuilder {
    fn new(max_attempts: impl IntoParameter<Varying<usize>>, delays: Delays) -> Self {
        Self { max_attempts: max_attempts.into_parameter(), delays, retries: every_failure }
    }

    /// Spreads exponential delays; the other policies are as they are. Default: no jitter.
    pub fn jitter(mut self, how: impl IntoJitter) -> Self {
        if let Delays::Exponential { jitter, .. } = &mut self.delays {
            *jitter = how.into_jitter();
        }
        self
    }

    /// The factor from one exponential delay to the next, at least 1. Default: 2.
    pub fn multiplier(mut self, factor: impl IntoVarying<f64>) -> Self {
        if let Delays::Exponential { multiplier, .. } = &mut self.delays {
            *multiplier = factor.into_varying();
        }
        self
    }

    /// Which failures are followed by another attempt. Default: all of them.
    pub fn only_if(mut self, retries: fn(Failure) -> bool) -> Self {
        self.retries = retries;
        self
    }

    /// Checks the description.
    ///
    /// # Errors
    /// The first value that is out of its range: fewer than 1 attempt, a cap below the first
    /// delay, a multiplier below 1, a jitter that is negative or not a number.
    pub fn build(self) -> Result<RetryPolicy, InvalidValue> {
        let max_attempts = self.max_attempts?;
        within(&max_attempts, 1.0, "the number of attempts must be at least 1: the first try")?;
        match &self.delays {
            Delays::Fixed { .. } => {}
            Delays::Exponential { initial, cap, multiplier, jitter } => {
                ordered(initial, cap)?;
                within(multiplier, 1.0, "the multiplier of the delays must be at least 1")?;
                check_jitter(jitter)?;
            }
            Delays::Decorrelated { base, cap } => ordered(base, cap)?,
        }
        let Self { delays, retries, .. } = self;
        Ok(RetryPolicy { max_attempts, delays, retries, random: None })
    }
}

fn invalid(value: String, expected: &str) -> InvalidValue {
    InvalidValue { value, expected: expected.to_owned() }
}

fn within(value: &impl InRange, low: f64, expected: &str) -> Result<(), InvalidValue> {
    value.check(low, f64::INFINITY).map_err(|value| invalid(value, expected))
}

fn ordered(first: &Varying<Duration>, cap: &Varying<Duration>) -> Result<(), InvalidValue> {
    if first.min() <= cap.max() {
        return Ok(());
    }
    let seconds = |seconds: f64| Duration::from_secs_f64(seconds);
    let value = format!("{}..{}", seconds(first.min()), seconds(cap.max()));
    Err(invalid(value, "the first delay must not exceed the cap"))
}

fn check_jitter(jitter: &Jitter) -> Result<(), InvalidValue> {
    let Jitter::Proportional(fraction) = jitter else { return Ok(()) };
    let expected = "a proportional jitter must be a finite fraction of at least 0";
    fraction.check(0.0, f64::MAX).map_err(|value| invalid(value, expected))
}

#[diagnostic::do_not_recommend]
impl IntoParameter<RetryPolicy> for RetryPolicyBuilder {
    fn into_parameter(self) -> Result<RetryPolicy, InvalidValue> {
        self.build()
    }
}

#[diagnostic::do_not_recommend]
impl<F: Fn() -> RetryPolicy> IntoParameter<RetryPolicy> for F {
    fn into_parameter(self) -> Result<RetryPolicy, InvalidValue> {
        Ok(self())
    }
}

/// [`RetryPolicy::none`]: `retry: no_retry`.
pub fn no_retry() -> RetryPolicy {
    RetryPolicy::none()
}

/// [`RetryPolicy::fixed`]: `fixed(3, 100ms)`.
pub fn fixed(
    max_attempts: impl IntoParameter<Varying<usize>>,
    delay: impl IntoVarying<Duration>,
) -> RetryPolicyBuilder {
    RetryPolicy::fixed(max_attempts, delay)
}

/// [`RetryPolicy::exponential`] with a jitter: `exponential(3, 20ms..1s, full_jitter)`.
pub fn exponential(
    max_attempts: impl IntoParameter<Varying<usize>>,
    delays: Range<impl IntoVarying<Duration>>,
    jitter: impl IntoJitter,
) -> RetryPolicyBuilder {
    RetryPolicy::exponential(max_attempts, delays).jitter(jitter)
}

/// [`RetryPolicy::decorrelated`]: `decorrelated(3, 20ms..1s)`.
pub fn decorrelated(
    max_attempts: impl IntoParameter<Varying<usize>>,
    delays: Range<impl IntoVarying<Duration>>,
) -> RetryPolicyBuilder {
    RetryPolicy::decorrelated(max_attempts, delays)
}
