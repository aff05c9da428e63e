//! The three shapes a quantity can follow, each with its value, integral and inverse integral.
//!
//! Values are in the base unit of the quantity, times are nanoseconds since the start of the
//! segment ("local"), areas are base unit x seconds.

use core::f64::consts::TAU;

pub(super) const NANOS_PER_SECOND: f64 = 1e9;

pub(super) fn to_seconds(nanos: u64) -> f64 {
    nanos as f64 / NANOS_PER_SECOND
}

/// How the value moves during one segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// Always the same.
    Hold(f64),
    /// A straight line from `from` to `to`, reached after `length`.
    Ramp { from: f64, to: f64, length: u64 },
    /// `mean + amplitude sin(2 pi (t + phase) / period)`, with `phase` below `period`.
    Sine { mean: f64, amplitude: f64, period: u64, phase: u64 },
}

impl Shape {
    /// The value `local` nanoseconds after the start.
    #[inline]
    pub(super) fn value(&self, local: u64) -> f64 {
        match *self {
            Self::Hold(value) => value,
            Self::Ramp { to, length, .. } if local >= length => to,
            Self::Ramp { from, to, length } => {
                let value = from + (to - from) * (local as f64 / length as f64);
                // Rounding may overshoot the end by one unit in the last place, and with it the
                // range that was checked.
                value.clamp(from.min(to), from.max(to))
            }
            Self::Sine { mean, amplitude, period, phase } => {
                mean + amplitude * libm::sin(angle(local, period, phase))
            }
        }
    }

    /// The integral over the first `local` nanoseconds.
    #[inline]
    pub(super) fn integral(&self, local: u64) -> f64 {
        let seconds = to_seconds(local);
        match *self {
            Self::Hold(value) => value * seconds,
            Self::Ramp { from, .. } => 0.5 * (from + self.value(local)) * seconds,
            Self::Sine { mean, amplitude, period, phase } => {
                let swing =
                    libm::cos(angle(0, period, phase)) - libm::cos(angle(local, period, phase));
                mean * seconds + amplitude * to_seconds(period) / TAU * swing
            }
        }
    }

    /// The seconds after which the integral, which never falls, first reaches `area`; at most
    /// `length` nanoseconds, or infinite where it never gets there.
    pub(super) fn inverse_integral(&self, area: f64, length: u64) -> f64 {
        if area <= 0.0 {
            return 0.0;
        }
        let seconds = match *self {
            Self::Hold(value) => area / value,
            Self::Ramp { from, to, length } => {
                let slope = (to - from) / to_seconds(length);
                // The root of `from t + slope t^2 / 2 = area`, in the form that does not cancel.
                let root = libm::sqrt((from * from + 2.0 * slope * area).max(0.0));
                2.0 * area / (from + root)
            }
            Self::Sine { .. } => self.inverse_of_sine(area, length),
        };
        seconds.min(if length == u64::MAX { f64::INFINITY } else { to_seconds(length) })
    }

    /// Whole periods are divided out first; within one, Newton's method, kept inside a bracket
    /// that shrinks at every step and halved where Newton would leave it.
    fn inverse_of_sine(&self, area: f64, length: u64) -> f64 {
        let Self::Sine { mean, amplitude, period, phase } = *self else { return f64::INFINITY };
        if mean == 0.0 && amplitude == 0.0 {
            return f64::INFINITY;
        }
        let period_seconds = to_seconds(period);
        let per_period = mean * period_seconds;
        let passed = libm::floor(area / per_period).min((length / period) as f64);
        let rest = area - passed * per_period;
        let start = TAU * to_seconds(phase) / period_seconds;
        let scale = TAU / period_seconds;
        let window = period_seconds.min(to_seconds(length) - passed * period_seconds);
        let cosine_at_start = libm::cos(start);
        // A tenth of a nanosecond, or what an f64 of this size can tell apart.
        let tolerance = (4.0 * f64::EPSILON * window).max(1e-10);
        let (mut low, mut high) = (0.0, window);
        let mut guess = (rest / mean).clamp(low, high);
        // Halving alone needs 64 steps from the longest period down to a nanosecond; Newton
        // needs about four.
        for _ in 0..100 {
            let (sine, cosine) = libm::sincos(start + scale * guess);
            let swing = cosine_at_start - cosine;
            let error = mean * guess + amplitude / scale * swing - rest;
            if error == 0.0 {
                break;
            }
            if error < 0.0 {
                low = guess;
            } else {
                high = guess;
            }
            let newton = guess - error / (mean + amplitude * sine);
            // Also false for NaN and infinity, where the rate is 0.
            let inside = newton >= low && newton <= high;
            let next = if inside { newton } else { 0.5 * (low + high) };
            let step = libm::fabs(next - guess);
            guess = next;
            if step < tolerance {
                break;
            }
        }
        passed * period_seconds + guess
    }

    /// The smallest and the largest value during the first `length` nanoseconds.
    pub(super) fn range(&self, length: u64) -> (f64, f64) {
        let (first, last) = (self.value(0), self.value(length));
        let mut range = (first.min(last), first.max(last));
        if let Self::Sine { mean, amplitude, .. } = *self {
            let mut turn = 0;
            // At most two turning points within a period.
            for _ in 0..2 {
                turn = self.next_turn(turn);
                if turn < length {
                    let value =
                        if self.value(turn) > mean { mean + amplitude } else { mean - amplitude };
                    range = (range.0.min(value), range.1.max(value));
                }
            }
        }
        range
    }

    /// The largest value at a whole nanosecond from `local` on, and before `length`.
    pub(super) fn peak(&self, local: u64, length: u64) -> f64 {
        let mut peak = self.value(local).max(self.value(length - 1));
        let mut turn = local;
        // At most two turning points within a period; a peak between two nanoseconds is reached at
        // neither of them.
        for _ in 0..2 {
            turn = self.next_turn(turn);
            if turn < length {
                peak = peak.max(self.value(turn)).max(self.value(turn - 1));
            }
        }
        peak
    }

    /// The first whole nanosecond after `local` at or beyond a peak or a trough; never for the
    /// shapes that have none.
    pub(super) fn next_turn(&self, local: u64) -> u64 {
        let Self::Sine { period, phase, .. } = *self else { return u64::MAX };
        let period = u128::from(period);
        // Turns are at odd quarters of the period.
        let position = u128::from(local) + u128::from(phase);
        let quarters = 4 * position / period + 1;
        let odd = quarters | 1;
        let turn = (odd * period).div_ceil(4) - u128::from(phase);
        u64::try_from(turn).unwrap_or(u64::MAX)
    }
}

/// The angle of a sine, reduced to one turn in whole nanoseconds: as exact after a year as in
/// the first second.
fn angle(local: u64, period: u64, phase: u64) -> f64 {
    let position = (local % period + phase) % period;
    TAU * (position as f64 / period as f64)
}
