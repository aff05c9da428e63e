//! A monotone radix heap on packed keys, whose lowest bucket is sorted.

use super::list::{List, packed, time, unpacked};

/// A bucket of at most this many entries is sorted, a longer one is distributed.
const SHORT: usize = 32;
/// A front of more entries is distributed again.
const LONG: usize = 64;

/// What is due soonest is in `front`. Bucket `i` has the entries whose time differs from `base` in
/// bit `i - 1` at the highest; bucket 0 has those of the time `base`.
pub(crate) struct RadixHeap {
    /// Descending, so that the earliest is taken from the end.
    front: Vec<u128>,
    /// What is due before this is in the front.
    horizon: u64,
    base: u64,
    occupied: u128,
    buckets: Vec<Vec<u128>>,
    inserted: u64,
}

impl Default for RadixHeap {
    fn default() -> Self {
        let buckets = vec![Vec::new(); 65];
        Self { front: Vec::new(), horizon: 0, base: 0, occupied: 0, buckets, inserted: 0 }
    }
}

impl RadixHeap {
    #[inline]
    fn store(&mut self, entry: u128) {
        let bucket = (64 - (time(entry) ^ self.base).leading_zeros()) as usize;
        self.occupied |= 1 << bucket;
        self.buckets[bucket].push(entry);
    }

    fn insert(&mut self, entry: u128) {
        if self.front.len() >= LONG {
            self.base = self.front.last().map_or(self.base, |&first| time(first));
            self.horizon = self.base;
            let mut front = std::mem::take(&mut self.front);
            front.drain(..).for_each(|entry| self.store(entry));
            self.front = front;
            self.store(entry);
            self.refill();
            return;
        }
        let mut place = self.front.len();
        self.front.push(entry);
        while place > 0 && self.front[place - 1] < entry {
            self.front[place] = self.front[place - 1];
            place -= 1;
        }
        self.front[place] = entry;
    }

    /// Fills the empty front from the lowest bucket.
    fn refill(&mut self) {
        while self.front.is_empty() && self.occupied != 0 {
            let lowest = self.occupied.trailing_zeros() as usize;
            self.occupied &= !(1 << lowest);
            if lowest == 0 || self.buckets[lowest].len() <= SHORT {
                std::mem::swap(&mut self.front, &mut self.buckets[lowest]);
                self.front.sort_unstable_by(|a, b| b.cmp(a));
                // The bucket's times end where those of the next begin.
                let width = if lowest == 0 { 1 } else { 1 << (lowest - 1) };
                if lowest > 0 {
                    self.base = (self.base ^ width) & !(width - 1);
                }
                self.horizon = self.base + width;
            } else {
                let mut bucket = std::mem::take(&mut self.buckets[lowest]);
                self.base = bucket.iter().copied().min().map_or(self.base, time);
                self.horizon = self.base;
                bucket.drain(..).for_each(|entry| self.store(entry));
                self.buckets[lowest] = bucket;
            }
        }
    }
}

impl List for RadixHeap {
    #[inline]
    fn push(&mut self, time: u64, event: u32) {
        self.inserted += 1;
        let entry = packed(time, self.inserted, event);
        if time < self.horizon { self.insert(entry) } else { self.store(entry) }
    }

    #[inline]
    fn earliest(&mut self) -> Option<u64> {
        self.peek().map(|(time, _)| time)
    }

    #[inline]
    fn peek(&mut self) -> Option<(u64, u32)> {
        if self.front.is_empty() {
            self.refill();
        }
        self.front.last().map(|&entry| unpacked(entry))
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, u32)> {
        let first = self.peek()?;
        self.front.pop();
        Some(first)
    }

    #[inline]
    fn replace(&mut self, time: u64, event: u32) {
        self.front.pop();
        self.push(time, event);
    }
}
