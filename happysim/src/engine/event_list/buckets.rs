//! What is not due soon: in buckets, in the order in which it came.

use super::Entry;
use super::arrange::arrange;
use crate::engine::wake::Token;

/// The bits of a digit of a time.
const BITS: u32 = 4;

/// The values of a digit.
const DIGITS: usize = 1 << BITS;

/// The digits of a time.
const LEVELS: usize = u64::BITS.div_ceil(BITS) as usize;

/// A bucket of at most this many entries becomes the front as it is.
pub(super) const SHORT: usize = 24;

/// The memory of more entries goes from one bucket to the next.
const LARGE: usize = 256;

/// A bucket for each value of each digit. An entry is in that of the highest digit in which its
/// time differs from `base`: it is later than all entries of lower digits, and of lower values.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    /// Not later than any entry.
    base: u64,
    /// Which levels hold anything, by bits.
    levels: u32,
    /// Which buckets of a level do.
    digits: [u16; LEVELS],
    buckets: Vec<Vec<Entry>>,
    /// How many entries there are.
    len: usize,
    /// The memory of buckets that are empty, by levels: as many as once held anything at a time.
    spare: Vec<Vec<Vec<Entry>>>,
}

impl Default for Buckets {
    fn default() -> Self {
        Self {
            base: u64::MAX,
            len: 0,
            levels: 0,
            digits: [0; LEVELS],
            buckets: vec![Vec::new(); LEVELS * DIGITS],
            spare: vec![Vec::new(); LEVELS],
        }
    }
}

impl Buckets {
    /// How many entries there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds `token` at a time that is not earlier than what was [taken](Self::fill) last.
    #[inline(never)]
    pub(super) fn push(&mut self, time: u64, token: Token) {
        let bucket = bucket_of(time, self.base);
        self.len += 1;
        self.note(bucket);
        self.append(bucket, time, token);
    }

    #[inline]
    fn note(&mut self, bucket: usize) {
        self.levels |= 1 << (bucket / DIGITS);
        self.digits[bucket / DIGITS] |= 1 << (bucket % DIGITS);
    }

    /// To the end of a bucket.
    #[inline]
    fn append(&mut self, bucket: usize, time: u64, token: Token) {
        let entries = &mut self.buckets[bucket];
        if entries.len() == entries.capacity() {
            grow(entries, &mut self.spare[bucket / DIGITS]);
        }
        entries.push(Entry { time, token });
    }

    /// A bucket holds nothing any more. It keeps its memory, unless that is large.
    #[inline]
    fn clear(&mut self, bucket: usize) {
        let level = bucket / DIGITS;
        self.digits[level] &= !(1 << (bucket % DIGITS));
        if self.digits[level] == 0 {
            self.levels &= !(1 << level);
        }
        let entries = &mut self.buckets[bucket];
        entries.clear();
        if entries.capacity() > LARGE {
            self.spare[level].push(core::mem::take(entries));
        }
    }

    /// The earliest bucket that holds anything.
    #[inline]
    fn lowest(&self) -> Option<usize> {
        if self.levels == 0 {
            return None;
        }
        let level = self.levels.trailing_zeros() as usize % LEVELS;
        Some(level * DIGITS + self.digits[level].trailing_zeros() as usize % DIGITS)
    }

    /// All buckets below one of them that hold anything, the earliest first.
    fn below(&self, bucket: usize) -> Vec<usize> {
        (0..bucket).filter(|bucket| !self.buckets[*bucket].is_empty()).collect()
    }

    /// Keeps only what `keep` holds for, in the order in which it is.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Entry) -> bool) {
        for bucket in self.below(LEVELS * DIGITS) {
            let entries = &mut self.buckets[bucket];
            self.len -= entries.len();
            entries.retain(&mut keep);
            self.len += entries.len();
            if entries.is_empty() {
                self.clear(bucket);
            }
        }
    }

    /// Counts from an earlier time: buckets that it does not tell apart become one.
    pub(super) fn lower_base(&mut self, base: u64) {
        let merged = bucket_of(self.base, base);
        self.base = base;
        for bucket in self.below(merged - merged % DIGITS) {
            let mut entries = core::mem::take(&mut self.buckets[bucket]);
            self.buckets[merged].append(&mut entries);
            self.note(merged);
            self.buckets[bucket] = entries;
            self.clear(bucket);
        }
    }

    /// Appends what is earliest to an empty front, in order of time: as many buckets as are short
    /// together, or one that is due at one time. The last time that they cover, after which
    /// everything else is due.
    pub(super) fn fill(&mut self, front: &mut Vec<Entry>) -> u64 {
        while let Some(lowest) = self.lowest() {
            let count = self.buckets[lowest].len();
            if front.len() + count <= SHORT {
                self.take_short(lowest, front);
            } else if !front.is_empty() || !self.distribute(lowest, front) {
                return self.base;
            }
        }
        self.base = u64::MAX;
        self.base
    }

    /// Appends the lowest bucket, which is short, to the front.
    #[inline]
    fn take_short(&mut self, lowest: usize, front: &mut Vec<Entry>) {
        let sorted = front.len();
        let entries = &self.buckets[lowest];
        front.extend_from_slice(entries);
        arrange(entries, &mut front[sorted..]);
        self.len -= entries.len();
        self.clear(lowest);
        // The last time that the bucket covers.
        let (shift, digit) = (lowest / DIGITS * BITS as usize, lowest % DIGITS);
        let above = self.base >> shift >> BITS << BITS;
        let covered = (1 << shift) - 1;
        self.base = (above | digit as u64) << shift | covered;
    }

    /// Distributes the lowest bucket over those of a lower level; false where it is the front now,
    /// since all of it is due at one time.
    fn distribute(&mut self, lowest: usize, front: &mut Vec<Entry>) -> bool {
        let (below, entries) = self.buckets.split_at_mut(lowest);
        let entries = &mut entries[0];
        let time = entries[0].time;
        // A level below there is almost always something to tell apart.
        let level = (lowest / DIGITS).saturating_sub(1) as u32;
        let spread = spread(entries, level * BITS);
        if spread == 0 {
            self.len -= entries.len();
            core::mem::swap(front, entries);
            self.clear(lowest);
            self.base = time;
            return false;
        }
        let level = (spread.ilog2() / BITS) as usize;
        let shift = level as u32 * BITS;
        self.base = time >> shift >> BITS << BITS << shift;
        let below = &mut below[level * DIGITS..][..DIGITS];
        for entry in entries.iter() {
            let bucket = &mut below[(entry.time >> shift) as usize % DIGITS];
            if bucket.len() == bucket.capacity() {
                grow(bucket, &mut self.spare[level]);
            }
            bucket.push(*entry);
        }
        self.clear(lowest);
        // Whatever has the digit of the base is in the lowest bucket now, and is taken out of it next.
        for (digit, bucket) in self.buckets[level * DIGITS..][..DIGITS].iter().enumerate() {
            self.digits[level] |= u16::from(!bucket.is_empty()) << digit;
        }
        self.levels |= 1 << level;
        true
    }
}

/// Gives a bucket more memory.
#[cold]
#[inline(never)]
fn grow(entries: &mut Vec<Entry>, spare: &mut Vec<Vec<Entry>>) {
    match spare.pop() {
        Some(memory) if entries.is_empty() => *entries = memory,
        _ => entries.reserve(1),
    }
}

/// The bits in which entries differ from the first; once they do in one from `enough` on, no more
/// are looked at.
fn spread(entries: &[Entry], enough: u32) -> u64 {
    let time = entries[0].time;
    let mut spread = 0;
    for entry in entries {
        spread |= entry.time ^ time;
        if spread >> enough != 0 {
            break;
        }
    }
    spread
}

/// The bucket for this time, counted from `base`.
#[inline]
fn bucket_of(time: u64, base: u64) -> usize {
    // The lowest level has the times that differ in nothing, too.
    let level = (time ^ base | 1).ilog2() / BITS;
    level as usize * DIGITS | (time >> (level * BITS)) as usize % DIGITS
}
