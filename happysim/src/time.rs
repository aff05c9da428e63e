//! Simulated time: [`Instant`] and [`Duration`], both whole nanoseconds in a `u64`.
//!
//! Whole numbers make equal instants equal: 0.1 s added ten times is exactly 1 s. The range is
//! 584 years. Conversions from fractions round to the nearest nanosecond; what does not fit
//! panics with the operands, and never wraps.

use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

const NANOS_PER_SECOND: f64 = 1e9;

/// A length of simulated time, in whole nanoseconds; never negative.
///
/// In the macros it is written with a unit: `20ns`, `5us`, `10ms`, `1.5s`, `3min`, `2h`, `1d`.
/// In plain Rust: [`millis`], [`seconds`], [`minutes`], [`hours`] and the constructors here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Duration(u64);

/// A point in simulated time, in whole nanoseconds since the start of the simulation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Instant(u64);

/// Something that knows the current instant: the context of a handler, or an instant itself.
pub trait Clock {
    /// The current simulated time.
    fn now(&self) -> Instant;
}

impl Clock for Instant {
    /// An instant is a clock that stands still.
    fn now(&self) -> Instant {
        *self
    }
}

/// A number of seconds that is no time: negative, not a number, or beyond 584 years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidTime {
    /// The seconds that were given.
    pub seconds: f64,
}

impl fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s is no length of time: it must be a number from 0 to 1.8e10 s", self.seconds)
    }
}

impl core::error::Error for InvalidTime {}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest duration, about 584 years; used as "for ever".
    pub const MAX: Self = Self(u64::MAX);

    /// From whole nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// From whole microseconds.
    ///
    /// # Panics
    /// When the result exceeds 584 years.
    pub const fn from_micros(micros: u64) -> Self {
        Self::scaled(micros, 1_000)
    }

    /// From whole milliseconds.
    ///
    /// # Panics
    /// When the result exceeds 584 years.
    pub const fn from_millis(millis: u64) -> Self {
        Self::scaled(millis, 1_000_000)
    }

    /// From whole seconds.
    ///
    /// # Panics
    /// When the result exceeds 584 years.
    pub const fn from_secs(seconds: u64) -> Self {
        Self::scaled(seconds, 1_000_000_000)
    }

    const fn scaled(count: u64, nanos: u64) -> Self {
        match count.checked_mul(nanos) {
            Some(total) => Self(total),
            None => panic!("duration exceeds 584 years"),
        }
    }

    /// From seconds with a fraction, rounded to the nearest nanosecond.
    ///
    /// # Errors
    /// [`InvalidTime`] for a negative number, NaN, infinity, or more than 584 years.
    pub fn try_from_secs_f64(seconds: f64) -> Result<Self, InvalidTime> {
        let nanos = seconds * NANOS_PER_SECOND;
        // 2^63 as f64: below it the conversion is a single instruction. NaN is in no
        // range.
        if (0.0..9_223_372_036_854_775_808.0).contains(&nanos) {
            Ok(Self((nanos + 0.5) as i64 as u64))
        } else if (0.0..18_446_744_073_709_551_616.0).contains(&nanos) {
            Ok(Self((nanos + 0.5) as u64))
        } else {
            Err(InvalidTime { seconds })
        }
    }

    /// From seconds with a fraction, rounded to the nearest nanosecond.
    ///
    /// # Panics
    /// For a negative number, NaN, infinity, or more than 584 years; see
    /// [`try_from_secs_f64`](Self::try_from_secs_f64).
    #[track_caller]
    pub fn from_secs_f64(seconds: f64) -> Self {
        match Self::try_from_secs_f64(seconds) {
            Ok(duration) => duration,
            Err(error) => panic!("{error}"),
        }
    }

    /// Whole nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds with a fraction.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The difference, or zero where it would be negative.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// This duration times a factor, rounded to the nearest nanosecond.
    ///
    /// # Panics
    /// For a negative or non-finite factor, or a result beyond 584 years.
    #[must_use]
    #[track_caller]
    pub fn mul_f64(self, factor: f64) -> Self {
        let nanos = self.0 as f64 * factor;
        if (0.0..18_446_744_073_709_551_616.0).contains(&nanos) {
            Self((nanos + 0.5) as u64)
        } else {
            panic!("{self:?} times {factor} is no length of time")
        }
    }
}

impl Instant {
    /// The start of the simulation.
    pub const ZERO: Self = Self(0);
    /// The last representable instant; used as "never".
    pub const MAX: Self = Self(u64::MAX);

    /// From whole nanoseconds since the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// From seconds since the start, rounded to the nearest nanosecond.
    ///
    /// # Panics
    /// For a negative number, NaN, infinity, or more than 584 years.
    #[track_caller]
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self(Duration::from_secs_f64(seconds).0)
    }

    /// Whole nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start, with a fraction.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The time that passed since `earlier`.
    ///
    /// # Panics
    /// When `earlier` is later than this instant.
    #[track_caller]
    pub fn since(self, earlier: Self) -> Duration {
        match self.0.checked_sub(earlier.0) {
            Some(nanos) => Duration(nanos),
            None => panic!("{self:?} is before {earlier:?}"),
        }
    }

    /// The time that passed since `earlier`, or zero where `earlier` is later.
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }

    /// The instant `duration` later, or [`Instant::MAX`] ("never") beyond the range.
    #[must_use]
    pub const fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.0))
    }
}

/// `count` nanoseconds.
pub const fn nanos(count: u64) -> Duration {
    Duration::from_nanos(count)
}
/// `count` microseconds.
pub const fn micros(count: u64) -> Duration {
    Duration::from_micros(count)
}
/// `count` milliseconds.
pub const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}
/// `count` seconds.
pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
/// `count` minutes.
pub const fn minutes(count: u64) -> Duration {
    Duration::scaled(count, 60_000_000_000)
}
/// `count` hours.
pub const fn hours(count: u64) -> Duration {
    Duration::scaled(count, 3_600_000_000_000)
}

/// What a program has as the standard library's can be a length of simulated time, so that rustc
/// says how where one stands in place of the other.
impl From<core::time::Duration> for Duration {
    /// # Panics
    /// When it exceeds 584 years.
    fn from(duration: core::time::Duration) -> Self {
        let nanos = u64::try_from(duration.as_nanos());
        Self(nanos.expect("duration exceeds 584 years"))
    }
}

impl Add for Duration {
    type Output = Self;
    #[track_caller]
    fn add(self, other: Self) -> Self {
        match self.0.checked_add(other.0) {
            Some(nanos) => Self(nanos),
            None => panic!("{self:?} + {other:?} exceeds 584 years"),
        }
    }
}

impl AddAssign for Duration {
    #[track_caller]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Duration {
    type Output = Self;
    #[track_caller]
    fn sub(self, other: Self) -> Self {
        match self.0.checked_sub(other.0) {
            Some(nanos) => Self(nanos),
            None => panic!("{self:?} - {other:?} is negative"),
        }
    }
}

impl SubAssign for Duration {
    #[track_caller]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<u64> for Duration {
    type Output = Self;
    #[track_caller]
    fn mul(self, count: u64) -> Self {
        match self.0.checked_mul(count) {
            Some(nanos) => Self(nanos),
            None => panic!("{self:?} * {count} exceeds 584 years"),
        }
    }
}

impl Div<u64> for Duration {
    type Output = Self;
    #[track_caller]
    fn div(self, count: u64) -> Self {
        Self(self.0 / count)
    }
}

impl Sum for Duration {
    fn sum<I: Iterator<Item = Self>>(durations: I) -> Self {
        durations.fold(Self::ZERO, Add::add)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    #[track_caller]
    fn add(self, duration: Duration) -> Self {
        match self.0.checked_add(duration.0) {
            Some(nanos) => Self(nanos),
            None => panic!("{self:?} + {duration:?} exceeds 584 years"),
        }
    }
}

impl AddAssign<Duration> for Instant {
    #[track_caller]
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;
    #[track_caller]
    fn sub(self, duration: Duration) -> Self {
        match self.0.checked_sub(duration.0) {
            Some(nanos) => Self(nanos),
            None => panic!("{self:?} - {duration:?} is before the start"),
        }
    }
}

impl Sub for Instant {
    type Output = Duration;
    #[track_caller]
    fn sub(self, earlier: Self) -> Duration {
        self.since(earlier)
    }
}

/// Prints nanoseconds in the largest unit below them, without trailing zeros: `1.5s`, `250ms`.
fn write_nanos(f: &mut fmt::Formatter<'_>, nanos: u64) -> fmt::Result {
    let (unit, size) = match nanos {
        0 => return f.pad("0s"),
        1_000_000_000.. => ("s", 1_000_000_000),
        1_000_000.. => ("ms", 1_000_000),
        1_000.. => ("us", 1_000),
        _ => ("ns", 1),
    };
    let (whole, rest) = (nanos / size, nanos % size);
    let text = match f.precision() {
        Some(digits) => format!("{:.*}{unit}", digits, nanos as f64 / size as f64),
        None if rest == 0 => format!("{whole}{unit}"),
        None => {
            let digits = size.ilog10() as usize;
            let fraction = format!("{rest:0digits$}");
            format!("{whole}.{}{unit}", fraction.trim_end_matches('0'))
        }
    };
    f.pad_integral(true, "", &text)
}

impl fmt::Display for Duration {
    /// The largest fitting unit, exact unless a precision is given: `1.5s`, `250ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_nanos(f, self.0)
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_nanos(f, self.0)
    }
}

impl fmt::Display for Instant {
    /// Seconds since the start, exact unless a precision is given: `12.5s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_nanos(f, self.0)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("t=")?;
        write_nanos(f, self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_round_to_the_nearest_nanosecond() {
        assert_eq!(Duration::from_secs_f64(0.1), millis(100));
        assert_eq!(Duration::from_secs_f64(1e-9 * 0.6), nanos(1));
        assert_eq!(Duration::from_secs_f64(1e-9 * 0.4), nanos(0));
    }

    #[test]
    fn impossible_seconds_are_refused() {
        for seconds in [-1e-9, f64::NAN, f64::INFINITY, 1.9e10] {
            assert!(Duration::try_from_secs_f64(seconds).is_err(), "{seconds}");
        }
    }

    #[test]
    #[should_panic(expected = "exceeds 584 years")]
    fn overflow_is_an_error_and_never_a_wrap() {
        let _ = Instant::MAX + nanos(1);
    }

    #[test]
    fn durations_of_the_standard_library_are_times_too() {
        assert_eq!(Duration::from(core::time::Duration::from_micros(1_500)), micros(1_500));
    }

    #[test]
    #[should_panic(expected = "exceeds 584 years")]
    fn those_that_are_too_long_are_an_error() {
        let _ = Duration::from(core::time::Duration::MAX);
    }

    #[test]
    fn ten_tenths_are_one() {
        let total: Duration = (0..10).map(|_| Duration::from_secs_f64(0.1)).sum();
        assert_eq!(total, seconds(1));
    }

    #[test]
    fn text_uses_the_largest_fitting_unit() {
        assert_eq!(millis(1500).to_string(), "1.5s");
        assert_eq!(micros(250).to_string(), "250us");
        assert_eq!(format!("{:.2}", nanos(1_234_567)), "1.23ms");
        assert_eq!(format!("{:?}", Instant::from_secs_f64(0.25)), "t=250ms");
        assert_eq!(Duration::ZERO.to_string(), "0s");
    }
}
