//! The event list: what is due, in order of time, first in first out among equal times.

mod arrange;
mod buckets;

use self::buckets::{Buckets, LONG};
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
/// What is due soonest stands in order in the *front*, a short list. The rest is in *buckets*, one
/// for each value of each digit of a time: an entry is in that of the highest digit in which its
/// time differs from a base, so that each bucket is later than all below it. An entry is appended to
/// its bucket without a comparison. When the front is empty the lowest bucket becomes the front, if
/// it is short; if not, it is distributed over the buckets of the digit below, of which the lowest
/// is tried next. With few entries everything is in the front.
///
/// Entries of one time are always in one place, in the order in which they came, and every
/// operation keeps that order: there is no sequence number. Simulated time does not run
/// backwards, which is what a radix heap asks for.
///
/// Radix heaps, here with digits of four bits: Ahuja, Mehlhorn, Orlin, Tarjan, "Faster algorithms for
/// the shortest path problem", J. ACM 37 (1990). To sort what is short instead of distributing it
/// further: the ladder queue of Tang, Goh, Thng, ACM TOMACS 15 (2005).
#[derive(Clone, Debug)]
pub struct EventList {
    /// Everything up to `horizon`, the soonest last.
    front: Vec<Entry>,
    /// What is due later than this is in a bucket.
    horizon: u64,
    buckets: Buckets,
}

impl Default for EventList {
    fn default() -> Self {
        let front = Vec::with_capacity(LONG);
        Self { front, horizon: u64::MAX, buckets: Buckets::default() }
    }
}

impl EventList {
    /// What stands in the place of a list that is looked at; it owns nothing.
    pub(super) const fn placeholder() -> Self {
        Self { front: Vec::new(), horizon: u64::MAX, buckets: Buckets::placeholder() }
    }

    /// Adds `token` at `time`, behind all others of that time. Not before the time of the last
    /// entry that was taken.
    // Time and token are handed on one by one: an entry that is handed on as a whole lies in
    // memory in between, and the processor waits for it.
    #[inline(never)]
    pub fn push(&mut self, time: Instant, token: Token) {
        let time = time.as_nanos();
        if time > self.horizon {
            self.buckets.push(time, token);
        } else if self.front.len() < self.front.capacity() {
            self.insert(time, token);
        } else {
            self.push_full(time, token);
        }
    }

    /// Into the front, behind all of its time.
    #[inline(always)]
    fn insert(&mut self, time: u64, token: Token) {
        let entry = Entry { time, token };
        let first = match self.front[..] {
            [.., first] if first.time <= time => first,
            _ => return self.front.push(entry),
        };
        self.front.push(first);
        let [before @ .., place, _] = &mut self.front[..] else {
            unreachable!("it was just added to")
        };
        // Those that are due sooner move up.
        let (mut before, mut place) = (before, place);
        while let [others @ .., last] = before
            && last.time <= time
        {
            *place = *last;
            (before, place) = (others, last);
        }
        *place = entry;
    }

    /// As [`push`](Self::push), where the front has no room: moves its later half to the buckets, or
    /// makes some if it is not long, as that of a list that was copied.
    #[cold]
    #[inline(never)]
    fn push_full(&mut self, time: u64, token: Token) {
        if self.front.len() < LONG {
            self.front.reserve(LONG - self.front.len());
        } else {
            self.shorten();
        }
        if time > self.horizon {
            self.buckets.push(time, token);
        } else {
            self.insert(time, token);
        }
    }

    /// The time of the earliest; `None` too where [`refill`](Self::refill) has to be called before.
    // Entries of one time are in the front together.
    #[inline(always)]
    pub fn earliest(&self) -> Option<Instant> {
        self.front.last().map(|entry| Instant::from_nanos(entry.time))
    }

    /// Takes the [earliest](Self::earliest).
    #[inline(always)]
    pub fn take(&mut self) -> Option<Token> {
        self.front.pop().map(|entry| entry.token)
    }

    /// What is added next stands in a short front, if the front is empty.
    pub fn reclaim(&mut self) {
        if self.front.is_empty() {
            self.buckets.reclaim(&mut self.front);
        }
    }

    /// Keeps only what `keep` holds for, in the order in which it is.
    pub fn retain(&mut self, mut keep: impl FnMut(Instant, Token) -> bool) {
        let mut keep = |entry: &Entry| keep(Instant::from_nanos(entry.time), entry.token);
        self.front.retain(&mut keep);
        self.buckets.retain(keep);
    }

    /// All that is stored, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = Token> {
        self.front.iter().chain(self.buckets.iter()).map(|entry| entry.token)
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many are stored.
    pub fn len(&self) -> usize {
        self.front.len() + self.buckets.len()
    }

    /// Moves the later half of a long front to the buckets. Entries of one time stay together: they
    /// all go where there are many of them, since what is added to them goes behind them all.
    fn shorten(&mut self) {
        let middle = self.front[self.front.len() / 2].time;
        // Nothing is due before the start.
        let Some(horizon) = middle.checked_sub(1) else { return };
        let later = self.front.partition_point(|entry| entry.time >= middle);
        self.buckets.lower_base(middle);
        for entry in self.front.drain(..later).rev() {
            self.buckets.push(entry.time, entry.token);
        }
        self.horizon = horizon;
    }

    /// What is due soonest, in order: at least the next entry, if there is one and
    /// [`refill`](Self::refill) was called.
    pub fn soonest(&self) -> impl Iterator<Item = Token> {
        self.front.iter().rev().map(|entry| entry.token)
    }

    /// Where the front is empty, fills it with what is earliest; false where there is nothing to
    /// fill it with, or no need to.
    #[cold]
    #[inline(never)]
    pub fn refill(&mut self) -> bool {
        if !self.front.is_empty() {
            return false;
        }
        self.horizon = self.buckets.fill(&mut self.front);
        // The buckets were appended from the earliest on.
        self.front.reverse();
        !self.front.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::engine::random::Random;
    use crate::engine::reply::ReplyTo;
    use crate::engine::wake::Due;

    fn token(name: u16) -> Token {
        Token::deliver(name, ReplyTo::NOBODY)
    }

    fn pop(list: &mut EventList, end: Instant) -> Option<(Instant, Token)> {
        list.refill();
        let time = list.earliest().filter(|time| *time <= end)?;
        list.take().map(|token| (time, token))
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
                // What is due at one time is known together.
                let is_next = model.first().is_some_and(|&(next, _)| next == now);
                assert_eq!(list.earliest() == Some(instant), is_next);
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

    // In the front of a long list there are more, which is sorted otherwise.
    #[test]
    fn very_many_come_in_order() {
        let mut random = Random::new(1, "list", "many");
        let mut list = EventList::default();
        let mut model = BTreeSet::new();
        let (mut now, mut number, mut longest) = (0, 0_u32, 0);
        for step in 0..200_000 {
            if step < 80_000 || step % 2 == 0 {
                // Every fourth shares its time with others.
                let fine = if number % 4 == 0 { 1_000 } else { 1 };
                let time = now + random.below(1_000_000_000) / fine * fine;
                list.push(Instant::from_nanos(time), Token::capacity(number));
                model.insert((time, number));
                number += 1;
            } else {
                let (time, number) = model.pop_first().unwrap();
                let expected = (Instant::from_nanos(time), Token::capacity(number));
                assert_eq!(pop(&mut list, Instant::MAX), Some(expected));
                longest = longest.max(list.front.len());
                now = time;
            }
        }
        assert!(longest > LONG, "{longest}");
        while let Some((time, number)) = model.pop_first() {
            let expected = (Instant::from_nanos(time), Token::capacity(number));
            assert_eq!(pop(&mut list, Instant::MAX), Some(expected));
        }
        assert!(list.is_empty() && list.front.capacity() <= LONG);
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

    #[test]
    fn many_of_one_time_leave_a_short_front_behind() {
        let mut list = EventList::default();
        for round in 1..5 {
            let time = Instant::from_nanos(1_000 * round);
            (0..10_000_u16).for_each(|name| list.push(time, token(name)));
            assert!(list.front.len() <= LONG);
            assert_eq!(pop(&mut list, time), Some((time, token(0))));
            assert!((1..10_000).all(|name| list.take() == Some(token(name))));
            // What comes later does not go where the many were.
            list.reclaim();
            assert!(list.front.capacity() <= LONG);
            list.push(Instant::from_nanos(1_000 * round + 500), token(0));
            assert!(list.front.is_empty());
            assert!(pop(&mut list, Instant::MAX).is_some());
            assert!(list.front.capacity() <= LONG);
        }
    }
}
