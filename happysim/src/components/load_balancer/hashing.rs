//! Strategies that send the same key to the same backend.

use super::{Backends, Strategy};
use crate::engine::random::Random;
use crate::model::parameter::{InRange, InvalidValue};
use crate::profile::{IntoVarying, Varying};

/// Spreads the bits of a number (the finaliser of `SplitMix64`, D. Stafford's variant 13).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The backend that belongs to the request's key: its hash modulo the number of backends.
///
/// While that backend is not available, the key goes to one of the others, by a second hash. The
/// balancer's parameter `key` says what the key is.
#[derive(Clone, Copy, Debug, Default)]
pub struct IpHash;

impl Strategy for IpHash {
    fn choose(&mut self, backends: &Backends<'_>, _random: &mut Random) -> usize {
        let hash = mix(backends.key());
        let own = (hash % backends.total() as u64) as usize;
        if backends.is_available(own) {
            return own;
        }
        let available = backends.available();
        available[(mix(hash) % available.len() as u64) as usize]
    }
}

/// A circle of hashes, on which every backend has some points and owns the arcs that end there.
#[derive(Clone, Debug, Default)]
pub struct Ring {
    points: Vec<(u64, usize)>,
}

impl Ring {
    /// With `virtual_nodes` points for each backend; another `salt` gives other points.
    pub fn new(backends: usize, virtual_nodes: usize, salt: u64) -> Self {
        let point = |backend: usize, number: usize| {
            (mix(mix(mix(salt) ^ backend as u64) ^ number as u64), backend)
        };
        let numbers = |backend| (0..virtual_nodes).map(move |number| point(backend, number));
        let mut points: Vec<_> = (0..backends).flat_map(numbers).collect();
        points.sort_unstable();
        Self { points }
    }

    /// The first backend at or after the hash of `key` that `accepts`.
    pub fn owner(&self, key: u64, accepts: impl Fn(usize) -> bool) -> Option<usize> {
        let start = self.points.partition_point(|&(point, _)| point < mix(key));
        let (before, after) = self.points.split_at(start);
        after.iter().chain(before).map(|&(_, backend)| backend).find(|&backend| accepts(backend))
    }

    /// The points with their backends, in the order of the circle.
    pub fn points(&self) -> &[(u64, usize)] {
        &self.points
    }
}

/// The backend that follows the hash of the request's key on a circle: when backends come and
/// go, only their own keys move.
///
/// Each backend has 100 points on the circle unless [`virtual_nodes`](Self::virtual_nodes) says
/// otherwise. The keys of a backend that is not available go to those that follow its points.
/// With [`bounded`](Self::bounded), a backend that has more than `factor` times the mean number
/// of requests in flight is passed over. The balancer's parameter `key` says what the key is.
///
/// Sources: D. Karger et al., "Consistent Hashing and Random Trees" (STOC 1997); V. Mirrokni,
/// M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded Loads" (SODA 2018).
#[derive(Clone, Debug)]
pub struct ConsistentHash {
    virtual_nodes: usize,
    factor: Option<Varying<f64>>,
    ring: Ring,
    backends: usize,
}

impl Default for ConsistentHash {
    fn default() -> Self {
        Self::virtual_nodes(100)
    }
}

impl ConsistentHash {
    /// With this many points on the circle for each backend; at least 1. No profile: the points
    /// say which keys are whose, and a number that changed would move keys although no backend
    /// came or went. `Simulation::change` gives another strategy, and with it another circle.
    pub fn virtual_nodes(virtual_nodes: usize) -> Self {
        Self { virtual_nodes, factor: None, ring: Ring::default(), backends: 0 }
    }

    /// Bounds the load of a backend at `factor` times the mean, at least 1; a profile is read with
    /// each request.
    #[must_use]
    pub fn bounded(self, factor: impl IntoVarying<f64>) -> Self {
        Self { factor: Some(factor.into_varying()), ..self }
    }
}

impl Strategy for ConsistentHash {
    fn check(&self) -> Result<(), InvalidValue> {
        let refused = |what: &str, value: String| InvalidValue {
            value: format!("a consistent hash whose {what} is {value}"),
            expected: "it must be at least 1".to_owned(),
        };
        if self.virtual_nodes == 0 {
            return Err(refused("number of virtual nodes", 0.to_string()));
        }
        self.factor.check(1.0, f64::INFINITY).map_err(|value| refused("bound of the load", value))
    }

    fn choose(&mut self, backends: &Backends<'_>, _random: &mut Random) -> usize {
        if self.backends != backends.total() {
            self.backends = backends.total();
            self.ring = Ring::new(self.backends, self.virtual_nodes, 0);
        }
        let owner = match &self.factor {
            None => self.ring.owner(backends.key(), |backend| backends.is_available(backend)),
            Some(factor) => {
                let available = backends.available();
                let load = |&backend: &usize| u64::from(backends.in_flight(backend));
                // With the request that is about to be placed.
                let total = available.iter().map(load).sum::<u64>() + 1;
                let factor = factor.at(backends.now());
                let limit = (factor * total as f64 / available.len() as f64).ceil();
                self.ring.owner(backends.key(), |backend| {
                    backends.is_available(backend)
                        && f64::from(backends.in_flight(backend) + 1) <= limit
                })
            }
        };
        owner.unwrap_or(backends.available()[0])
    }
}
