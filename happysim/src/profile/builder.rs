//! [`ProfileBuilder`]: a profile described segment by segment.

use core::marker::PhantomData;

use super::compile::compile;
use super::{InvalidProfile, Profile};
use crate::quantity::Quantity;
use crate::time::{Duration, Instant};

/// Describes a profile, segment by segment, in the order of time.
///
/// What is wrong is reported by [`build`](Self::build), so that calls can be chained. Times
/// given as an [`Instant`] count from the start of the profile, or, within a repeated part, from
/// the start of the pass.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileBuilder<Q> {
    statements: Vec<Statement>,
    quantity: PhantomData<Q>,
}

/// A sine: `mean + amplitude sin(2 pi (t + phase) / period)`, with t from the start of the
/// segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sine<Q> {
    /// The value in the middle between peak and trough.
    pub mean: Q,
    /// How far the value goes above and below the mean; at least 0, and so small that all values
    /// exist: a rate never falls below 0.
    pub amplitude: Q,
    /// The time from one peak to the next; more than 0.
    pub period: Duration,
    /// How far into its period the sine is when the segment starts.
    pub phase: Duration,
}

/// One segment as written, values in the base unit, times in nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    /// `value` or else the value reached; for `length` or else with an open end.
    Hold {
        value: Option<f64>,
        length: Option<u64>,
    },
    Ramp {
        from: Option<f64>,
        to: f64,
        length: u64,
    },
    Step {
        to: f64,
        at: u64,
    },
    Sine {
        mean: f64,
        amplitude: f64,
        period: u64,
        phase: u64,
        length: Option<u64>,
    },
    Spike {
        peak: f64,
        at: u64,
        length: u64,
    },
    /// `None`: for ever.
    Repeat {
        times: Option<u64>,
        body: Vec<Statement>,
    },
}

impl<Q: Quantity> ProfileBuilder<Q> {
    pub(super) fn new() -> Self {
        Self { statements: Vec::new(), quantity: PhantomData }
    }

    /// The profile.
    ///
    /// # Errors
    /// [`InvalidProfile`] for the first segment that makes no sense: it takes no time, follows
    /// one that has no end, lies before the end of another, or has values that the quantity
    /// cannot have. The fields and methods here say what each kind of segment needs.
    pub fn build(self) -> Result<Profile<Q>, InvalidProfile> {
        compile(&self.statements)
    }

    /// Jumps to `value` and holds it for `length`, which must be more than 0.
    #[must_use]
    pub fn hold(self, value: Q, length: Duration) -> Self {
        let (value, length) = (Some(value.to_base()), Some(length.as_nanos()));
        self.with(Statement::Hold { value, length })
    }

    /// Jumps to `value` and holds it until a [`step`](Self::step) or for ever.
    #[must_use]
    pub fn hold_open(self, value: Q) -> Self {
        self.with(Statement::Hold { value: Some(value.to_base()), length: None })
    }

    /// Holds the value reached for `length`, which must be more than 0.
    #[must_use]
    pub fn stay(self, length: Duration) -> Self {
        self.with(Statement::Hold { value: None, length: Some(length.as_nanos()) })
    }

    /// Holds the value reached until a [`step`](Self::step) or for ever.
    #[must_use]
    pub fn stay_open(self) -> Self {
        self.with(Statement::Hold { value: None, length: None })
    }

    /// Moves in a straight line from the value reached to `to`, within `length`, which must be
    /// more than 0.
    #[must_use]
    pub fn ramp(self, to: Q, length: Duration) -> Self {
        self.with(Statement::Ramp { from: None, to: to.to_base(), length: length.as_nanos() })
    }

    /// Jumps to `from` and moves in a straight line to `to`, within `length`, which must be more
    /// than 0.
    #[must_use]
    pub fn ramp_from(self, from: Q, to: Q, length: Duration) -> Self {
        let (from, to) = (Some(from.to_base()), to.to_base());
        self.with(Statement::Ramp { from, to, length: length.as_nanos() })
    }

    /// Ends a segment with an open end at the instant `at`, where the value jumps to `to` and
    /// holds: until the next step or spike, or as a following segment says.
    #[must_use]
    pub fn step(self, to: Q, at: Instant) -> Self {
        self.with(Statement::Step { to: to.to_base(), at: at.as_nanos() })
    }

    /// A sine for `length`, which must be more than 0.
    #[must_use]
    pub fn sine(self, sine: Sine<Q>, length: Duration) -> Self {
        self.with(sine.statement(Some(length.as_nanos())))
    }

    /// A sine until a [`step`](Self::step) or for ever.
    #[must_use]
    pub fn sine_open(self, sine: Sine<Q>) -> Self {
        self.with(sine.statement(None))
    }

    /// Holds the value reached up to the instant `at`, jumps to `peak` for `length`, which must
    /// be more than 0, and returns to the value before: which then holds as after a
    /// [`step`](Self::step).
    #[must_use]
    pub fn spike(self, peak: Q, at: Instant, length: Duration) -> Self {
        let (at, length) = (at.as_nanos(), length.as_nanos());
        self.with(Statement::Spike { peak: peak.to_base(), at, length })
    }

    /// The segments of `body`, `times` times in a row; at least once. The body may not have an
    /// open end.
    #[must_use]
    pub fn repeat(self, times: u64, body: Self) -> Self {
        self.with(Statement::Repeat { times: Some(times), body: body.statements })
    }

    /// The segments of `body` over and over, for ever. The body may not have an open end.
    #[must_use]
    pub fn repeat_forever(self, body: Self) -> Self {
        self.with(Statement::Repeat { times: None, body: body.statements })
    }

    fn with(mut self, statement: Statement) -> Self {
        self.statements.push(statement);
        self
    }
}

impl<Q: Quantity> Sine<Q> {
    fn statement(self, length: Option<u64>) -> Statement {
        Statement::Sine {
            mean: self.mean.to_base(),
            amplitude: self.amplitude.to_base(),
            period: self.period.as_nanos(),
            phase: self.phase.as_nanos(),
            length,
        }
    }
}
