//! A level over time: a queue's length, permits in use, requests in flight.

use crate::time::{Duration, Instant};

const NANOS_PER_SECOND: f64 = 1e9;

/// A level that changes at instants, and its average weighted by the time it lasted.
///
/// ```
/// use happysim::stats::TimeWeighted;
/// use happysim::time::Instant;
///
/// let mut queue = TimeWeighted::new(Instant::ZERO, 0.0);
/// queue.add(Instant::from_secs_f64(2.0), 1.0);
/// queue.add(Instant::from_secs_f64(6.0), -1.0);
/// assert_eq!(queue.mean(Instant::from_secs_f64(8.0)), 0.5);
/// ```
///
/// The integral is kept in nanoseconds times level: for whole levels it is exact up to 2^53 of
/// them (a level of 1,000 for two and a half hours), and beyond that rounded to 16 digits a
/// change. Levels are finite; one infinite level makes mean, integral and variance NaN. Changes must come in the order of time; one that is dated before the last change
/// counts as made at the last change.
#[derive(Clone, Debug)]
pub struct TimeWeighted {
    level: f64,
    /// When the level last changed.
    changed: Instant,
    /// Where the window of observation starts.
    start: Instant,
    /// The level at `start`: sums are of the difference from it, so that the variance of a
    /// small change on top of a large level keeps its digits.
    reference: f64,
    /// Integral of (level - reference) and of its square, from `start` to `changed`, in ns.
    area: f64,
    square: f64,
    min: f64,
    max: f64,
}

/// A duration in nanoseconds. Signed numbers are converted by one instruction; centuries, which
/// are too long for them, by more.
#[inline]
fn nanos(duration: Duration) -> f64 {
    let nanos = duration.as_nanos();
    i64::try_from(nanos).map_or(nanos as f64, |nanos| nanos as f64)
}

impl Default for TimeWeighted {
    /// A level of 0 from the start of the simulation.
    fn default() -> Self {
        Self::new(Instant::ZERO, 0.0)
    }
}

impl TimeWeighted {
    /// A level observed from `now` on.
    pub fn new(now: Instant, level: f64) -> Self {
        Self {
            level,
            changed: now,
            start: now,
            reference: level,
            area: 0.0,
            square: 0.0,
            min: level,
            max: level,
        }
    }

    /// The level from `now` on.
    #[inline]
    pub fn set(&mut self, now: Instant, level: f64) {
        // Most levels change several times within an instant.
        if now > self.changed {
            let lasted = nanos(now.since(self.changed));
            let height = self.level - self.reference;
            self.area += height * lasted;
            self.square += height * height * lasted;
            self.changed = now;
        }
        self.level = level;
        if level < self.min {
            self.min = level;
        }
        if level > self.max {
            self.max = level;
        }
    }

    /// Raises the level by `change`, or lowers it by a negative one.
    #[inline]
    pub fn add(&mut self, now: Instant, change: f64) {
        self.set(now, self.level + change);
    }

    /// Starts the window of observation anew at `now`; the level stays. For the end of a
    /// warm-up.
    pub fn reset(&mut self, now: Instant) {
        *self = Self::new(now, self.level);
    }

    /// The level now.
    #[inline]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// The smallest level of the window.
    pub fn min(&self) -> f64 {
        self.min
    }

    /// The largest level of the window, however short it lasted.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// Where the window of observation starts.
    pub fn start(&self) -> Instant {
        self.start
    }

    /// How long the window is at `now`.
    pub fn window(&self, now: Instant) -> Duration {
        now.saturating_since(self.start)
    }

    /// The integral of the level over the window that ends at `now`, in level times seconds.
    pub fn integral(&self, now: Instant) -> f64 {
        let (window, area, _) = self.sums(now);
        (self.reference * window + area) / NANOS_PER_SECOND
    }

    /// The average of the level over the window that ends at `now`; in a window of no length,
    /// the level.
    pub fn mean(&self, now: Instant) -> f64 {
        let (window, area, _) = self.sums(now);
        if window > 0.0 { self.reference + area / window } else { self.level }
    }

    /// The variance of the level over the window that ends at `now`, weighted by time; in a
    /// window of no length, 0.
    pub fn variance(&self, now: Instant) -> f64 {
        let (window, area, square) = self.sums(now);
        if window > 0.0 {
            let mean = area / window;
            (square / window - mean * mean).max(0.0)
        } else {
            0.0
        }
    }

    /// The window in nanoseconds and both sums over it, up to `now`.
    fn sums(&self, now: Instant) -> (f64, f64, f64) {
        let end = now.max(self.changed);
        let lasted = end.saturating_since(self.changed).as_nanos() as f64;
        let height = self.level - self.reference;
        (
            end.saturating_since(self.start).as_nanos() as f64,
            self.area + height * lasted,
            self.square + height * height * lasted,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Instant {
        Instant::from_secs_f64(seconds)
    }

    fn stepped(base: f64) -> TimeWeighted {
        let mut level = TimeWeighted::new(at(0.0), base);
        for (time, value) in [(1.0, 2.0), (2.5, 5.0), (4.0, 1.0), (7.0, 0.0)] {
            level.set(at(time), base + value);
        }
        level
    }

    // The integral over the window divided by its length, by hand: 13.5 / 10; E[x^2] = 4.65.
    #[test]
    fn steps_average_by_the_time_they_last() {
        let level = stepped(0.0);
        assert!((level.mean(at(10.0)) - 1.35).abs() < 1e-9);
        assert!((level.integral(at(10.0)) - 13.5).abs() < 1e-9);
        assert!((level.variance(at(10.0)) - 2.8275).abs() < 1e-9);
        assert_eq!((level.min(), level.max(), level.level()), (0.0, 5.0, 0.0));
    }

    #[test]
    fn a_large_level_keeps_the_variance_of_small_changes() {
        let level = stepped(1e9);
        assert!((level.mean(at(10.0)) - (1e9 + 1.35)).abs() < 1e-6);
        assert!((level.variance(at(10.0)) - 2.8275).abs() < 1e-9);
    }

    #[test]
    fn a_reset_keeps_the_level_and_forgets_the_past() {
        let mut level = TimeWeighted::default();
        level.set(at(1.0), 8.0);
        level.add(at(2.0), -5.0);
        level.reset(at(5.0));
        assert_eq!((level.level(), level.max(), level.mean(at(5.0))), (3.0, 3.0, 3.0));
        level.add(at(6.0), 1.0);
        assert!((level.mean(at(7.0)) - 3.5).abs() < 1e-12);
        assert_eq!(level.window(at(7.0)), Duration::from_secs(2));
    }

    #[test]
    fn a_change_dated_before_the_last_counts_as_made_at_the_last() {
        let mut level = TimeWeighted::new(at(0.0), 1.0);
        level.set(at(4.0), 3.0);
        level.set(at(2.0), 5.0);
        assert!((level.integral(at(6.0)) - (4.0 + 10.0)).abs() < 1e-12);
    }

    // Little (1961), Stidham (1974): over a window that starts and ends empty, the integral of
    // the number present is the sum of the sojourn times, on every sample path.
    #[test]
    fn the_integral_of_the_number_present_is_the_sum_of_the_sojourns() {
        let mut random = crate::engine::random::Random::new(1, "little", "sojourns");
        let mut changes = Vec::new();
        let mut sojourns = 0_u128;
        for _ in 0..10_000 {
            let arrival = random.below(1_000_000_000_000);
            let sojourn = random.below(5_000_000_000);
            sojourns += u128::from(sojourn);
            changes.push((arrival, 1.0));
            changes.push((arrival + sojourn, -1.0));
        }
        changes.sort_by_key(|&(time, _)| time);
        let mut present = TimeWeighted::default();
        for (time, change) in changes {
            present.add(Instant::from_nanos(time), change);
        }
        assert_eq!(present.level(), 0.0);
        let sum = sojourns as f64 / 1e9;
        assert!((present.integral(at(1_005.0)) - sum).abs() / sum < 1e-9);
    }
}
