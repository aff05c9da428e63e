//! What is not due soon: in buckets, in the order in which it came.

use super::Entry;
use super::arrange::{arrange, by_digit};
use crate::engine::wake::Token;

/// The bits of a digit; a power of two.
const BITS: u32 = 4;

/// The values of a digit.
pub(super) const DIGITS: usize = 1 << BITS;

/// The digits of a time.
const LEVELS: usize = (u64::BITS / BITS) as usize;

/// A bucket for each value of each of them.
const BUCKETS: usize = LEVELS * DIGITS;

/// A bucket of at most this many entries becomes the front as it is.
pub(super) const SHORT: usize = 32;

/// A front of more entries is split.
pub(super) const LONG: usize = 2 * SHORT;

/// A list of so many entries covers so much time that hardly any is added to its front.
const MANY: usize = 50_000;

/// Its front may be a bucket of at most this many entries.
const HANDFUL: usize = 4 * SHORT;

/// The memory of more entries goes from one bucket to the next.
const LARGE: usize = 256;

/// So does that of all buckets from this one on, whose values come back after more than four seconds.
const SLOW: u8 = 7 * DIGITS as u8;

/// A bucket for each value of each digit. An entry is in that of the highest digit in which its
/// time differs from `base`: it is later than all entries of lower digits, and of lower values.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    /// Not later than any entry.
    base: u64,
    /// Which buckets hold anything, by bits.
    occupied: [u64; BUCKETS / 64],
    /// What is in each, by digits and their values.
    entries: Vec<[Vec<Entry>; DIGITS]>,
    /// How many entries there are.
    len: usize,
    /// The memory of buckets that are empty, by digits: as much as they once needed together.
    spare: [Vec<Vec<Entry>>; LEVELS],
    /// The memory of the front, where a whole bucket has become the front, and the digit of that one.
    lent: Option<(Vec<Entry>, usize)>,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { entries: vec![[const { Vec::new() }; DIGITS]; LEVELS], ..Self::placeholder() }
    }
}

impl Buckets {
    /// What stands in the place of buckets that are looked at; it owns nothing.
    pub(super) const fn placeholder() -> Self {
        Self {
            base: u64::MAX,
            occupied: [0; BUCKETS / 64],
            entries: Vec::new(),
            len: 0,
            spare: [const { Vec::new() }; LEVELS],
            lent: None,
        }
    }

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
        let entries = self.at(bucket);
        if entries.len() < entries.capacity() {
            entries.push(Entry { time, token });
        } else {
            self.push_full(bucket, time, token);
        }
    }

    /// Adds to a bucket that has no room.
    // As the last call of `push` it costs that one no registers to save.
    #[cold]
    #[inline(never)]
    fn push_full(&mut self, bucket: u8, time: u64, token: Token) {
        let level = level_of(bucket);
        append(&mut self.entries[level], &mut self.spare[level], bucket, time, token);
    }

    /// What a bucket holds.
    #[inline]
    fn at(&mut self, bucket: u8) -> &mut Vec<Entry> {
        &mut self.entries[level_of(bucket)][digit_of(bucket)]
    }

    /// A bucket holds something.
    #[inline]
    fn note(&mut self, bucket: u8) {
        self.occupied[usize::from(bucket / 64)] |= 1 << (bucket % 64);
    }

    /// A bucket holds nothing any more. It keeps its memory, unless that is large or not needed soon.
    #[inline]
    fn clear(&mut self, bucket: u8) {
        self.occupied[usize::from(bucket / 64)] &= !(1 << (bucket % 64));
        let entries = self.at(bucket);
        entries.clear();
        let kept = if bucket < SLOW { LARGE } else { 0 };
        if entries.capacity() > kept {
            let memory = core::mem::take(entries);
            self.spare[level_of(bucket)].push(memory);
        }
    }

    /// The earliest bucket that holds anything.
    #[inline]
    fn lowest(&self) -> Option<u8> {
        let word = self.occupied.iter().position(|word| *word != 0)?;
        Some(64 * word as u8 + self.occupied[word].trailing_zeros() as u8)
    }

    /// All buckets that hold anything, the earliest first.
    fn all(&self) -> impl Iterator<Item = u8> + use<> {
        let occupied = self.occupied;
        (0..=u8::MAX)
            .filter(move |bucket| occupied[usize::from(bucket / 64)] >> (bucket % 64) & 1 != 0)
    }

    /// All that is in them, in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.all().flat_map(|bucket| &self.entries[level_of(bucket)][digit_of(bucket)])
    }

    /// Keeps only what `keep` holds for, in the order in which it is.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Entry) -> bool) {
        for bucket in self.all() {
            let entries = self.at(bucket);
            let before = entries.len();
            entries.retain(&mut keep);
            let after = entries.len();
            self.len -= before - after;
            if after == 0 {
                self.clear(bucket);
            }
        }
    }

    /// Counts from an earlier time: buckets that it does not tell apart become one.
    pub(super) fn lower_base(&mut self, base: u64) {
        let merged = bucket_of(self.base, base);
        self.base = base;
        for bucket in self.all().take_while(|bucket| level_of(*bucket) < level_of(merged)) {
            let mut entries = core::mem::take(self.at(bucket));
            self.at(merged).append(&mut entries);
            self.note(merged);
            *self.at(bucket) = entries;
            self.clear(bucket);
        }
    }

    /// Appends what is earliest to an empty front, in order of time: as many buckets as are short
    /// together, a larger one of a long list, or one that is due at one time. The last time that they
    /// cover, after which everything else is due.
    pub(super) fn fill(&mut self, front: &mut Vec<Entry>) -> u64 {
        self.reclaim(front);
        if front.capacity() > LONG && self.len < MANY {
            front.shrink_to(LONG);
        }
        while let Some(lowest) = self.lowest() {
            let count = self.at(lowest).len();
            let most = if front.is_empty() && self.len >= MANY { HANDFUL } else { SHORT };
            if front.len() + count <= most {
                self.take(lowest, front);
            } else if !front.is_empty() || !self.distribute(lowest, front) {
                return self.base;
            }
        }
        self.base = u64::MAX;
        self.base
    }

    /// An empty front has its own memory again, which is short, if it had that of a bucket.
    pub(super) fn reclaim(&mut self, front: &mut Vec<Entry>) {
        if let Some((memory, level)) = self.lent.take() {
            self.spare[level].push(core::mem::replace(front, memory));
        }
    }

    /// Appends the lowest bucket to the front.
    #[inline]
    fn take(&mut self, lowest: u8, front: &mut Vec<Entry>) {
        let sorted = front.len();
        let entries = &self.entries[level_of(lowest)][digit_of(lowest)];
        front.extend_from_slice(entries);
        if entries.len() <= SHORT {
            arrange(entries, &mut front[sorted..]);
        } else {
            let shift = level_of(lowest).saturating_sub(1) as u32 * BITS;
            by_digit(entries, &mut front[sorted..], shift);
        }
        self.len -= entries.len();
        self.clear(lowest);
        // The last time that the bucket covers.
        let (shift, digit) = (level_of(lowest) as u32 * BITS, digit_of(lowest));
        let above = self.base >> shift >> BITS << BITS;
        let covered = (1 << shift) - 1;
        self.base = (above | digit as u64) << shift | covered;
    }

    /// Distributes the lowest bucket over those of a lower digit; false where it is the front now,
    /// since all of it is due at one time.
    fn distribute(&mut self, lowest: u8, front: &mut Vec<Entry>) -> bool {
        let (below, entries) = self.entries.split_at_mut(level_of(lowest));
        let entries = &mut entries[0][digit_of(lowest)];
        let time = entries[0].time;
        // In the next digit there is almost always something to tell apart.
        let spread = spread(entries, level_of(lowest).saturating_sub(1) as u32 * BITS);
        if spread == 0 {
            self.len -= entries.len();
            let memory = core::mem::replace(front, core::mem::take(entries));
            self.lent = Some((memory, level_of(lowest)));
            self.clear(lowest);
            self.base = time;
            return false;
        }
        let shift = spread.ilog2() & !(BITS - 1);
        let level = (shift / BITS) as usize;
        self.base = time >> shift >> BITS << BITS << shift;
        let (below, spare) = (&mut below[level], &mut self.spare[level]);
        for entry in entries.iter() {
            let bucket = bucket_at(level, (entry.time >> shift) as usize % DIGITS);
            append(below, spare, bucket, entry.time, entry.token);
        }
        // Whatever has the digit of the base is in the lowest bucket now, and is taken out of it next.
        for (bucket, entries) in (level * DIGITS..).zip(below) {
            self.occupied[bucket / 64] |= u64::from(!entries.is_empty()) << (bucket % 64);
        }
        self.clear(lowest);
        true
    }
}

/// Adds to the end of a bucket, which is one of the buckets of its digit.
#[inline]
fn append(
    buckets: &mut [Vec<Entry>; DIGITS],
    spare: &mut Vec<Vec<Entry>>,
    bucket: u8,
    time: u64,
    token: Token,
) {
    let entries = &mut buckets[digit_of(bucket)];
    if entries.len() < entries.capacity() {
        entries.push(Entry { time, token });
    } else {
        grow(buckets, spare, bucket);
        buckets[digit_of(bucket)].push(Entry { time, token });
    }
}

/// Gives one of the buckets of a digit more memory, and more than it needs now. Those whose values come
/// back soon get it together, so that this does not happen again and again.
#[cold]
#[inline(never)]
fn grow(buckets: &mut [Vec<Entry>; DIGITS], spare: &mut Vec<Vec<Entry>>, bucket: u8) {
    let entries = &mut buckets[digit_of(bucket)];
    if !entries.is_empty() {
        entries.reserve(SHORT);
    } else if let Some(memory) = spare.pop() {
        *entries = memory;
    } else if bucket >= SLOW {
        entries.reserve(LARGE);
    } else {
        for entries in buckets {
            entries.reserve(2 * SHORT);
        }
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
fn bucket_of(time: u64, base: u64) -> u8 {
    // The lowest digit has the times that differ in nothing, too.
    let shift = (time ^ base | 1).ilog2() & !(BITS - 1);
    let (level, digit) = ((shift / BITS) as usize, (time >> shift) as usize % DIGITS);
    bucket_at(level, digit)
}

/// The bucket for this value of this digit.
#[inline]
fn bucket_at(level: usize, digit: usize) -> u8 {
    (level * DIGITS + digit) as u8
}

/// Which digit it is of which a bucket has a value.
#[inline]
fn level_of(bucket: u8) -> usize {
    usize::from(bucket) / DIGITS
}

/// The value of that digit.
#[inline]
fn digit_of(bucket: u8) -> usize {
    usize::from(bucket) % DIGITS
}
