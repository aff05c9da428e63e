//! The event list: what is due, in order of time, first in first out among equal times.

use super::wake::Token;
use crate::time::Instant;

/// What is due at an instant.
#[derive(Clone, Copy, Debug)]
struct Entry {
    time: u64,
    token: Token,
}

/// A radix heap whose lowest bucket is sorted.
///
/// What is due soonest stands in order in the *front*, a short array. The rest is in *buckets*:
/// bucket `i` holds what differs from `base` in bit `i` at the highest, so that each bucket is
/// later than all below it and covers twice their time. An entry is appended to its bucket
/// without a comparison. When the front is empty the lowest bucket becomes the front, if it is
/// short; if not, it is distributed over the buckets below it, of which the lowest is tried
/// next. With few entries everything is in the front.
///
/// Entries of one time are always in one place, in the order in which they came, and every
/// operation keeps that order: there is no sequence number. Simulated time does not run
/// backwards, which is what a radix heap asks for.
///
/// Radix heaps: Ahuja, Mehlhorn, Orlin, Tarjan, "Faster algorithms for the shortest path
/// problem", J. ACM 37 (1990). To sort what is short instead of distributing it further: the
/// ladder queue of Tang, Goh, Thng, ACM TOMACS 15 (2005).
#[derive(Clone, Debug)]
pub struct EventList {
    /// Everything up to `horizon`, ascending, from `taken` up to `end`; around it there is room.
    front: Vec<Entry>,
    /// How many at the beginning of `front` were taken.
    taken: usize,
    /// Where the front ends.
    end: usize,
    /// What is due later than this is in a bucket.
    horizon: u64,
    /// What buckets are counted from: not later than anything in them.
    base: u64,
    /// Which buckets hold anything, by bits.
    occupied: u64,
    /// How many entries the buckets hold.
    stored: usize,
    buckets: Vec<Vec<Entry>>,
}

/// What stands where nothing is stored.
const ROOM: Entry = Entry { time: 0, token: Token::NOTHING };

/// A bucket of at most this many entries becomes the front as it is.
const SHORT: usize = 24;

/// A front of more entries is split.
const LONG: usize = 2 * SHORT;

impl Default for EventList {
    fn default() -> Self {
        Self {
            front: vec![ROOM; LONG],
            taken: 0,
            end: 0,
            horizon: u64::MAX,
            base: u64::MAX,
            occupied: 0,
            stored: 0,
            buckets: vec![Vec::new(); 64],
        }
    }
}

impl EventList {
    /// What stands in the place of a list that is looked at; it owns nothing.
    pub(super) fn placeholder() -> Self {
        let (front, buckets) = (Vec::new(), Vec::new());
        Self { front, taken: 0, end: 0, horizon: 0, base: 0, occupied: 0, stored: 0, buckets }
    }

    /// Adds `token` at `time`, behind all others of that time. Not before the time of the last
    /// entry that was taken.
    // Time and token are handed on one by one: an entry that is handed on as a whole lies in
    // memory in between, and the processor waits for it.
    #[inline(never)]
    pub fn push(&mut self, time: Instant, token: Token) {
        let time = time.as_nanos();
        if time > self.horizon {
            self.store_another(time, token);
        } else if self.end < LONG {
            self.insert(time, token);
        } else {
            self.insert_long(time, token);
        }
    }

    /// Into the front, behind all of its time.
    #[inline(always)]
    fn insert(&mut self, time: u64, token: Token) {
        // Where it goes, and what is before that.
        let [before @ .., place] = &mut self.front[self.taken..=self.end] else {
            unreachable!("a range with its end is not empty")
        };
        let (mut before, mut place) = (before, place);
        self.end += 1;
        while let [others @ .., last] = before
            && last.time > time
        {
            *place = *last;
            (before, place) = (others, last);
        }
        *place = Entry { time, token };
    }

    /// As [`insert`](Self::insert), where the front is long: makes room, forgets what was taken, and
    /// moves the later half to the buckets.
    #[cold]
    #[inline(never)]
    fn insert_long(&mut self, time: u64, token: Token) {
        if self.end == self.front.len() {
            self.front.push(ROOM);
        }
        self.insert(time, token);
        self.front.copy_within(self.taken..self.end, 0);
        self.end -= self.taken;
        self.taken = 0;
        self.shorten();
    }

    /// The time of the earliest, and whether another has the same; `None` too where
    /// [`refill`](Self::refill) has to be called before.
    #[inline(always)]
    pub fn earliest(&self) -> Option<(Instant, bool)> {
        let (first, others) = self.front[self.taken..self.end].split_first()?;
        let another = others.first().is_some_and(|second| second.time == first.time);
        Some((Instant::from_nanos(first.time), another))
    }

    /// Takes the [earliest](Self::earliest), which there is.
    #[inline(always)]
    pub fn take(&mut self) -> Token {
        let token = self.front[self.taken].token;
        self.taken += 1;
        token
    }

    /// Takes another one of `time`, the time of the last that was taken.
    #[inline]
    pub fn take_at(&mut self, time: Instant) -> Option<Token> {
        // Entries of one time are in the front together.
        let (earliest, _) = self.earliest()?;
        (earliest == time).then(|| self.take())
    }

    /// Keeps only what `keep` holds for, in the order in which it is.
    pub fn retain(&mut self, mut keep: impl FnMut(Instant, Token) -> bool) {
        let mut keep = |entry: &Entry| keep(Instant::from_nanos(entry.time), entry.token);
        let mut end = 0;
        for place in self.taken..self.end {
            if keep(&self.front[place]) {
                self.front[end] = self.front[place];
                end += 1;
            }
        }
        (self.taken, self.end) = (0, end);
        self.stored = 0;
        for bucket in bits(self.occupied) {
            let entries = &mut self.buckets[bucket];
            entries.retain(&mut keep);
            self.stored += entries.len();
            if entries.is_empty() {
                self.occupied &= !(1 << bucket);
            }
        }
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many are stored.
    pub fn len(&self) -> usize {
        self.end - self.taken + self.stored
    }

    #[inline(never)]
    fn store_another(&mut self, time: u64, token: Token) {
        self.stored += 1;
        self.store(Entry { time, token });
    }

    /// Into its bucket.
    #[inline]
    fn store(&mut self, entry: Entry) {
        // Bucket 0 holds two times, since nothing differs from itself.
        let bucket = (entry.time ^ self.base | 1).ilog2();
        self.occupied |= 1 << bucket;
        self.buckets[bucket as usize].push(entry);
    }

    /// Moves the later half of a long front, of which nothing was taken, to the buckets.
    fn shorten(&mut self) {
        let front = &self.front[..self.end];
        if front.len() <= SHORT {
            return;
        }
        // Entries of one time stay together.
        let middle = front[front.len() / 2].time;
        let mut kept = front.partition_point(|entry| entry.time < middle);
        if kept == 0 {
            kept = front.partition_point(|entry| entry.time == middle);
        }
        let Some(first) = front.get(kept) else { return };
        let first = first.time;
        self.lower_base(first);
        self.stored += self.end - kept;
        for index in kept..self.end {
            self.store(self.front[index]);
        }
        self.end = kept;
        self.horizon = first - 1;
    }

    /// Counts buckets from an earlier base: those that it does not tell apart become one.
    fn lower_base(&mut self, base: u64) {
        if self.occupied == 0 {
            self.base = base;
            return;
        }
        let highest = (self.base ^ base | 1).ilog2();
        let mut merged = core::mem::take(&mut self.buckets[highest as usize]);
        let below = self.occupied & ((1 << highest) - 1);
        for bucket in bits(below) {
            merged.append(&mut self.buckets[bucket]);
        }
        self.occupied &= !below;
        if !merged.is_empty() {
            self.occupied |= 1 << highest;
        }
        self.buckets[highest as usize] = merged;
        self.base = base;
    }

    /// What is due soonest, in order: at least the next entry, if there is one and
    /// [`refill`](Self::refill) was called.
    pub fn soonest(&self) -> impl Iterator<Item = Token> {
        self.front[self.taken..self.end].iter().map(|entry| entry.token)
    }

    /// Where the front is empty, fills it with what is earliest; false where there is nothing to
    /// fill it with, or no need to.
    #[cold]
    #[inline(never)]
    pub fn refill(&mut self) -> bool {
        if self.taken < self.end {
            return false;
        }
        (self.taken, self.end) = (0, 0);
        while self.occupied != 0 {
            let lowest = self.occupied.trailing_zeros();
            let bucket = lowest as usize;
            let count = self.buckets[bucket].len();
            if self.end + count <= SHORT || lowest == 0 {
                self.take_bucket(lowest);
            } else if self.end == 0 {
                self.distribute(bucket);
            } else {
                return true;
            }
        }
        self.horizon = u64::MAX;
        self.base = u64::MAX;
        self.end > 0
    }

    /// Moves the lowest bucket behind the front.
    fn take_bucket(&mut self, lowest: u32) {
        let bucket = &mut self.buckets[lowest as usize];
        let sorted = self.end;
        self.end += bucket.len();
        if self.front.len() < self.end {
            self.front.resize(self.end, ROOM);
        }
        self.front[sorted..self.end].copy_from_slice(bucket);
        // It keeps its memory: what a bucket has once held it can hold again.
        bucket.clear();
        self.front[sorted..self.end].sort_by_key(|entry| entry.time);
        self.stored -= self.end - sorted;
        self.occupied &= !(1 << lowest);
        // The last time that the bucket covers.
        self.base |= u64::MAX >> (63 - lowest);
        self.horizon = self.base;
    }

    /// Distributes the lowest bucket over those below it.
    fn distribute(&mut self, bucket: usize) {
        let mut entries = core::mem::take(&mut self.buckets[bucket]);
        self.occupied &= !(1 << bucket);
        if let Some(first) = entries.iter().map(|entry| entry.time).min() {
            self.base = first;
            self.horizon = first - 1;
        }
        for entry in entries.drain(..) {
            self.store(entry);
        }
        self.buckets[bucket] = entries;
    }
}

/// The places of the bits that are set, from the lowest.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < 64).then_some(lowest as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;
    use crate::engine::reply::ReplyTo;
    use crate::engine::wake::Due;

    fn token(name: u16) -> Token {
        Token::deliver(name, ReplyTo::NOBODY)
    }

    fn pop(list: &mut EventList, end: Instant) -> Option<(Instant, Token)> {
        list.refill();
        let (time, _) = list.earliest().filter(|(time, _)| *time <= end)?;
        Some((time, list.take()))
    }

    /// Against a sorted vector: any mixture of pushes and pops gives the same order.
    fn compare(seed: u64, steps: u32, growth: u64, mut time_after: impl FnMut(&mut Random) -> u64) {
        let mut random = Random::new(seed, "list", "test");
        let mut list = EventList::default();
        let mut model: Vec<(u64, u16)> = Vec::new();
        let mut now = 0_u64;
        for step in 0..steps {
            if random.below(100) < growth || model.is_empty() {
                let time = now.saturating_add(time_after(&mut random));
                let name = (step % 65_536) as u16;
                list.push(Instant::from_nanos(time), token(name));
                let place = model.partition_point(|&(other, _)| other <= time);
                model.insert(place, (time, name));
            } else if random.below(100) == 0 {
                // Some vanish, wherever they are.
                let stays = |name: u16| !name.is_multiple_of(3);
                list.retain(|_, token| match token.due() {
                    Due::Deliver(name, _) => stays(name),
                    _ => false,
                });
                model.retain(|&(_, name)| stays(name));
            } else {
                let (time, name) = model.remove(0);
                let instant = Instant::from_nanos(time);
                if time > 0 {
                    assert_eq!(pop(&mut list, Instant::from_nanos(time - 1)), None);
                }
                assert_eq!(pop(&mut list, Instant::MAX), Some((instant, token(name))));
                now = time;
                while random.below(2) == 0 && model.first().is_some_and(|&(next, _)| next == now) {
                    let (_, name) = model.remove(0);
                    assert_eq!(list.take_at(instant), Some(token(name)));
                }
                if model.first().is_none_or(|&(next, _)| next != now) {
                    assert_eq!(list.take_at(instant), None);
                }
            }
            assert_eq!(list.len(), model.len());
        }
    }

    #[test]
    fn order_is_time_then_insertion() {
        for (seed, growth) in [(1, 45), (2, 51), (3, 60), (4, 80)] {
            compare(seed, 5_000, growth, |random| random.below(50));
            compare(seed, 5_000, growth, |random| random.below(1_000_000));
            compare(seed, 5_000, growth, |random| 1 << random.below(60));
            compare(seed, 5_000, growth, |random| 500 * random.below(3));
            compare(seed, 3_000, growth, |_| 0);
            compare(seed, 3_000, growth, |_| 30_000_000_000);
            // Ever earlier, so that the front is split again and again.
            let mut latest = 1_u64 << 40;
            compare(seed, 2_000, growth, |random| {
                latest -= latest / 64;
                latest + random.below(3)
            });
        }
    }

    #[test]
    fn the_end_of_time_can_be_reached() {
        let mut list = EventList::default();
        for name in 0..100_u16 {
            let time = if name % 2 == 0 { u64::MAX } else { u64::MAX - u64::from(name) };
            list.push(Instant::from_nanos(time), token(name));
        }
        let mut names = Vec::new();
        while let Some((_, token)) = pop(&mut list, Instant::MAX) {
            names.push(token);
        }
        let odd = (0..100).rev().filter(|name| name % 2 == 1);
        let even = (0..100).filter(|name| name % 2 == 0);
        let expected: Vec<_> = odd.chain(even).map(token).collect();
        assert_eq!(names, expected);
    }
}
