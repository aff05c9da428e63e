//! Evenly spaced arrivals.

use super::intensity::after;
use crate::profile::{Profile, ProfileCursor, Varying};
use crate::quantity::{Quantity, Rate};
use crate::time::Instant;

/// The k-th arrival comes when the integral of the rate from 0 reaches k.
#[derive(Clone, Debug)]
pub(super) enum ConstantRate {
    /// Counts, so that no rounding adds up.
    Constant { rate: f64, arrived: u64 },
    Profile {
        profile: Profile<Rate>,
        cursor: ProfileCursor<Rate>,
        /// The integral at the last arrival, a whole number; or where the process was skipped to.
        area: f64,
        last: Instant,
    },
}

impl ConstantRate {
    pub(super) fn new(rate: Varying<Rate>) -> Self {
        match rate {
            Varying::Constant(rate) => Self::Constant { rate: rate.to_base(), arrived: 0 },
            Varying::Profile(profile) => {
                let cursor = profile.cursor(Instant::ZERO);
                Self::Profile { profile, cursor, area: 0.0, last: Instant::ZERO }
            }
        }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<Instant> {
        match self {
            Self::Constant { rate, arrived } => {
                let next = instant_of(*arrived + 1, *rate)?;
                *arrived += 1;
                Some(next)
            }
            Self::Profile { cursor, area, last, .. } => {
                let next = libm::floor(*area) + 1.0;
                *last = cursor.advance(next - *area)?;
                *area = next;
                Some(*last)
            }
        }
    }

    /// An arrival due at `start` itself still comes.
    pub(super) fn skip_to(&mut self, start: Instant) {
        match self {
            Self::Constant { rate, arrived } => {
                // The last that comes before, but for rounding, which the steps undo.
                let estimate = (start.as_secs_f64() * *rate) as u64;
                let mut before = estimate.saturating_sub(2);
                while instant_of(before + 1, *rate).is_some_and(|instant| instant < start) {
                    before += 1;
                }
                *arrived = (*arrived).max(before);
            }
            Self::Profile { profile, cursor, area, last } => {
                let before = Instant::from_nanos(start.as_nanos().saturating_sub(1));
                if before > *last {
                    *cursor = profile.cursor(before);
                    *area = profile.integral(before);
                    *last = before;
                }
            }
        }
    }

    /// The last arrival, or where the process was skipped to; 0 before the first.
    pub(super) fn last(&self) -> Instant {
        match self {
            Self::Constant { arrived: 0, .. } => Instant::ZERO,
            Self::Constant { rate, arrived } => {
                instant_of(*arrived, *rate).unwrap_or(Instant::ZERO)
            }
            Self::Profile { last, .. } => *last,
        }
    }

    pub(super) fn rate_at(&self, at: Instant) -> f64 {
        match self {
            Self::Constant { rate, .. } => *rate,
            Self::Profile { profile, .. } => profile.base_value(at),
        }
    }
}

/// The arrival number `count`; none at a rate of 0, or beyond the range of time.
#[inline]
fn instant_of(count: u64, rate: f64) -> Option<Instant> {
    after(Instant::ZERO, count as f64 / rate)
}
