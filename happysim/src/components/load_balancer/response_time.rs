//! The strategy that looks at how fast backends answer.

use super::{Backends, Completion, Strategy};
use crate::engine::random::Random;
use crate::profile::{IntoVarying, Varying};
use crate::time::{Duration, Instant, seconds};

/// The backend with the lowest expected delay: its response time, as a moving average that
/// follows peaks at once and forgets them slowly, times one more than its requests in flight.
///
/// A latency above the average replaces it; one below moves it, the more the longer the last one
/// is past: by `1 - exp(-gap / decay)`. An average that nothing renews counts for less and less,
/// by `exp(-age / decay)`: a backend that was slow once is tried again in the end. A failure never counts as fast, but at least as the
/// slowest average known, or as 1 s where none is known: a backend that refuses everything at
/// once does not attract everything. A backend of which nothing is known is tried first, but
/// with one request only; while that is in flight it counts as the slowest. Equal: the first.
///
/// Source: the peak EWMA balancer of Twitter's Finagle (2015).
#[derive(Clone, Debug)]
pub struct LeastResponseTime {
    decay: Varying<Duration>,
    averages: Vec<Average>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Average {
    seconds: Option<f64>,
    at: Instant,
}

impl Default for LeastResponseTime {
    /// With a decay of 10 s.
    fn default() -> Self {
        Self::decay(seconds(10))
    }
}

impl LeastResponseTime {
    /// With this time constant of the moving average, 0 or more; with 0 only the last latency
    /// counts. A profile is read whenever an average is: its value then is that of the whole gap.
    pub fn decay(decay: impl IntoVarying<Duration>) -> Self {
        Self { decay: decay.into_varying(), averages: Vec::new() }
    }

    /// The average of a backend in seconds, if it has answered yet.
    pub fn average(&self, backend: usize) -> Option<f64> {
        self.averages.get(backend)?.seconds
    }

    /// The same, as far as it still says something: without that, one bad answer would keep a
    /// backend from ever getting the request that would show that it has recovered.
    fn faded(&self, backend: usize, now: Instant) -> Option<f64> {
        let Average { seconds, at } = *self.averages.get(backend)?;
        if self.decay.at(now).is_zero() {
            return seconds;
        }
        Some(seconds? * self.kept(at, now))
    }

    /// What is assumed of a backend about which nothing good is known.
    fn slowest(&self) -> f64 {
        let known = self.averages.iter().filter_map(|average| average.seconds);
        known.reduce(f64::max).unwrap_or(1.0)
    }

    /// How much is left at `now` of an average taken `at`.
    fn kept(&self, at: Instant, now: Instant) -> f64 {
        let decay = self.decay.at(now);
        if decay.is_zero() {
            return 0.0;
        }
        libm::exp(-now.saturating_since(at).as_secs_f64() / decay.as_secs_f64())
    }
}

impl Strategy for LeastResponseTime {
    fn choose(&mut self, backends: &Backends<'_>, _random: &mut Random) -> usize {
        let slowest = self.slowest();
        let cost = |backend: usize| {
            let in_flight = f64::from(backends.in_flight(backend));
            match self.faded(backend, backends.now()) {
                Some(seconds) => seconds * (in_flight + 1.0),
                None => slowest * in_flight,
            }
        };
        let (mut best, mut lowest) = (backends.available()[0], f64::INFINITY);
        for &backend in backends.available() {
            let cost = cost(backend);
            // Of what has faded altogether it is still known which was faster.
            let is_faster = cost == 0.0 && self.average(backend) < self.average(best);
            if cost < lowest || cost <= lowest && is_faster {
                (best, lowest) = (backend, cost);
            }
        }
        best
    }

    fn complete(&mut self, completion: &Completion) {
        let Completion { backend, latency, failure, now } = *completion;
        let latency = match failure {
            None => latency.as_secs_f64(),
            Some(_) => latency.as_secs_f64().max(self.slowest()),
        };
        if self.averages.len() <= backend {
            self.averages.resize(backend + 1, Average::default());
        }
        let Average { seconds, at } = self.averages[backend];
        let average = match seconds {
            Some(average) if average > latency => {
                let kept = self.kept(at, now);
                average * kept + latency * (1.0 - kept)
            }
            _ => latency,
        };
        self.averages[backend] = Average { seconds: Some(average), at: now };
    }
}

#[cfg(test)]
mod tests {
    use super::super::Weights;
    use super::*;
    use crate::model::outcome::Failure;
    use crate::profile::Profile;

    fn complete(strategy: &mut LeastResponseTime, at: f64, latency: f64, failure: Option<Failure>) {
        let (latency, now) = (Duration::from_secs_f64(latency), Instant::from_secs_f64(at));
        strategy.complete(&Completion { backend: 0, latency, failure, now });
    }

    #[test]
    fn the_average_jumps_to_a_peak_and_comes_down_with_its_decay() {
        let mut strategy = LeastResponseTime::default();
        complete(&mut strategy, 1.0, 0.1, None);
        complete(&mut strategy, 2.0, 0.5, None);
        assert_eq!(strategy.average(0), Some(0.5));
        complete(&mut strategy, 12.0, 0.1, None);
        let expected = 0.1 + 0.4 * libm::exp(-1.0);
        assert!((strategy.average(0).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn without_a_memory_the_last_latency_counts() {
        let mut random = Random::new(1, "balancer", "test");
        for decay in [Duration::ZERO, Duration::from_nanos(1)] {
            let mut strategy = LeastResponseTime::decay(decay);
            let now = Instant::from_secs_f64(10.0);
            for (backend, latency) in [(0, 0.5), (1, 0.001), (2, 0.002)] {
                let latency = Duration::from_secs_f64(latency);
                let at = Instant::from_secs_f64(1.0);
                strategy.complete(&Completion { backend, latency, failure: None, now: at });
            }
            let weights = Weights::default();
            let (available, in_flight) = (&[0, 1, 2], &[0, 0, 0]);
            let backends = Backends { available, in_flight, weights: &weights, key: 0, now };
            assert_eq!(strategy.choose(&backends, &mut random), 1);
        }
    }

    #[test]
    fn a_failure_counts_as_slow_as_anything_known() {
        let mut strategy = LeastResponseTime::default();
        complete(&mut strategy, 1.0, 0.001, Some(Failure::Unavailable));
        assert_eq!(strategy.average(0), Some(1.0));
        complete(&mut strategy, 2.0, 3.0, Some(Failure::TimedOut));
        assert_eq!(strategy.average(0), Some(3.0));
        assert_eq!(strategy.average(1), None);
    }

    #[test]
    fn the_decay_may_be_a_profile() {
        let decay = Profile::builder().hold(seconds(10), seconds(5)).hold_open(seconds(1));
        let mut strategy = LeastResponseTime::decay(decay.build().unwrap());
        complete(&mut strategy, 1.0, 0.5, None);
        complete(&mut strategy, 2.0, 0.1, None);
        let slow = 0.1 + 0.4 * libm::exp(-0.1);
        assert!((strategy.average(0).unwrap() - slow).abs() < 1e-12);
        complete(&mut strategy, 6.0, 0.1, None);
        let quick = 0.1 + (slow - 0.1) * libm::exp(-4.0);
        assert!((strategy.average(0).unwrap() - quick).abs() < 1e-12);
    }

    #[test]
    fn without_decay_only_the_last_counts() {
        let mut strategy = LeastResponseTime::decay(Duration::ZERO);
        complete(&mut strategy, 1.0, 0.5, None);
        complete(&mut strategy, 1.0, 0.1, None);
        assert_eq!(strategy.average(0), Some(0.1));
    }
}
