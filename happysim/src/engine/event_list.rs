//! The event list: what is due, in order of time, first in first out among equal times.

use super::wake::Token;
use crate::time::Instant;

/// An ordered store of what is due later.
///
/// The scheduler uses nothing else of it, so that it can be replaced as a whole.
pub trait EventList: Clone + core::fmt::Debug + Default {
    /// Adds `token` at `time`, behind all others of that time.
    fn push(&mut self, time: Instant, token: Token);
    /// Takes the earliest.
    fn pop(&mut self) -> Option<(Instant, Token)>;
    /// The time of the earliest.
    fn peek(&self) -> Option<Instant>;
    /// How many are stored.
    fn len(&self) -> usize;
    /// Whether nothing is stored.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Time in the upper half, order of insertion in the lower: one comparison orders both.
    key: u128,
    token: Token,
}

/// A heap with four children per node: the best list for few pending events, and a good one
/// for many. Four children of 32 bytes share two cache lines.
#[derive(Clone, Debug, Default)]
pub struct QuaternaryHeap {
    entries: Vec<Entry>,
    inserted: u64,
}

const ARITY: usize = 4;

impl QuaternaryHeap {
    fn sift_up(&mut self, mut child: usize, entry: Entry) {
        while child > 0 {
            let parent = (child - 1) / ARITY;
            if self.entries[parent].key <= entry.key {
                break;
            }
            self.entries[child] = self.entries[parent];
            child = parent;
        }
        self.entries[child] = entry;
    }

    fn sift_down(&mut self, entry: Entry) {
        let len = self.entries.len();
        let mut parent = 0;
        loop {
            let first = parent * ARITY + 1;
            if first >= len {
                break;
            }
            let mut least = first;
            for child in first + 1..len.min(first + ARITY) {
                if self.entries[child].key < self.entries[least].key {
                    least = child;
                }
            }
            if entry.key <= self.entries[least].key {
                break;
            }
            self.entries[parent] = self.entries[least];
            parent = least;
        }
        self.entries[parent] = entry;
    }
}

impl EventList for QuaternaryHeap {
    #[inline]
    fn push(&mut self, time: Instant, token: Token) {
        let key = u128::from(time.as_nanos()) << 64 | u128::from(self.inserted);
        self.inserted += 1;
        let entry = Entry { key, token };
        self.entries.push(entry);
        self.sift_up(self.entries.len() - 1, entry);
    }

    #[inline]
    fn pop(&mut self) -> Option<(Instant, Token)> {
        let last = self.entries.pop()?;
        let first = match self.entries.first() {
            Some(&first) => {
                self.sift_down(last);
                first
            }
            None => last,
        };
        Some((Instant::from_nanos((first.key >> 64) as u64), first.token))
    }

    #[inline]
    fn peek(&self) -> Option<Instant> {
        self.entries.first().map(|entry| Instant::from_nanos((entry.key >> 64) as u64))
    }

    fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    /// Against a sorted vector: any mixture of pushes and pops gives the same order.
    #[test]
    fn order_is_time_then_insertion() {
        let mut random = Random::new(1, "list", "test");
        let mut list = QuaternaryHeap::default();
        let mut model: Vec<(u64, u16)> = Vec::new();
        for step in 0..20_000_u32 {
            if random.below(100) < 55 || model.is_empty() {
                let time = random.below(50);
                let name = (step % 65_536) as u16;
                list.push(Instant::from_nanos(time), Token::Deliver(name));
                let place = model.partition_point(|&(other, _)| other <= time);
                model.insert(place, (time, name));
            } else {
                let (time, name) = model.remove(0);
                assert_eq!(list.peek(), Some(Instant::from_nanos(time)));
                assert_eq!(list.pop(), Some((Instant::from_nanos(time), Token::Deliver(name))));
            }
            assert_eq!(list.len(), model.len());
        }
    }
}
