//! Random streams: one generator per (seed, node path, purpose), so that a draw in one place
//! disturbs no other.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// One stream of random numbers, derived from the seed of the run, the path of its node and
/// its purpose there.
#[derive(Clone, Debug)]
pub struct Random(Xoshiro256PlusPlus);

impl Default for Random {
    /// A placeholder: a field of an entity gets its own stream when the topology is built.
    fn default() -> Self {
        Self::new(0, "", "")
    }
}

impl Random {
    /// The stream for `purpose` at node `path` in a run with `seed`.
    pub fn new(seed: u64, path: &str, purpose: &str) -> Self {
        // FNV-1a over the names, each ended by a byte that no name contains, then the seed:
        // SplitMix64 inside `seed_from_u64` spreads it over the 256 bits of state.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for name in [path, purpose] {
            for byte in name.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        let mut mix = Xoshiro256PlusPlus::seed_from_u64(seed ^ hash.rotate_left(32));
        let first = mix.next_u64();
        Self(Xoshiro256PlusPlus::seed_from_u64(first ^ hash))
    }

    /// 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform on [0, 1), with 53 random bits.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// True with probability `p`; 0 and below never, 1 and above always.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Uniform on 0..`n`, without bias.
    ///
    /// # Panics
    /// When `n` is 0.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "no number is below 0");
        // Lemire, "Fast Random Integer Generation in an Interval" (2019).
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            let low = product as u64;
            if low >= n || low >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }
}
