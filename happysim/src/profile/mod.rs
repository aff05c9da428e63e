//! Profiles: quantities that change over simulated time.
//!
//! A [`Profile`] describes a rate, a latency, a loss, a capacity or a plain number piece by
//! piece. The macro [`profile!`](crate::profile!) writes one down and checks it when the program
//! is compiled; [`Profile::builder`] makes one from values known only at run time. A
//! [`Varying`] is what components take: a constant or a profile.
//!
//! The value at an instant, the integral from 0, its inverse, and the instants at which the
//! value jumps are all known in closed form, so that arrivals that follow a profile are exact,
//! and a raised limit takes effect at the very instant.
//!
//! ```
//! use happysim::profile;
//! use happysim::quantity::Rate;
//! use happysim::time::{Instant, minutes};
//!
//! let peak = Rate::per_second(400.0);
//! let load = profile! { hold 50/s for 30s; ramp to peak over 60s; hold };
//! assert_eq!(load.value(Instant::ZERO + minutes(1)), Rate::per_second(225.0));
//! ```

mod builder;
mod change;
mod compile;
mod cursor;
mod error;
#[doc(hidden)]
pub mod generated;
mod into;
mod peak;
mod shape;
mod varying;

use core::marker::PhantomData;
use std::sync::Arc;

pub use builder::{ProfileBuilder, Sine};
pub use cursor::ProfileCursor;
pub use error::InvalidProfile;
pub use into::IntoVarying;
pub use varying::Varying;

use crate::quantity::Quantity;
use crate::time::Instant;
use cursor::{instant_after, passes_before, shift_by};
use shape::Shape;

/// A quantity over simulated time, from the start of the simulation on, without end.
///
/// It consists of segments: held values, straight ramps, sines. At the instant at which one
/// segment ends and the next begins the value is that of the next. After the last segment its
/// last value holds for ever, unless a part repeats endlessly.
///
/// ```
/// use happysim::profile::Profile;
/// use happysim::quantity::Rate;
/// use happysim::time::{Instant, seconds};
///
/// let load = Profile::builder()
///     .hold(Rate::per_second(50.0), seconds(30))
///     .ramp(Rate::per_second(400.0), seconds(60))
///     .build()?;
/// assert_eq!(load.value(Instant::ZERO + seconds(60)), Rate::per_second(225.0));
/// assert_eq!(load.integral(Instant::ZERO + seconds(30)), 1500.0);
/// # Ok::<(), happysim::profile::InvalidProfile>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Profile<Q> {
    /// In the order of their start, the first at 0; never empty. Never changed after the
    /// profile is built, and so shared by its clones: each replica and each fork of a
    /// simulation has one.
    segments: Arc<[Segment]>,
    cycle: Option<Cycle>,
    quantity: PhantomData<Q>,
}

#[derive(Clone, Debug, PartialEq)]
struct Segment {
    /// Nanoseconds since the start of the profile.
    start: u64,
    /// The integral from 0 to `start`.
    area: f64,
    shape: Shape,
    /// The largest value from `start` on.
    peak: f64,
}

/// The last segments, from `first` on, repeat for ever.
#[derive(Clone, Debug, PartialEq)]
struct Cycle {
    first: usize,
    /// Nanoseconds of one pass.
    length: u64,
    /// Integral over one pass.
    area: f64,
}

/// A segment, as it occurs `shift` nanoseconds later than in its first pass.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    index: usize,
    shift: u64,
}

impl<Q: Quantity> Profile<Q> {
    /// Starts a profile, to be described segment by segment.
    pub fn builder() -> ProfileBuilder<Q> {
        ProfileBuilder::new()
    }

    /// The same value at all times.
    ///
    /// # Panics
    /// For a value that is not finite, which only `f64` can be.
    #[track_caller]
    pub fn constant(value: Q) -> Self {
        generated::finish(Self::builder().hold_open(value))
    }

    /// The value at `instant`; the new one where it jumps. Whole quantities are rounded to the
    /// nearest.
    #[inline]
    pub fn value(&self, instant: Instant) -> Q {
        Self::quantity(self.base_value(instant))
    }

    /// The value at `instant` in the base unit, without rounding.
    #[inline]
    pub fn base_value(&self, instant: Instant) -> f64 {
        let place = self.locate(instant);
        let segment = &self.segments[place.index];
        segment.shape.value(instant.as_nanos() - place.shift - segment.start)
    }

    /// The integral of the value from time 0 to `instant`, in the base unit x seconds: for a
    /// rate, the expected number of events. Whole quantities are integrated without rounding.
    pub fn integral(&self, instant: Instant) -> f64 {
        let place = self.locate(instant);
        let segment = &self.segments[place.index];
        let passed = match &self.cycle {
            Some(cycle) if place.shift > 0 => (place.shift / cycle.length) as f64 * cycle.area,
            _ => 0.0,
        };
        let local = instant.as_nanos() - place.shift - segment.start;
        passed + segment.area + segment.shape.integral(local)
    }

    /// The first instant at which the integral reaches `area` (base unit x seconds), to the
    /// nearest nanosecond; time 0 for an area of 0 or less. `None` when it never does, or only
    /// beyond the range of time, and for NaN.
    ///
    /// In closed form for held values and ramps; for sines by Newton's method inside a bracket,
    /// to well below a nanosecond. To walk along a profile, [`cursor`](Self::cursor) is faster
    /// and gathers no rounding.
    ///
    /// # Panics
    /// For a profile with negative values, whose integral has no inverse.
    pub fn inverse_integral(&self, area: f64) -> Option<Instant> {
        self.assert_invertible();
        if area.is_nan() {
            return None;
        }
        if area <= 0.0 {
            return Some(Instant::ZERO);
        }
        let (mut area, mut shift) = (area, 0);
        if let Some(cycle) = &self.cycle {
            let passes = passes_before(area - self.segments[cycle.first].area, cycle.area);
            shift = shift_by(0, passes, cycle.length)?;
            area -= passes * cycle.area;
        }
        // The last segment that starts below the area: of a stretch of zeros, its beginning.
        let index = self.segments.partition_point(|segment| segment.area < area).max(1) - 1;
        let segment = &self.segments[index];
        let seconds = segment.shape.inverse_integral(area - segment.area, self.length(index));
        instant_after(segment.start.checked_add(shift)?, seconds)
    }

    /// A position at `from`, to be moved forward by area.
    pub fn cursor(&self, from: Instant) -> ProfileCursor<Q> {
        ProfileCursor::new(self.clone(), from)
    }

    /// The average value from `from` to `to`, in the base unit; the value itself where both are
    /// the same.
    ///
    /// # Panics
    /// When `to` is before `from`.
    #[track_caller]
    pub fn mean(&self, from: Instant, to: Instant) -> f64 {
        let window = to.since(from);
        if window.is_zero() {
            self.base_value(from)
        } else {
            (self.integral(to) - self.integral(from)) / window.as_secs_f64()
        }
    }

    /// The smallest value over all time, in the base unit.
    pub fn min(&self) -> f64 {
        self.ranges().fold(f64::INFINITY, |min, (low, _)| min.min(low))
    }

    /// The largest value over all time, in the base unit.
    pub fn max(&self) -> f64 {
        self.ranges().fold(f64::NEG_INFINITY, |max, (_, high)| max.max(high))
    }

    /// Whether it has the same value at all times.
    pub fn is_constant(&self) -> bool {
        self.min() >= self.max()
    }

    fn ranges(&self) -> impl Iterator<Item = (f64, f64)> {
        let with_length =
            |(index, segment): (usize, &Segment)| segment.shape.range(self.length(index));
        self.segments.iter().enumerate().map(with_length)
    }

    /// From the base unit; every value was checked when the profile was built.
    #[inline]
    fn quantity(value: f64) -> Q {
        match Q::from_base(value) {
            Ok(quantity) => quantity,
            Err(error) => unreachable!("a profile left its checked range: {error}"),
        }
    }

    #[inline]
    fn locate(&self, instant: Instant) -> Place {
        let nanos = instant.as_nanos();
        let shift = match &self.cycle {
            Some(cycle) => {
                let passed = nanos.saturating_sub(self.segments[cycle.first].start);
                passed - passed % cycle.length
            }
            None => 0,
        };
        let nanos = nanos - shift;
        let index = self.segments.partition_point(|segment| segment.start <= nanos) - 1;
        Place { index, shift }
    }

    /// The nanoseconds that a segment lasts; `u64::MAX` for one without end.
    fn length(&self, index: usize) -> u64 {
        let start = self.segments[index].start;
        match (self.segments.get(index + 1), &self.cycle) {
            (Some(next), _) => next.start - start,
            (None, Some(cycle)) => self.segments[cycle.first].start + cycle.length - start,
            (None, None) => u64::MAX,
        }
    }

    /// The endless repetition, if `index` is its first segment.
    fn cycle_from(&self, index: usize) -> Option<&Cycle> {
        self.cycle.as_ref().filter(|cycle| cycle.first == index)
    }

    /// The place after `place`; none after a segment without end or beyond the range of time.
    fn following(&self, place: Place) -> Option<Place> {
        if place.index + 1 < self.segments.len() {
            return Some(Place { index: place.index + 1, ..place });
        }
        let cycle = self.cycle.as_ref()?;
        Some(Place { index: cycle.first, shift: place.shift.checked_add(cycle.length)? })
    }

    #[track_caller]
    fn assert_invertible(&self) {
        // Quantities that cannot be negative pay nothing for the check.
        assert!(
            Q::RANGE.0 >= 0.0 || self.min() >= 0.0,
            "the integral of a profile with negative values (down to {}) has no inverse",
            self.min()
        );
    }
}

#[cfg(test)]
mod tests;
