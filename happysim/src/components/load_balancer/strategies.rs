//! Strategies that look at turns, weights and requests in flight.

use core::cmp::Ordering;

use super::{Backends, Strategy};
use crate::engine::random::Random;

/// Each backend in turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundRobin {
    next: usize,
}

impl Strategy for RoundRobin {
    #[inline]
    fn choose(&mut self, backends: &Backends<'_>, _random: &mut Random) -> usize {
        let available = backends.available();
        let position = available.partition_point(|&backend| backend < self.next);
        let backend = available.get(position).copied().unwrap_or(available[0]);
        self.next = backend + 1;
        backend
    }
}

/// Any backend, all alike: `LoadBalancer<Random>`.
impl Strategy for Random {
    #[inline]
    fn choose(&mut self, backends: &Backends<'_>, random: &mut Random) -> usize {
        let available = backends.available();
        available[random.below(available.len() as u64) as usize]
    }
}

/// Who gets the request among backends that are equally good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ties {
    /// The one with the lowest number.
    #[default]
    First,
    /// The next after the last one chosen.
    RoundRobin,
    /// Any of them, all alike.
    Random,
}

/// A choice of the smallest, with its way with ties.
#[derive(Clone, Copy, Debug, Default)]
struct Smallest {
    ties: Ties,
    last: usize,
}

impl Smallest {
    #[inline]
    fn choose(
        &mut self,
        backends: &Backends<'_>,
        random: &mut Random,
        cost: impl Fn(usize) -> f64,
    ) -> usize {
        let available = backends.available();
        // Where the search starts decides which of several equals is met first.
        let start = match self.ties {
            Ties::RoundRobin => available.partition_point(|&backend| backend <= self.last),
            Ties::First | Ties::Random => 0,
        };
        let (before, after) = available.split_at(start);
        let (mut best, mut lowest, mut equals) = (available[0], f64::INFINITY, 1);
        for &backend in after.iter().chain(before) {
            let cost = cost(backend);
            match cost.total_cmp(&lowest) {
                Ordering::Less => (best, lowest, equals) = (backend, cost, 1),
                Ordering::Equal if self.ties == Ties::Random => {
                    equals += 1;
                    if random.below(equals) == 0 {
                        best = backend;
                    }
                }
                Ordering::Equal | Ordering::Greater => {}
            }
        }
        self.last = best;
        best
    }
}

/// The backend with the fewest of this balancer's requests in flight.
#[derive(Clone, Copy, Debug, Default)]
pub struct LeastConnections(Smallest);

impl LeastConnections {
    /// With another choice among equals than the first.
    pub fn ties(ties: Ties) -> Self {
        Self(Smallest { ties, last: usize::MAX })
    }
}

impl Strategy for LeastConnections {
    #[inline]
    fn choose(&mut self, backends: &Backends<'_>, random: &mut Random) -> usize {
        self.0.choose(backends, random, |backend| f64::from(backends.in_flight(backend)))
    }
}

/// The backend with the fewest requests in flight for its weight. One of weight 0 gets requests
/// only while there is no other.
#[derive(Clone, Copy, Debug, Default)]
pub struct WeightedLeastConnections(Smallest);

impl WeightedLeastConnections {
    /// With another choice among equals than the first.
    pub fn ties(ties: Ties) -> Self {
        Self(Smallest { ties, last: usize::MAX })
    }
}

impl Strategy for WeightedLeastConnections {
    #[inline]
    fn choose(&mut self, backends: &Backends<'_>, random: &mut Random) -> usize {
        self.0.choose(backends, random, |backend| {
            let weight = backends.weight(backend);
            if weight > 0.0 { f64::from(backends.in_flight(backend)) / weight } else { f64::MAX }
        })
    }
}

/// Two different backends at random, then the one of them with fewer requests in flight (equal:
/// the first drawn).
///
/// Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE
/// Transactions on Parallel and Distributed Systems 12 (2001).
#[derive(Clone, Copy, Debug, Default)]
pub struct PowerOfTwoChoices;

impl Strategy for PowerOfTwoChoices {
    #[inline]
    fn choose(&mut self, backends: &Backends<'_>, random: &mut Random) -> usize {
        let available = backends.available();
        let count = available.len() as u64;
        if count == 1 {
            return available[0];
        }
        let first = random.below(count);
        let other = random.below(count - 1);
        let second = if other >= first { other + 1 } else { other };
        let (first, second) = (available[first as usize], available[second as usize]);
        if backends.in_flight(second) < backends.in_flight(first) { second } else { first }
    }
}

/// Each backend as often as its weight says, spread as evenly as possible: weights 5, 1, 1 give
/// a a b a c a a.
///
/// Each time, every backend gains its weight, the one with most is chosen (equal: the first),
/// and loses the sum of the weights. A weight of 0 has its turn while there is no other. Source: nginx, commit 52327e0627f4, "Upstream: smooth
/// weighted round-robin balancing" (2012).
#[derive(Clone, Debug, Default)]
pub struct WeightedRoundRobin {
    credit: Vec<f64>,
}

impl Strategy for WeightedRoundRobin {
    fn choose(&mut self, backends: &Backends<'_>, _random: &mut Random) -> usize {
        self.credit.resize(backends.total(), 0.0);
        let available = backends.available();
        let has_weight = |backend: &&usize| backends.weight(**backend) > 0.0;
        let Some(&first) = available.iter().find(has_weight) else { return available[0] };
        let (mut best, mut sum) = (first, 0.0);
        for &backend in available.iter().filter(has_weight) {
            let weight = backends.weight(backend);
            sum += weight;
            self.credit[backend] += weight;
            if self.credit[backend] > self.credit[best] {
                best = backend;
            }
        }
        self.credit[best] -= sum;
        best
    }
}
