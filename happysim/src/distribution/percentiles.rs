//! A distribution through measured percentiles.
//!
//! Between the percentiles the quantile function is interpolated so that the logarithm of the
//! value is linear in the standard normal quantile of the probability: on each stretch the law
//! is a piece of a lognormal one, so two percentiles give exactly the lognormal law through
//! them. The interpolation is monotone and continuous, and meets every given percentile. Below
//! the first and above the last percentile the neighbouring stretch goes on.
//!
//! A smallest value (probability 0) and a largest (probability 1) may be given too. Next to
//! them the normal quantile is infinite, so there the logarithm of the value is linear in the
//! probability itself.

use super::invalid::{Check, InvalidDistribution};
use super::moments::Moments;
use super::{Distribution, Law, standard_normal, ziggurat};
use crate::engine::random::Random;
use crate::quantity::Quantity;

/// A quantile function in pieces.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    /// Normal quantiles of the percentiles inside (0, 1): where the pieces meet.
    knots: Vec<f64>,
    /// One more than knots.
    pieces: Vec<Piece>,
    moments: Moments,
}

/// The logarithm of the value on one stretch.
#[derive(Clone, Copy, Debug)]
enum Piece {
    /// Linear in the normal quantile.
    Lognormal { offset: f64, slope: f64 },
    /// Linear in the probability, from a bound or to it.
    Bounded { offset: f64, slope: f64 },
}

/// A percentile: its probability, its normal quantile, the logarithm of its value.
#[derive(Clone, Copy)]
struct Point {
    p: f64,
    z: f64,
    logarithm: f64,
}

impl Fitted {
    #[inline]
    pub(super) fn draw(&self, random: &mut Random) -> f64 {
        let z = ziggurat::normal(random);
        libm::exp(match self.pieces[self.knots.partition_point(|knot| *knot < z)] {
            Piece::Lognormal { offset, slope } => offset + slope * z,
            Piece::Bounded { offset, slope } => offset + slope * standard_normal::cumulative(z),
        })
    }

    pub(super) fn moments(&self) -> Moments {
        self.moments
    }

    /// Through points in order, at least two of them strictly between 0 and 1.
    fn through(points: &[Point]) -> Self {
        let inside: Vec<Point> =
            points.iter().copied().filter(|point| point.z.is_finite()).collect();
        let mut pieces: Vec<Piece> =
            points.windows(2).map(|pair| Piece::between(pair[0], pair[1])).collect();
        // Where no bound is given, the first and the last lognormal piece go on outwards.
        if points[0].z.is_finite() {
            pieces.insert(0, pieces[0]);
        }
        if points[points.len() - 1].z.is_finite() {
            pieces.push(pieces[pieces.len() - 1]);
        }
        let knots = inside.iter().map(|point| point.z).collect();
        let moments = moments_of(&inside, &pieces);
        Self { knots, pieces, moments }
    }
}

impl Piece {
    fn between(from: Point, to: Point) -> Self {
        let rise = to.logarithm - from.logarithm;
        if from.z.is_finite() && to.z.is_finite() {
            let slope = rise / (to.z - from.z);
            Self::Lognormal { offset: from.logarithm - slope * from.z, slope }
        } else {
            let slope = rise / (to.p - from.p);
            Self::Bounded { offset: from.logarithm - slope * from.p, slope }
        }
    }

    /// The integral of the value to the power of `power` over the stretch from `from` to `to`.
    fn integral(self, power: f64, from: Point, to: Point) -> f64 {
        match self {
            Self::Lognormal { offset, slope } => {
                lognormal_integral(power * offset, power * slope, from.z, to.z)
            }
            Self::Bounded { offset, slope } => {
                let [low, high] = [from.p, to.p].map(|p| power * (offset + slope * p));
                let width = to.p - from.p;
                if high > low {
                    width * libm::exp(low) * libm::expm1(high - low) / (high - low)
                } else {
                    width * libm::exp(low)
                }
            }
        }
    }
}

fn moments_of(inside: &[Point], pieces: &[Piece]) -> Moments {
    let first = Point { p: 0.0, z: f64::NEG_INFINITY, logarithm: 0.0 };
    let last = Point { p: 1.0, z: f64::INFINITY, logarithm: 0.0 };
    let starts = core::iter::once(&first).chain(inside);
    let ends = inside.iter().chain(core::iter::once(&last));
    let stretches = || starts.clone().zip(ends.clone()).zip(pieces);
    let raw = |power| -> f64 {
        stretches().map(|((from, to), piece)| piece.integral(power, *from, *to)).sum()
    };
    let mean = raw(1.0);
    Moments::new(mean, (raw(2.0) - mean * mean).max(0.0))
}

/// The integral of exp(offset + slope z) over the normal law from `low` to `high`.
fn lognormal_integral(offset: f64, slope: f64, low: f64, high: f64) -> f64 {
    // The closed form, until its factors leave the range of numbers.
    if slope <= 30.0 || high == f64::INFINITY {
        let share = standard_normal::between(low - slope, high - slope);
        return libm::exp(offset + 0.5 * slope * slope) * share;
    }
    // So steep a stretch is short, or its lower end adds nothing: Simpson's rule will do.
    let low = low.max(high - 700.0 / slope);
    let steps = 2_000_u32;
    let width = (high - low) / f64::from(steps);
    let value = |step: u32| {
        let z = low + width * f64::from(step);
        libm::exp(offset + slope * z) * standard_normal::density(z)
    };
    let inner: f64 =
        (1..steps).map(|step| if step % 2 == 1 { 4.0 } else { 2.0 } * value(step)).sum();
    (value(0) + inner + value(steps)) * width / 3.0
}

impl<Q: Quantity> Distribution<Q> {
    /// Fitted to percentiles, given as (probability, value): `[(0.5, 12ms), (0.99, 80ms)]`.
    ///
    /// The logarithm of the value is interpolated linearly over the normal quantile of the
    /// probability, so that each stretch is a piece of a lognormal law; two percentiles give
    /// the lognormal law through them. Outside the given percentiles the first and the last
    /// stretch go on: a steep last stretch makes a heavy tail, which [`mean_at`](Self::mean_at)
    /// tells. A value at probability 1 (or 0) bounds the law there; next to it the logarithm is
    /// linear in the probability.
    ///
    /// # Errors
    /// When fewer than two probabilities lie strictly between 0 and 1, when the probabilities
    /// do not rise, when the values fall, or when one is not above 0.
    pub fn percentiles(
        percentiles: impl IntoIterator<Item = (f64, Q)>,
    ) -> Result<Self, InvalidDistribution> {
        let check = Check("a distribution by percentiles");
        let mut points: Vec<Point> = Vec::new();
        for (index, (p, value)) in percentiles.into_iter().enumerate() {
            let point = checked_point(check, points.last(), p, value.to_base())
                .map_err(|error| InvalidDistribution { index: Some(index), ..error })?;
            points.push(point);
        }
        let inside = points.iter().filter(|point| point.z.is_finite()).count();
        let allowed = "at least 2 that lie strictly between 0 and 1";
        check.that(inside >= 2, "number of percentiles", inside as f64, allowed)?;
        Ok(Law::Fitted(Fitted::through(&points)).into())
    }
}

fn checked_point(
    check: Check,
    before: Option<&Point>,
    p: f64,
    value: f64,
) -> Result<Point, InvalidDistribution> {
    check.that((0.0..=1.0).contains(&p), "probability", p, "from 0 to 1")?;
    check.positive("value", value)?;
    let point = Point { p, z: standard_normal::quantile(p), logarithm: libm::log(value) };
    if let Some(before) = before {
        check.that(point.z > before.z, "probability", p, "above the one before")?;
        let rises = point.logarithm >= before.logarithm;
        check.that(rises, "value", value, "at least the one before")?;
    }
    Ok(point)
}
