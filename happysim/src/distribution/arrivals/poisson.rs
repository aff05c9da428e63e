//! Poisson arrivals, homogeneous or not.

use super::intensity::Intensity;
use crate::distribution::{unbound, ziggurat};
use crate::engine::random::Random;
use crate::profile::Varying;
use crate::quantity::Rate;
use crate::time::Instant;

/// The integral of the rate grows by an exponential variate of mean 1 from one arrival to the
/// next (Cinlar, "Introduction to Stochastic Processes", 1975): exact for every profile, and
/// without the rejected points of thinning.
#[derive(Clone, Debug)]
pub(super) struct Poisson {
    intensity: Intensity,
    last: Instant,
    stream: Option<Random>,
}

impl Poisson {
    pub(super) fn new(rate: Varying<Rate>) -> Self {
        Self { intensity: Intensity::new(rate), last: Instant::ZERO, stream: None }
    }

    pub(super) fn bind_stream(&mut self, random: Random) {
        self.stream = Some(random);
    }

    pub(super) fn take_stream(&mut self) -> Option<Random> {
        self.stream.take()
    }

    /// The last arrival; 0 before the first.
    pub(super) fn last(&self) -> Instant {
        self.last
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<Instant> {
        let Some(random) = &mut self.stream else { unbound("Poisson process") };
        self.last = self.intensity.advance(ziggurat::exponential(random))?;
        Some(self.last)
    }

    /// Without memory: what comes after `start` does not depend on what came before.
    pub(super) fn skip_to(&mut self, start: Instant) {
        if start > self.last {
            self.last = start;
            self.intensity.move_to(start);
        }
    }

    pub(super) fn rate_at(&self, at: Instant) -> f64 {
        self.intensity.rate_at(at)
    }
}
