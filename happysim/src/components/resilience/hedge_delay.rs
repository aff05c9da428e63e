//! When a hedge is sent.

use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::profile::{IntoVarying, Profile, Varying};
use crate::stats::LatencyHistogram;
use crate::time::{Clock, Duration, Instant};

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

/// A percentile of the last complete thousand latencies.
#[derive(Clone, Debug)]
pub struct RunningPercentile {
    percentile: Varying<f64>,
    initial: Varying<Duration>,
    estimate: Option<Duration>,
    window: LatencyHistogram,
    /// The slowest answer of a first attempt in the window.
    slowest: Duration,
}

/// The hedge delay follows the latencies: it is their percentile (0 to 100) over the last
/// complete thousand of answered requests, and `initial` until there are as many:
/// `hedge(percentile(95, 50ms))`.
///
/// A request that a hedge answered first counts with the time until then. That is less than the
/// time the first attempt would have taken, yet more than the delay, so that as many requests are
/// slower than the delay as there would be without hedges. But it may be lost, and then tells
/// nothing of how long answers take: so the delay rises to no more than the slowest answer of a
/// first attempt among the last thousand. Where more first attempts are lost than the percentile
/// leaves (more than 5 % of them for 95), it rises to that slowest answer, or stays where it is if
/// it is longer already.
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
    Ok(HedgeDelay::Percentile(RunningPercentile {
        percentile,
        initial,
        estimate: None,
        window,
        slowest: Duration::ZERO,
    }))
}

impl RunningPercentile {
    fn at(&self, now: Instant) -> Duration {
        self.estimate.unwrap_or_else(|| self.initial.at(now))
    }

    fn learn(&mut self, latency: Duration, by_first: bool, now: Instant) {
        self.window.record(latency);
        if by_first {
            self.slowest = self.slowest.max(latency);
        }
        if self.window.count() < WINDOW {
            return;
        }
        let highest = self.slowest.max(self.at(now));
        let found = self.window.percentile(self.percentile.at(now));
        self.estimate = found.map(|found| found.min(highest));
        self.window.reset();
        self.slowest = Duration::ZERO;
    }
}

impl HedgeDelay {
    /// The delay at this instant.
    pub fn at(&self, clock: &impl Clock) -> Duration {
        match self {
            Self::Fixed(delay) => delay.at(clock.now()),
            Self::Percentile(running) => running.at(clock.now()),
        }
    }

    /// A request was answered after `latency`: `by_first`, its first attempt, or by a hedge.
    pub fn learn(&mut self, latency: Duration, by_first: bool, clock: &impl Clock) {
        if let Self::Percentile(running) = self {
            running.learn(latency, by_first, clock.now());
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
impl IntoParameter<HedgeDelay> for core::time::Duration {
    fn into_parameter(self) -> Result<HedgeDelay, InvalidValue> {
        self.into_parameter().map(HedgeDelay::Fixed)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::millis;

    /// A thousand requests: of each ten, nine are answered at once, and one by a hedge.
    fn thousand(delay: &mut HedgeDelay, hedged: u64, slowest: u64) -> Duration {
        for number in 0..WINDOW {
            let (latency, by_first) = match number {
                0 => (slowest, true),
                _ if number % 10 == 1 => (hedged, false),
                _ => (1, true),
            };
            delay.learn(millis(latency), by_first, &Instant::ZERO);
        }
        delay.at(&Instant::ZERO)
    }

    #[test]
    fn it_rises_to_the_slowest_first_answer_and_no_further() {
        let mut delay = percentile(95.0, millis(50)).unwrap();
        assert_eq!(thousand(&mut delay, 60, 20), millis(50));
        assert_eq!(thousand(&mut delay, 60, 55), millis(55));
        assert_eq!(thousand(&mut delay, 64, 20), millis(55));
        // The 60 ms are the 95th percentile, of which the histogram knows three digits.
        let found = thousand(&mut delay, 60, 90);
        assert!(found >= millis(60) && found < Duration::from_secs_f64(0.060_06), "{found}");
    }
}
