//! A hash that is the same in every run.

use core::hash::{BuildHasherDefault, Hasher};

/// Makes [`Stable`] hashers.
pub(in crate::components::datastore) type BuildStable = BuildHasherDefault<Stable>;

/// Multiplies and rotates each word, as the compiler's own hash tables do (`FxHash`); the last
/// step spreads the high bits, since tables look at the low ones.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::components::datastore) struct Stable(u64);

const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;

impl Stable {
    #[inline]
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for Stable {
    #[inline]
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
        self.add(bytes.len() as u64);
    }

    #[inline]
    fn write_u8(&mut self, word: u8) {
        self.add(u64::from(word));
    }

    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }
}
