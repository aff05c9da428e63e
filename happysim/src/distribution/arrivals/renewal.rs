//! Arrivals with independent gaps.

use crate::distribution::Distribution;
use crate::engine::random::Random;
use crate::time::{Duration, Instant};

/// Gaps from a distribution, read at the arrival before.
#[derive(Clone, Debug)]
pub(super) struct Renewal {
    gap: Distribution<Duration>,
    last: Instant,
}

impl Renewal {
    pub(super) fn new(gap: Distribution<Duration>) -> Self {
        Self { gap, last: Instant::ZERO }
    }

    pub(super) fn bind_stream(&mut self, random: Random) {
        self.gap.bind_stream(random);
    }

    pub(super) fn take_stream(&mut self) -> Option<Random> {
        self.gap.take_stream()
    }

    /// The last arrival; 0 before the first.
    pub(super) fn last(&self) -> Instant {
        self.last
    }

    pub(super) fn next(&mut self) -> Option<Instant> {
        let gap = self.gap.sample(&self.last);
        self.last = Instant::from_nanos(self.last.as_nanos().checked_add(gap.as_nanos())?);
        Some(self.last)
    }

    pub(super) fn skip_to(&mut self, start: Instant) {
        self.last = self.last.max(start);
    }

    pub(super) fn rate_at(&self, at: Instant) -> f64 {
        1.0 / self.gap.mean_at(at)
    }
}
