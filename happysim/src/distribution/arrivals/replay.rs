//! Arrivals from a record.

use std::sync::Arc;

use crate::distribution::InvalidDistribution;
use crate::distribution::invalid::Check;
use crate::time::Instant;

/// Given instants, shared by the clones of a simulation.
#[derive(Clone, Debug)]
pub(super) struct Replay {
    instants: Arc<[Instant]>,
    next: usize,
}

impl Replay {
    pub(super) fn new(instants: Arc<[Instant]>) -> Result<Self, InvalidDistribution> {
        for (index, pair) in instants.windows(2).enumerate() {
            let (ordered, seconds) = (pair[0] <= pair[1], pair[1].as_secs_f64());
            Check("a replay of arrivals")
                .that(ordered, "time", seconds, "at least the one before")
                .map_err(|error| InvalidDistribution { index: Some(index + 1), ..error })?;
        }
        Ok(Self { instants, next: 0 })
    }

    pub(super) fn next(&mut self) -> Option<Instant> {
        let instant = *self.instants.get(self.next)?;
        self.next += 1;
        Some(instant)
    }

    /// The last arrival; 0 before the first.
    pub(super) fn last(&self) -> Instant {
        self.next.checked_sub(1).map_or(Instant::ZERO, |last| self.instants[last])
    }

    pub(super) fn skip_to(&mut self, start: Instant) {
        let first = self.instants.partition_point(|instant| *instant < start);
        self.next = self.next.max(first);
    }
}
