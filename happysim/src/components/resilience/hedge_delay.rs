//! When a hedge is sent.

use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::profile::{IntoVarying, Profile, Varying};
use crate::stats::LatencyHistogram;
use crate::time::{Clock, Duration};

/// How many answers one estimate of the percentile is made of.
const WINDOW: u64 = 1_000;

/// How long a hedge waits for an answer before it sends another request.
#[allow(clippy::large_enum_variant, reason = "there is one for each hedge, not for each call")]
#[derive(Clone, Debug)]
pub enum HedgeDelay {
    /// As long as this.
    Fixed(Varying<Duration>),
    /// As long as this percentile of the latencies seen lately: see [`percentile`].
    Percentile(RunningPercentile),
}

/// A percentile of the last complete thousand latencies of first attempts.
#[derive(Clone, Debug)]
pub struct RunningPercentile {
    percentile: Varying<f64>,
    initial: Varying<Duration>,
    estimate: Option<Duration>,
    window: LatencyHistogram,
}

/// The hedge delay follows the latencies of first attempts: it is their percentile (0 to 100) over
/// the last complete thousand of answered requests, and `initial` until there are as many:
/// `hedge(percentile(95, 50ms))`.
///
/// How long the first attempt would have taken is not known of a request that a hedge answered
/// first: it counts as having taken as long as the delay after which the first hedge was sent,
/// which is the least that it took. So requests that were hedged count as no faster than the
/// delay and never drive it up. Where more first attempts are lost than the percentile leaves
/// (more than 5 % of them for 95), the delay stays where it is; answers slower than it that come
/// before a hedge's drive it up as ever.
///
/// # Errors
/// A percentile outside 0 to 100.
pub fn percentile(
    percentile: impl IntoParameter<Varying<f64>>,
    initial: impl IntoVarying<Duration>,
) -> Result<HedgeDelay, InvalidValue> {
    let percentile = percentile.into_parameter()?;
    percentile.within(0.0, 100.0).map_err(|value| InvalidValue {
        value: value.to_string(),
        expected: "a percentile must be from 0 to 100".to_owned(),
    })?;
    let window = LatencyHistogram::new();
    let initial = initial.into_varying();
    Ok(HedgeDelay::Percentile(RunningPercentile { percentile, initial, estimate: None, window }))
}

impl HedgeDelay {
    /// The delay at this instant.
    pub fn at(&self, clock: &impl Clock) -> Duration {
        match self {
            Self::Fixed(delay) => delay.at(clock.now()),
            Self::Percentile(running) => {
                running.estimate.unwrap_or_else(|| running.initial.at(clock.now()))
            }
        }
    }

    /// The first attempt of a request took so long, or, where a hedge was answered first, at least
    /// so long.
    pub fn learn(&mut self, latency: Duration, clock: &impl Clock) {
        let Self::Percentile(running) = self else { return };
        running.window.record(latency);
        if running.window.count() >= WINDOW {
            running.estimate = running.window.percentile(running.percentile.at(clock.now()));
            running.window.reset();
        }
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<HedgeDelay> for Duration {
    fn into_parameter(self) -> Result<HedgeDelay, InvalidValue> {
        Ok(HedgeDelay::Fixed(self.into()))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<HedgeDelay> for Profile<Duration> {
    fn into_parameter(self) -> Result<HedgeDelay, InvalidValue> {
        Ok(HedgeDelay::Fixed(self.into()))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<HedgeDelay> for Varying<Duration> {
    fn into_parameter(self) -> Result<HedgeDelay, InvalidValue> {
        Ok(HedgeDelay::Fixed(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoParameter<HedgeDelay> for Result<HedgeDelay, InvalidValue> {
    fn into_parameter(self) -> Result<HedgeDelay, InvalidValue> {
        self
    }
}
