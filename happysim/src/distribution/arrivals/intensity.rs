//! The rate of a process as a way to walk along time by expected arrivals.

use crate::profile::{Profile, ProfileCursor, Varying};
use crate::quantity::{Quantity, Rate};
use crate::time::{Duration, Instant};

/// A rate and a position in time. The constant rate has a path of its own that knows nothing of
/// profiles.
#[derive(Clone, Debug)]
pub(super) enum Intensity {
    Constant { gap: f64, position: Instant },
    Profile { profile: Profile<Rate>, cursor: ProfileCursor<Rate> },
}

impl Intensity {
    /// At time 0.
    pub(super) fn new(rate: Varying<Rate>) -> Self {
        match rate {
            // A rate of 0 has an infinite gap.
            Varying::Constant(rate) => {
                Self::Constant { gap: 1.0 / rate.to_base(), position: Instant::ZERO }
            }
            Varying::Profile(profile) => {
                let cursor = profile.cursor(Instant::ZERO);
                Self::Profile { profile, cursor }
            }
        }
    }

    /// Goes to `position`, forwards or backwards.
    pub(super) fn move_to(&mut self, to: Instant) {
        match self {
            Self::Constant { position, .. } => *position = to,
            Self::Profile { profile, cursor } => *cursor = profile.cursor(to),
        }
    }

    /// Goes on until `expected` more arrivals were to be expected, and says when that is;
    /// `None` if never.
    #[inline]
    pub(super) fn advance(&mut self, expected: f64) -> Option<Instant> {
        match self {
            Self::Constant { gap, position } => {
                *position = after(*position, expected * *gap)?;
                Some(*position)
            }
            Self::Profile { cursor, .. } => cursor.advance(expected),
        }
    }

    /// Whether there is anything to expect after `from`.
    pub(super) fn goes_on_after(&self, from: Instant) -> bool {
        match self {
            Self::Constant { gap, .. } => gap.is_finite(),
            Self::Profile { profile, .. } => {
                profile.integral(Instant::MAX) > profile.integral(from)
            }
        }
    }

    pub(super) fn rate_at(&self, at: Instant) -> f64 {
        match self {
            Self::Constant { gap, .. } => 1.0 / gap,
            Self::Profile { profile, .. } => profile.base_value(at),
        }
    }
}

/// `seconds` after `from`, to the nearest nanosecond; `None` beyond the range of time.
#[inline]
pub(super) fn after(from: Instant, seconds: f64) -> Option<Instant> {
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    from.as_nanos().checked_add(duration.as_nanos()).map(Instant::from_nanos)
}
