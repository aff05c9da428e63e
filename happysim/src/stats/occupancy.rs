//! How many there are, over time: requests in flight, units in use, claims that wait.

use crate::time::{Duration, Instant};

const NANOS_PER_SECOND: f64 = 1e9;

/// A whole number that rises and falls at instants, and its average weighted by time.
///
/// ```
/// use happysim::stats::Occupancy;
/// use happysim::time::Instant;
///
/// let mut queue = Occupancy::default();
/// queue.add(Instant::from_secs_f64(2.0), 1);
/// queue.remove(Instant::from_secs_f64(6.0), 1);
/// assert_eq!(queue.mean(Instant::from_secs_f64(8.0)), 0.5);
/// ```
///
/// What comes at `a` and goes at `b` adds `b - a` to the integral. So nothing is integrated when
/// the number changes: instants are summed up, with a minus for what comes and a plus for what
/// goes, and what is there is counted up to the instant for which somebody asks. The sums are whole
/// and exact. Where fractions or other moments are wanted: [`TimeWeighted`](super::TimeWeighted).
#[derive(Clone, Debug, Default)]
pub struct Occupancy {
    level: u64,
    max: u64,
    /// Where the window of observation starts.
    start: Instant,
    /// The instants of all that went less the instants of all that came, in nanoseconds; what was
    /// there at `start` came then.
    sum: i128,
}

/// `amount` times `instant`: one multiplication of two words.
#[inline]
fn weighted(amount: u64, instant: Instant) -> i128 {
    (u128::from(amount) * u128::from(instant.as_nanos())).cast_signed()
}

impl Occupancy {
    /// `level` of them, observed from `now` on.
    pub fn new(now: Instant, level: u64) -> Self {
        Self { level, max: level, start: now, sum: -weighted(level, now) }
    }

    /// `amount` more.
    #[inline]
    pub fn add(&mut self, now: Instant, amount: u64) {
        self.level += amount;
        if self.level > self.max {
            self.max = self.level;
        }
        self.sum -= weighted(amount, now);
    }

    /// `amount` fewer; where there are not as many, which is a fault of whoever counts, none.
    #[inline]
    pub fn remove(&mut self, now: Instant, amount: u64) {
        self.level = self.level.saturating_sub(amount);
        self.sum += weighted(amount, now);
    }

    /// Starts the window of observation anew at `now`; what is there stays. For the end of a
    /// warm-up.
    pub fn reset(&mut self, now: Instant) {
        *self = Self::new(now, self.level);
    }

    /// How many there are.
    #[inline]
    pub fn level(&self) -> u64 {
        self.level
    }

    /// How many there were at most in the window, however shortly.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// How long the window is at `now`.
    pub fn window(&self, now: Instant) -> Duration {
        now.saturating_since(self.start)
    }

    /// The integral over the window that ends at `now`, in seconds: the time that all of them
    /// together were there.
    pub fn integral(&self, now: Instant) -> f64 {
        self.nanos(now) / NANOS_PER_SECOND
    }

    /// The average over the window that ends at `now`; in a window of no length, how many there are.
    pub fn mean(&self, now: Instant) -> f64 {
        let window = self.window(now).as_nanos();
        if window > 0 { self.nanos(now) / window as f64 } else { self.level as f64 }
    }

    /// The integral in nanoseconds.
    fn nanos(&self, now: Instant) -> f64 {
        (self.sum + weighted(self.level, now)) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;
    use crate::stats::TimeWeighted;
    use crate::time::nanos;

    fn at(seconds: f64) -> Instant {
        Instant::from_secs_f64(seconds)
    }

    // The integral over the window divided by its length, by hand: 13.5 / 10.
    #[test]
    fn steps_average_by_the_time_they_last() {
        let mut level = Occupancy::default();
        level.add(at(1.0), 2);
        level.add(at(2.5), 3);
        level.remove(at(4.0), 4);
        level.remove(at(7.0), 1);
        assert_eq!(level.mean(at(10.0)), 1.35);
        assert_eq!(level.integral(at(10.0)), 13.5);
        assert_eq!((level.max(), level.level()), (5, 0));
    }

    #[test]
    fn a_reset_keeps_what_is_there_and_forgets_the_past() {
        let mut level = Occupancy::default();
        level.add(at(1.0), 8);
        level.remove(at(2.0), 5);
        level.reset(at(5.0));
        assert_eq!((level.level(), level.max(), level.mean(at(5.0))), (3, 3, 3.0));
        level.add(at(6.0), 1);
        assert_eq!(level.mean(at(7.0)), 3.5);
        assert_eq!(level.window(at(7.0)), Duration::from_secs(2));
    }

    #[test]
    fn it_agrees_with_a_level_that_is_integrated_step_by_step() {
        let mut random = Random::new(1, "occupancy", "test");
        let (mut count, mut level) = (Occupancy::default(), TimeWeighted::default());
        let mut now = Instant::ZERO;
        for _ in 0..10_000 {
            now += nanos(random.below(1_000_000_000));
            let amount = random.below(5);
            if count.level() >= amount && random.chance(0.5) {
                count.remove(now, amount);
                level.add(now, -(amount as f64));
            } else {
                count.add(now, amount);
                level.add(now, amount as f64);
            }
        }
        assert_eq!(count.max() as f64, level.max());
        let (found, expected) = (count.mean(now), level.mean(now));
        assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
    }
}
