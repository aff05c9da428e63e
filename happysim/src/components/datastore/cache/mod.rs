//! Which entries a cache of limited capacity keeps.
//!
//! The data structure of [`CachedStore`](super::CachedStore) and [`KVStore`](super::KVStore),
//! without any simulated time; usable on its own.

mod eviction;
mod ghost;
mod hash;
mod list;
#[cfg(test)]
mod tests;

pub use eviction::{Eviction, clock, lfu, lru, s3_fifo, slru, two_queue};

use std::collections::{BTreeSet, HashMap};

use self::ghost::Ghost;
use self::hash::BuildStable;
use self::list::{Link, List};
use super::request::Key;
use crate::engine::random::Random;
use crate::model::bind::{Binder, Part};

/// A use count that S3-FIFO no longer raises.
const MOST_USES: u64 = 3;

/// How often a new entry must be used for S3-FIFO to keep it.
const USES_TO_STAY: u64 = 2;

/// The queue of new entries in the policies that have two.
const NEW: usize = 0;
/// The queue of entries that were used again.
const KEPT: usize = 1;

#[derive(Clone, Debug)]
struct Slot<K, V> {
    /// `None` where the slot is free.
    entry: Option<(K, V)>,
    link: Link,
    /// Which of the two lists it is in.
    queue: usize,
    /// Uses since insertion, by the rule of the policy.
    uses: u64,
    /// The number of the last use, for ties of LFU.
    used_at: u64,
    /// Its place in `members`.
    member: u32,
}

/// Entries by key, and the order in which they are evicted.
///
/// It never evicts by itself: [`make_room`](Self::make_room) does.
#[derive(Clone, Debug)]
pub struct Cache<K, V> {
    eviction: Eviction,
    capacity: usize,
    slots: Vec<Slot<K, V>>,
    free: Vec<u32>,
    index: HashMap<K, u32, BuildStable>,
    /// Newest first.
    lists: [List; 2],
    /// LFU: least used, then longest unused, first.
    by_use: BTreeSet<(u64, u64, u32)>,
    /// Random: all used slots, in no order.
    members: Vec<u32>,
    /// Keys that were evicted from the queue of new entries.
    ghost: Ghost<K>,
    /// Whether the key that is expected next was one of them.
    is_known: bool,
    uses: u64,
    random: Option<Random>,
}

impl<K: Key, V> Cache<K, V> {
    /// An empty cache of unlimited capacity.
    pub fn new(eviction: Eviction) -> Self {
        Self {
            eviction,
            capacity: usize::MAX,
            slots: Vec::new(),
            free: Vec::new(),
            index: HashMap::default(),
            lists: [List::default(); 2],
            by_use: BTreeSet::new(),
            members: Vec::new(),
            ghost: Ghost::default(),
            is_known: false,
            uses: 0,
            random: None,
        }
    }

    /// The random stream from which [`Eviction::Random`] draws.
    pub fn bind_stream(&mut self, random: Random) {
        self.random = Some(random);
    }

    /// How many entries there may be, at least one. What is beyond a lowered capacity leaves with
    /// the next [`make_room`](Self::make_room).
    pub fn set_capacity(&mut self, capacity: usize) {
        if self.capacity != capacity {
            self.capacity = capacity;
            self.balance();
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The entry of a key, without counting as a use.
    pub fn peek(&self, key: &K) -> Option<&V> {
        let slot = *self.index.get(key)?;
        self.slots[slot as usize].entry.as_ref().map(|(_, value)| value)
    }

    /// The entry of a key, without counting as a use.
    pub fn peek_mut(&mut self, key: &K) -> Option<&mut V> {
        let slot = *self.index.get(key)?;
        self.slots[slot as usize].entry.as_mut().map(|(_, value)| value)
    }

    /// The entry of a key, which counts as a use.
    pub fn get(&mut self, key: &K) -> Option<&mut V> {
        let slot = *self.index.get(key)?;
        self.touch(slot);
        self.slots[slot as usize].entry.as_mut().map(|(_, value)| value)
    }

    /// All entries, in an order that is the same in every run.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.slots.iter().filter_map(|slot| slot.entry.as_ref().map(|(key, value)| (key, value)))
    }

    /// Adds an entry, or replaces the one of that key, which counts as a use. Make room first.
    pub fn insert(&mut self, key: K, value: V) {
        if let Some(&slot) = self.index.get(&key) {
            self.touch(slot);
            self.slots[slot as usize].entry = Some((key, value));
            return;
        }
        let queue = self.queue_of_new(&key);
        self.uses += 1;
        let fresh = Slot {
            entry: Some((key.clone(), value)),
            link: Link::default(),
            queue,
            uses: u64::from(matches!(self.eviction, Eviction::Lfu)),
            used_at: self.uses,
            member: self.members.len() as u32,
        };
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = fresh;
            slot
        } else {
            self.slots.push(fresh);
            (self.slots.len() - 1) as u32
        };
        self.index.insert(key, slot);
        match self.eviction {
            Eviction::Lfu => {
                self.by_use.insert(self.rank(slot));
            }
            Eviction::Random => self.members.push(slot),
            _ => self.lists[queue].push_front(&mut self.slots, slot),
        }
    }

    /// Removes the entry of a key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let slot = self.index.remove(key)?;
        self.take(slot).map(|(_, value)| value)
    }

    /// Evicts an entry if the cache is full; `None` if another fits in already. Call it until
    /// then: a lowered capacity may take several.
    pub fn make_room(&mut self) -> Option<(K, V)> {
        let capacity = self.capacity;
        if self.is_empty() || self.len() < capacity {
            return None;
        }
        let slot = match self.eviction {
            Eviction::Lru | Eviction::Fifo => self.lists[NEW].last(),
            Eviction::Lfu => self.by_use.first().map(|&(_, _, slot)| slot),
            Eviction::Random => Some(self.random_member()),
            Eviction::Clock => Some(self.second_chance(NEW)),
            Eviction::Slru { .. } => self.lists[NEW].last().or(self.lists[KEPT].last()),
            Eviction::TwoQueue { share, .. } => self.oldest_of_two(portion(capacity, share)),
            Eviction::S3Fifo { share } => Some(self.quick_demotion(portion(capacity, share))),
        }?;
        let queue = self.slots[slot as usize].queue;
        let (key, value) = self.take(slot)?;
        self.index.remove(&key);
        if queue == NEW {
            match self.eviction {
                Eviction::TwoQueue { ghosts, .. } => {
                    self.ghost.add(key.clone(), portion(capacity, ghosts));
                }
                Eviction::S3Fifo { share } => {
                    self.ghost.add(key.clone(), portion(capacity, 1.0 - share));
                }
                _ => {}
            }
        }
        Some((key, value))
    }

    /// Takes an entry out of its slot and the order; the index is the caller's.
    fn take(&mut self, slot: u32) -> Option<(K, V)> {
        match self.eviction {
            Eviction::Lfu => {
                self.by_use.remove(&self.rank(slot));
            }
            Eviction::Random => {
                let member = self.slots[slot as usize].member as usize;
                self.members.swap_remove(member);
                if let Some(&moved) = self.members.get(member) {
                    self.slots[moved as usize].member = member as u32;
                }
            }
            _ => {
                let queue = self.slots[slot as usize].queue;
                self.lists[queue].remove(&mut self.slots, slot);
            }
        }
        self.free.push(slot);
        self.slots[slot as usize].entry.take()
    }

    fn rank(&self, slot: u32) -> (u64, u64, u32) {
        let entry = &self.slots[slot as usize];
        (entry.uses, entry.used_at, slot)
    }

    /// Counts a use of an entry.
    fn touch(&mut self, slot: u32) {
        self.uses += 1;
        let used_at = self.uses;
        match self.eviction {
            Eviction::Fifo | Eviction::Random => {}
            Eviction::Lru => self.move_to_front(slot, NEW),
            Eviction::Lfu => {
                self.by_use.remove(&self.rank(slot));
                let entry = &mut self.slots[slot as usize];
                entry.uses += 1;
                entry.used_at = used_at;
                self.by_use.insert(self.rank(slot));
            }
            Eviction::Clock => self.slots[slot as usize].uses = 1,
            Eviction::Slru { .. } => {
                self.move_to_front(slot, KEPT);
                self.balance();
            }
            // New entries stay in order: uses close together count as one.
            Eviction::TwoQueue { .. } => {
                if self.slots[slot as usize].queue == KEPT {
                    self.move_to_front(slot, KEPT);
                }
            }
            Eviction::S3Fifo { .. } => {
                let uses = &mut self.slots[slot as usize].uses;
                *uses = (*uses + 1).min(MOST_USES);
            }
        }
    }

    /// Keeps the protected entries of SLRU within their share: the longest unused goes back to
    /// the others.
    fn balance(&mut self) {
        if let Eviction::Slru { share } = self.eviction {
            let most = portion(self.capacity, share);
            while self.lists[KEPT].len() > most {
                let Some(last) = self.lists[KEPT].last() else { return };
                self.move_to_front(last, NEW);
            }
        }
    }

    fn move_to_front(&mut self, slot: u32, queue: usize) {
        let from = self.slots[slot as usize].queue;
        self.lists[from].remove(&mut self.slots, slot);
        self.slots[slot as usize].queue = queue;
        self.lists[queue].push_front(&mut self.slots, slot);
    }

    /// A key that was evicted lately goes to the kept ones at once.
    fn queue_of_new(&mut self, key: &K) -> usize {
        let two_queues =
            matches!(self.eviction, Eviction::TwoQueue { .. } | Eviction::S3Fifo { .. });
        let is_known = core::mem::take(&mut self.is_known);
        if is_known || two_queues && self.ghost.remove(key) { KEPT } else { NEW }
    }

    /// This key, which it has not, is inserted next, after [`make_room`](Self::make_room). 2Q looks for it
    /// among those that it remembers before it evicts another one, which would push one of those out;
    /// S3-FIFO afterwards.
    pub fn expect(&mut self, key: &K) {
        let looks_first = matches!(self.eviction, Eviction::TwoQueue { .. });
        self.is_known = looks_first && self.ghost.remove(key);
    }

    fn random_member(&mut self) -> u32 {
        let random = self.random.as_mut().expect("random eviction has a random stream");
        self.members[random.below(self.members.len() as u64) as usize]
    }

    /// The oldest entry that was not used since the hand passed it.
    fn second_chance(&mut self, queue: usize) -> u32 {
        loop {
            let slot = self.lists[queue].last().expect("the queue is not empty");
            if self.slots[slot as usize].uses == 0 {
                return slot;
            }
            self.slots[slot as usize].uses -= 1;
            self.move_to_front(slot, queue);
        }
    }

    /// 2Q: from the new entries while they take their share, else the longest unused of the
    /// kept ones.
    fn oldest_of_two(&self, share: usize) -> Option<u32> {
        let (new, kept) = (self.lists[NEW].last(), self.lists[KEPT].last());
        if self.lists[NEW].len() > share { new.or(kept) } else { kept.or(new) }
    }

    /// S3-FIFO: new entries that were not used twice go at once, the others move to the kept
    /// ones, where they are counted anew.
    fn quick_demotion(&mut self, share: usize) -> u32 {
        loop {
            let from_new = self.lists[NEW].len() >= share || self.lists[KEPT].is_empty();
            let Some(slot) = self.lists[NEW].last().filter(|_| from_new) else {
                return self.second_chance(KEPT);
            };
            if self.slots[slot as usize].uses < USES_TO_STAY {
                return slot;
            }
            self.slots[slot as usize].uses = 0;
            self.move_to_front(slot, KEPT);
        }
    }
}

impl<K: Key, V> Part for Cache<K, V> {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.random = Some(binder.random());
    }

    /// Under another policy all entries stay, and how they were used is forgotten.
    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        if self.eviction == former.eviction {
            core::mem::swap(self, former);
            return;
        }
        self.random = Some(former.random.take().unwrap_or_else(|| binder.random()));
        self.capacity = former.capacity;
        for (key, value) in former.slots.drain(..).filter_map(|slot| slot.entry) {
            self.insert(key, value);
        }
    }
}

/// A share of the capacity, at least one.
fn portion(capacity: usize, share: f64) -> usize {
    ((capacity as f64 * share).round() as usize).max(1)
}
