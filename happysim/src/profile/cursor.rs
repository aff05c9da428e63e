//! [`ProfileCursor`]: the walk along a profile by area, in constant time per step.

use super::shape::{NANOS_PER_SECOND, to_seconds};
use super::{Place, Profile};
use crate::quantity::Quantity;
use crate::time::Instant;

/// A position in a profile that moves forward by area: what an arrival process needs.
///
/// The instants at which the integral of a rate has grown by one more unit are evenly spaced
/// arrivals; by one more exponential number of mean 1, an exact non-homogeneous Poisson process
/// (Cinlar, *Introduction to Stochastic Processes*, 1975, chapter 4). The position is kept as
/// area within the current segment, so rounding to whole nanoseconds does not add up.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileCursor<Q> {
    profile: Profile<Q>,
    place: Place,
    /// The area passed since the start of the segment at `place`.
    area: f64,
}

impl<Q: Quantity> ProfileCursor<Q> {
    pub(super) fn new(profile: Profile<Q>, from: Instant) -> Self {
        let place = profile.locate(from);
        let segment = &profile.segments[place.index];
        let area = segment.shape.integral(from.as_nanos() - segment.start - place.shift);
        Self { profile, place, area }
    }

    /// Moves on until the integral has grown by `area` (base unit x seconds) and returns that
    /// instant, to the nearest nanosecond. `None` when that never happens, or beyond the range
    /// of time; the cursor is then at the end for good.
    ///
    /// # Panics
    /// For a profile with negative values, whose integral has no inverse, and for an `area`
    /// that is negative or not a number.
    pub fn advance(&mut self, area: f64) -> Option<Instant> {
        assert!(area >= 0.0, "a profile is walked forward, and not by an area of {area}");
        self.profile.assert_invertible();
        let mut target = self.area + area;
        loop {
            if let Some(cycle) = self.profile.cycle_from(self.place.index) {
                // Whole passes at once: a pass may hold as little area as it likes, even none.
                let passes = passes_before(target, cycle.area);
                target -= passes * cycle.area;
                self.place.shift = shift_by(self.place.shift, passes, cycle.length)?;
            }
            let Place { index, shift } = self.place;
            let segment = &self.profile.segments[index];
            let length = self.profile.length(index);
            if length == u64::MAX || target <= segment.shape.integral(length) {
                let seconds = segment.shape.inverse_integral(target, length);
                self.area = target;
                return instant_after(segment.start.checked_add(shift)?, seconds);
            }
            target -= segment.shape.integral(length);
            self.place = self.profile.following(self.place)?;
        }
    }
}

/// How many whole passes of `per_pass` lie before `area` is reached: infinitely many where a pass
/// adds nothing.
pub(super) fn passes_before(area: f64, per_pass: f64) -> f64 {
    if area <= 0.0 { 0.0 } else { (libm::ceil(area / per_pass) - 1.0).max(0.0) }
}

/// `shift` plus `passes` of `length` nanoseconds, if that is a time at all.
pub(super) fn shift_by(shift: u64, passes: f64, length: u64) -> Option<u64> {
    if passes >= to_seconds(u64::MAX) * NANOS_PER_SECOND {
        return None;
    }
    (passes as u64).checked_mul(length)?.checked_add(shift)
}

/// `seconds` after `start` nanoseconds, to the nearest nanosecond, if that is a time at all.
pub(super) fn instant_after(start: u64, seconds: f64) -> Option<Instant> {
    if seconds < to_seconds(u64::MAX) {
        let nanos = (seconds * NANOS_PER_SECOND + 0.5) as u64;
        start.checked_add(nanos).map(Instant::from_nanos)
    } else {
        None
    }
}
