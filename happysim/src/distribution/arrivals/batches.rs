//! Batches: how many arrive at one instant.

use crate::distribution::Distribution;
use crate::engine::random::Random;
use crate::time::Instant;

/// Independent sizes from a distribution of whole numbers.
#[derive(Clone, Debug)]
pub(super) struct Batches {
    size: Distribution<u64>,
}

impl Batches {
    pub(super) fn new(size: Distribution<u64>) -> Self {
        Self { size }
    }

    pub(super) fn bind_stream(&mut self, random: Random) {
        self.size.bind_stream(random);
    }

    pub(super) fn take_stream(&mut self) -> Option<Random> {
        self.size.take_stream()
    }

    pub(super) fn size(&mut self, at: Instant) -> u64 {
        self.size.sample(&at)
    }

    pub(super) fn mean_at(&self, at: Instant) -> f64 {
        self.size.mean_at(at)
    }
}
