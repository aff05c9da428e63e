//! The failure rate of the calls of the last while.

use std::collections::VecDeque;

use crate::time::{Duration, Instant};

/// How many slices a window has: with it moves on, a tenth at a time, as Hystrix does it.
const SLICES: u64 = 10;

#[derive(Clone, Copy, Debug)]
struct Slice {
    start: Instant,
    calls: u64,
    failures: u64,
}

/// Calls and failures of the last while, in slices of a tenth of the window. A slice counts
/// until the window has passed since its beginning, so between nine and ten tenths of the window
/// are seen, in constant memory.
#[derive(Clone, Debug, Default)]
pub struct FailureWindow {
    slices: VecDeque<Slice>,
    calls: u64,
    failures: u64,
}

impl FailureWindow {
    /// Counts a call that has ended now.
    pub fn record(&mut self, now: Instant, window: Duration, failed: bool) {
        self.expire(now, window);
        let width = window / SLICES;
        let is_current = |slice: &Slice| now.since(slice.start) < width;
        if !self.slices.back().is_some_and(is_current) {
            self.slices.push_back(Slice { start: now, calls: 0, failures: 0 });
        }
        if let Some(slice) = self.slices.back_mut() {
            slice.calls += 1;
            slice.failures += u64::from(failed);
        }
        self.calls += 1;
        self.failures += u64::from(failed);
    }

    fn expire(&mut self, now: Instant, window: Duration) {
        while let Some(slice) = self.slices.pop_front_if(|slice| now.since(slice.start) >= window) {
            self.calls -= slice.calls;
            self.failures -= slice.failures;
        }
    }

    /// The failure rate, if there were at least `minimum` calls.
    pub fn rate(&self, minimum: u64) -> Option<f64> {
        let enough = self.calls >= minimum.max(1);
        enough.then(|| self.failures as f64 / self.calls as f64)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{millis, seconds};

    #[test]
    fn old_calls_are_forgotten_by_slices() {
        let mut window = FailureWindow::default();
        let at = |ms: u64| Instant::ZERO + millis(ms);
        window.record(at(0), seconds(1), true);
        window.record(at(50), seconds(1), true);
        window.record(at(100), seconds(1), false);
        window.record(at(999), seconds(1), false);
        assert_eq!(window.rate(4), Some(0.5));
        assert_eq!(window.rate(5), None);
        window.record(at(1_000), seconds(1), false);
        assert_eq!(window.rate(1), Some(0.0), "the slice of 0 to 100 ms is gone");
        assert_eq!(window.rate(4), None, "three calls are left");
        window.clear();
        assert_eq!(window.rate(0), None, "no calls, no rate");
    }
}
