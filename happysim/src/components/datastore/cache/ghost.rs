//! Keys without values: what was evicted lately.

use std::collections::{HashMap, VecDeque};

use super::hash::BuildStable;
use crate::components::datastore::request::Key;

/// The keys that were evicted last, first in first out.
#[derive(Clone, Debug)]
pub(super) struct Ghost<K> {
    /// Each key with the number under which it is in the queue.
    numbers: HashMap<K, u64, BuildStable>,
    /// May hold keys that were removed or added again since: their numbers differ.
    queue: VecDeque<(K, u64)>,
    next: u64,
}

impl<K> Default for Ghost<K> {
    fn default() -> Self {
        Self { numbers: HashMap::default(), queue: VecDeque::new(), next: 0 }
    }
}

impl<K: Key> Ghost<K> {
    /// Remembers a key, and forgets the oldest beyond `most`.
    pub(super) fn add(&mut self, key: K, most: usize) {
        self.next += 1;
        self.numbers.insert(key.clone(), self.next);
        self.queue.push_back((key, self.next));
        // The queue is cut too, so that keys that came back do not make it grow.
        while self.numbers.len() > most || self.queue.len() > 2 * most {
            let Some((oldest, number)) = self.queue.pop_front() else { return };
            if self.numbers.get(&oldest) == Some(&number) {
                self.numbers.remove(&oldest);
            }
        }
    }

    /// Forgets a key; tells whether it was remembered.
    pub(super) fn remove(&mut self, key: &K) -> bool {
        self.numbers.remove(key).is_some()
    }
}
