//! The event list: what is due, in order of time, first in first out among equal times.

use super::packed::PackedToken;
use crate::time::Instant;

/// An ordered store of what is due later.
///
/// The scheduler uses nothing else of it, so that it can be replaced as a whole.
pub trait EventList: Clone + core::fmt::Debug + Default {
    /// Adds `token` at `time`, behind all others of that time.
    fn push(&mut self, time: Instant, token: PackedToken);
    /// Takes the earliest.
    fn pop(&mut self) -> Option<(Instant, PackedToken)>;
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
    token: PackedToken,
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
            let least = first + least_of(&self.entries[first..len.min(first + ARITY)]);
            if entry.key <= self.entries[least].key {
                break;
            }
            self.entries[parent] = self.entries[least];
            parent = least;
        }
        self.entries[parent] = entry;
    }
}

/// The place of the least key. Four are compared in two rounds without a branch: which of
/// them is least cannot be predicted.
#[inline]
fn least_of(siblings: &[Entry]) -> usize {
    if let [a, b, c, d] = siblings {
        let (left, right) = (usize::from(b.key < a.key), 2 + usize::from(d.key < c.key));
        let is_right = siblings[right].key < siblings[left].key;
        return if is_right { right } else { left };
    }
    let mut least = 0;
    for (place, sibling) in siblings.iter().enumerate().skip(1) {
        if sibling.key < siblings[least].key {
            least = place;
        }
    }
    least
}

impl EventList for QuaternaryHeap {
    #[inline]
    fn push(&mut self, time: Instant, token: PackedToken) {
        let key = u128::from(time.as_nanos()) << 64 | u128::from(self.inserted);
        self.inserted += 1;
        let entry = Entry { key, token };
        self.entries.push(entry);
        self.sift_up(self.entries.len() - 1, entry);
    }

    #[inline]
    fn pop(&mut self) -> Option<(Instant, PackedToken)> {
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
    use crate::engine::wake::Token;

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
                list.push(Instant::from_nanos(time), Token::Deliver(name).into());
                let place = model.partition_point(|&(other, _)| other <= time);
                model.insert(place, (time, name));
            } else {
                let (time, name) = model.remove(0);
                assert_eq!(list.peek(), Some(Instant::from_nanos(time)));
                let expected = (Instant::from_nanos(time), Token::Deliver(name).into());
                assert_eq!(list.pop(), Some(expected));
            }
            assert_eq!(list.len(), model.len());
        }
    }
}
