//! Zipf's law: the popularity of keys.

use super::invalid::{Check, InvalidDistribution};
use super::parameter::Parameter;
use super::unbound;
use crate::engine::random::Random;
use crate::profile::IntoVarying;
use crate::time::Clock;

/// Rank r of n comes up with a probability in proportion to 1 / r^exponent.
///
/// Exact, in constant memory and constant expected time for every n (about 1.1 tries a draw),
/// by rejection-inversion: Hörmann and Derflinger, "Rejection-Inversion to Generate Variates
/// from Monotone Discrete Distributions" (1996).
#[derive(Clone, Debug)]
pub struct Zipf {
    exponent: Parameter<f64>,
    ranks: u64,
    hat: Hat,
    stream: Option<Random>,
}

/// The integrable curve above the probabilities, for one exponent.
#[derive(Clone, Copy, Debug)]
struct Hat {
    exponent: f64,
    /// Its integral at the left of rank 1 (less the whole of rank 1), and right of the last.
    start: f64,
    end: f64,
    /// Closer than this to its rank a point is accepted without a further look.
    margin: f64,
}

impl Zipf {
    /// Over the ranks 1 to `ranks`. An exponent of 0 is uniform, about 1 is usual for keys; it
    /// may change over time.
    ///
    /// # Errors
    /// When the exponent is negative or not finite, or `ranks` is not from 1 to 2^53.
    pub fn new(exponent: impl IntoVarying<f64>, ranks: u64) -> Result<Self, InvalidDistribution> {
        let check = Check("a Zipf distribution");
        let exponent = Parameter::nonnegative(check, "exponent", exponent.into_varying())?;
        let possible = (1..=1 << 53).contains(&ranks);
        check.that(possible, "number of ranks", ranks as f64, "from 1 to 2^53")?;
        // For a profile the first draw finds its own exponent.
        let first = if let Parameter::Constant(exponent) = exponent { exponent } else { 1.0 };
        Ok(Self { exponent, ranks, hat: Hat::new(first, ranks), stream: None })
    }

    /// Gives the distribution its own stream of random numbers, from its beginning.
    pub fn bind_stream(&mut self, random: Random) {
        self.stream = Some(random);
    }

    /// Its stream as far as it has come, for the one that takes its place.
    pub(crate) fn take_stream(&mut self) -> Option<Random> {
        self.stream.take()
    }

    /// Draws a rank, from 1 (the most popular) to the number of ranks.
    ///
    /// # Panics
    /// When no stream is bound, or when the exponent's profile turns negative.
    #[inline]
    pub fn sample(&mut self, clock: &impl Clock) -> u64 {
        if !matches!(self.exponent, Parameter::Constant(_)) {
            let exponent = self.exponent.at(clock.now());
            if exponent.to_bits() != self.hat.exponent.to_bits() {
                self.hat = Hat::new(exponent, self.ranks);
            }
        }
        match &mut self.stream {
            Some(random) => self.hat.draw(random, self.ranks),
            None => unbound("Zipf distribution"),
        }
    }

    /// The number of ranks.
    pub fn ranks(&self) -> u64 {
        self.ranks
    }
}

impl Hat {
    fn new(exponent: f64, ranks: u64) -> Self {
        let mut hat = Self { exponent, start: 0.0, end: 0.0, margin: 0.0 };
        hat.start = hat.integral(1.5) - 1.0;
        hat.end = hat.integral(ranks as f64 + 0.5);
        hat.margin = 2.0 - hat.inverse(hat.integral(2.5) - hat.height(2.0));
        hat
    }

    fn draw(&self, random: &mut Random, ranks: u64) -> u64 {
        loop {
            let area = self.end + random.uniform() * (self.start - self.end);
            let x = self.inverse(area);
            let rank = ((x + 0.5) as u64).clamp(1, ranks);
            let nearest = rank as f64;
            if nearest - x <= self.margin
                || area >= self.integral(nearest + 0.5) - self.height(nearest)
            {
                return rank;
            }
        }
    }

    /// x^-exponent.
    fn height(&self, x: f64) -> f64 {
        libm::exp(-self.exponent * libm::log(x))
    }

    /// The integral of the height from 1 to x: (x^(1 - exponent) - 1) / (1 - exponent), and
    /// ln x where the exponent is 1.
    fn integral(&self, x: f64) -> f64 {
        let logarithm = libm::log(x);
        ratio_of_expm1((1.0 - self.exponent) * logarithm) * logarithm
    }

    /// The x with this integral.
    fn inverse(&self, area: f64) -> f64 {
        // Rounding may lead just below -1, where the logarithm ends.
        let power = (area * (1.0 - self.exponent)).max(-1.0);
        libm::exp(ratio_of_log1p(power) * area)
    }
}

/// (e^x - 1) / x, which is 1 at 0.
fn ratio_of_expm1(x: f64) -> f64 {
    if libm::fabs(x) > 1e-8 { libm::expm1(x) / x } else { 1.0 + 0.5 * x }
}

/// ln(1 + x) / x, which is 1 at 0.
fn ratio_of_log1p(x: f64) -> f64 {
    if libm::fabs(x) > 1e-8 { libm::log1p(x) / x } else { 1.0 - 0.5 * x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;
    use crate::time::{Instant, seconds};

    fn counts(exponent: f64, ranks: u64, draws: u32) -> Vec<f64> {
        let mut zipf = Zipf::new(exponent, ranks).unwrap();
        zipf.bind_stream(Random::new(7, "keys", "zipf"));
        let mut counts = vec![0.0; ranks as usize];
        for _ in 0..draws {
            counts[zipf.sample(&Instant::ZERO) as usize - 1] += 1.0;
        }
        counts
    }

    fn probabilities(exponent: f64, ranks: u32) -> Vec<f64> {
        let weights: Vec<f64> =
            (1..=ranks).map(|rank| libm::pow(f64::from(rank), -exponent)).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    }

    fn chi_square(counts: &[f64], probabilities: &[f64]) -> f64 {
        let total: f64 = counts.iter().sum();
        let term =
            |(count, p): (&f64, &f64)| (count - total * p) * (count - total * p) / (total * p);
        counts.iter().zip(probabilities).map(term).sum()
    }

    #[test]
    fn ten_ranks_of_exponent_one() {
        let counts = counts(1.0, 10, 1_000_000);
        let expected = [0.341_417_152_1, 0.170_708_576_1, 0.113_805_717_4, 0.085_354_288_04];
        for (count, p) in counts.iter().zip(expected) {
            assert!((count / 1e6 - p).abs() < 0.002, "{counts:?}");
        }
        // The middle 99.98 % of chi-square with nine degrees of freedom.
        let chi_square = chi_square(&counts, &probabilities(1.0, 10));
        assert!((0.660_809_16..33.719_948_44).contains(&chi_square), "{chi_square}");
    }

    #[test]
    fn other_exponents_too() {
        for exponent in [0.0, 0.5, 0.99, 1.01, 2.0, 5.0] {
            let chi_square =
                chi_square(&counts(exponent, 10, 200_000), &probabilities(exponent, 10));
            assert!((0.660_809_16..33.719_948_44).contains(&chi_square), "{exponent} {chi_square}");
        }
    }

    #[test]
    fn the_exponent_is_read_at_the_current_instant() {
        let exponent = Profile::builder().hold(0.5, seconds(10)).hold_open(1.5).build().unwrap();
        let [mut varying, mut before, mut after] = [
            Zipf::new(exponent, 1000).unwrap(),
            Zipf::new(0.5, 1000).unwrap(),
            Zipf::new(1.5, 1000).unwrap(),
        ];
        for zipf in [&mut varying, &mut before, &mut after] {
            zipf.bind_stream(Random::new(7, "keys", "zipf"));
        }
        let mut late = varying.clone();
        let (start, end) = (Instant::ZERO, Instant::from_secs_f64(10.0));
        for _ in 0..1000 {
            assert_eq!(varying.sample(&start), before.sample(&start));
            assert_eq!(late.sample(&end), after.sample(&end));
        }
    }

    #[test]
    fn the_ends_of_the_parameters() {
        assert_eq!(counts(1.0, 1, 100), [100.0]);
        assert_eq!(counts(1000.0, 3, 100), [100.0, 0.0, 0.0]);
        let mut huge = Zipf::new(0.8, 1 << 53).unwrap();
        huge.bind_stream(Random::new(7, "keys", "zipf"));
        assert!((0..1000).all(|_| (1..=1 << 53).contains(&huge.sample(&Instant::ZERO))));
        assert_eq!(
            Zipf::new(-1.0, 5).unwrap_err().to_string(),
            "`exponent` of a Zipf distribution is -1: it must be finite and at least 0"
        );
        assert!(Zipf::new(1.0, 0).is_err());
    }
}
