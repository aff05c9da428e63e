//! Yes or no with a probability that may change over time.

use super::unbound;
use crate::engine::random::Random;
use crate::profile::{IntoVarying, Varying};
use crate::quantity::Probability;
use crate::time::{Clock, Instant};

/// A toss that hits with a probability: the loss of a link, the errors of a service.
#[derive(Clone, Debug)]
pub struct Chance {
    probability: Varying<Probability>,
    stream: Option<Random>,
}

impl Chance {
    /// A toss that hits with the given probability: a constant, or a profile.
    pub fn new(probability: impl IntoVarying<Probability>) -> Self {
        Self { probability: probability.into_varying(), stream: None }
    }

    /// Gives the chance its own stream of random numbers, from its beginning.
    pub fn bind_stream(&mut self, random: Random) {
        self.stream = Some(random);
    }

    /// Its stream as far as it has come, for the one that takes its place.
    pub(crate) fn take_stream(&mut self) -> Option<Random> {
        self.stream.take()
    }

    /// Tosses, with the probability at the clock's current instant.
    ///
    /// A probability of 0 or 1 decides without a draw: what never fails costs nothing, and
    /// needs no stream. So a profile that touches 0 or 1 shifts the later tosses of this
    /// chance, and of nothing else.
    ///
    /// # Panics
    /// When no stream is bound and the probability is neither 0 nor 1.
    #[inline]
    pub fn hits(&mut self, clock: &impl Clock) -> bool {
        let probability = self.probability.at(clock.now()).get();
        if probability <= 0.0 || probability >= 1.0 {
            return probability >= 1.0;
        }
        match &mut self.stream {
            Some(random) => random.chance(probability),
            None => unbound("chance"),
        }
    }

    /// The probability at `at`.
    pub fn probability_at(&self, at: Instant) -> Probability {
        self.probability.at(at)
    }
}

impl<V: IntoVarying<Probability>> From<V> for Chance {
    fn from(probability: V) -> Self {
        Self::new(probability)
    }
}

impl Default for Chance {
    /// Never hits.
    fn default() -> Self {
        Self::new(Probability::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certainty_draws_nothing() {
        let mut never = Chance::default();
        let mut always = Chance::new(Probability::new(1.0));
        assert!(!never.hits(&Instant::ZERO));
        assert!(always.hits(&Instant::ZERO));
        assert_eq!(always.probability_at(Instant::ZERO), Probability::new(1.0));
    }

    #[test]
    fn it_hits_as_often_as_it_should() {
        let mut chance = Chance::new(Probability::new(0.3));
        chance.bind_stream(Random::new(1, "link", "loss"));
        let hits = (0..100_000).filter(|_| chance.hits(&Instant::ZERO)).count();
        // Four standard deviations of a binomial count.
        assert!(hits.abs_diff(30_000) <= 580, "{hits}");
    }

    #[test]
    #[should_panic(expected = "a chance has no stream of random numbers")]
    fn without_a_stream_it_says_so() {
        Chance::new(Probability::new(0.5)).hits(&Instant::ZERO);
    }
}
