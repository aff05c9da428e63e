//! A store of keys and values.

use std::collections::HashMap;

use super::cache::{Cache, Eviction};
use super::request::{Key, KeyValueReply, KeyValueRequest, Version};
use crate::prelude::*;

/// The value of a key, with the version of the write that brought it.
#[derive(Clone, Debug)]
pub struct Stored<V> {
    value: V,
    version: Version,
}

/// Holds values by key, and answers after a latency.
///
/// A request takes effect when its latency is over. Of writes with a version the latest wins,
/// whatever the order in which they come, also against a removal.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `read_latency` | how long a get takes | 1 ms |
/// | `write_latency` | how long a put or delete takes | 5 ms |
/// | `capacity` | how many keys it holds, 1 or more; a further one evicts another | any number |
/// | `eviction` | which one | `lru()` |
/// | `concurrency` | how many requests it works on at once, 0 or more, as in an outage, but not the literal 0, the others wait first in first out | any number |
///
/// It fails only as `too heavy`, where `concurrency` is 0 and stays so. Statistics: besides those of the handler: gets that found a value and that
/// found none, evicted keys, writes without effect because they were older than what was there;
/// with `concurrency`, the resource `slots`.
#[entity]
pub struct KVStore<K: Key = u64, V: Message = u64> {
    #[param(default = millis(1))]
    read_latency: Distribution,
    #[param(default = millis(5))]
    write_latency: Distribution,
    #[param(default = None, range = 1..)]
    capacity: Option<Varying<usize>>,
    #[param(default = Eviction::Lru)]
    eviction: Eviction,
    #[param(default = None)]
    concurrency: Option<Varying<usize>>,
    #[state(concurrency.clone().map(Resource::new))]
    slots: Option<Resource>,
    #[state(Cache::new(*eviction))]
    entries: Cache<K, Stored<V>>,
    /// The versions of keys that were removed by a write with a version.
    #[state]
    removed: HashMap<K, Version>,
    #[state]
    found: Counter,
    #[state]
    not_found: Counter,
    #[state]
    evicted: Counter,
    #[state]
    outdated_writes: Counter,
}

#[entity]
impl<K: Key, V: Message> KVStore<K, V> {
    async fn handle(
        &mut self,
        cx: &mut Cx<Self>,
        request: KeyValueRequest<K, V>,
    ) -> Outcome<KeyValueReply<V>> {
        let _slot: Option<Permit> = if let Some(slots) = &self.slots {
            Some(slots.enter(Claim::of(1)).await?)
        } else {
            None
        };
        let latency = match request {
            KeyValueRequest::Get { .. } => self.read_latency.sample(cx),
            _ => self.write_latency.sample(cx),
        };
        cx.sleep(latency).await;
        Ok(self.execute(cx.now(), request))
    }

    fn execute(&mut self, now: Instant, request: KeyValueRequest<K, V>) -> KeyValueReply<V> {
        match request {
            KeyValueRequest::Get { key } => self.get(&key),
            KeyValueRequest::Put { key, value, version } => {
                let version = self.write(now, &key, Some(value), version);
                KeyValueReply { value: None, version }
            }
            KeyValueRequest::Delete { key, version } => {
                let version = self.write(now, &key, None, version);
                KeyValueReply { value: None, version }
            }
        }
    }

    fn get(&mut self, key: &K) -> KeyValueReply<V> {
        if let Some(stored) = self.entries.get(key) {
            self.found += 1;
            return KeyValueReply { value: Some(stored.value.clone()), version: stored.version };
        }
        self.not_found += 1;
        let version = self.removed.get(key).copied().unwrap_or_default();
        KeyValueReply { value: None, version }
    }

    /// Sets or removes the value of a key, and returns the version that it has then.
    fn write(
        &mut self,
        now: Instant,
        key: &K,
        value: Option<V>,
        version: Option<Version>,
    ) -> Version {
        let current = self.version(key);
        if let Some(version) = version
            && version <= current
        {
            self.outdated_writes += u64::from(version < current);
            return current;
        }
        let next = Version { time: current.time + 1, writer: current.writer };
        let written = version.unwrap_or(next);
        self.removed.remove(key);
        if let Some(value) = value {
            self.set(now, key, Stored { value, version: written });
        } else {
            self.entries.remove(key);
            if version.is_some() {
                self.removed.insert(key.clone(), written);
            }
        }
        written
    }

    fn set(&mut self, now: Instant, key: &K, stored: Stored<V>) {
        if let Some(capacity) = &self.capacity {
            self.entries.set_capacity(capacity.at(now));
        }
        if self.entries.peek(key).is_none() {
            self.entries.expect(key);
            while self.entries.make_room().is_some() {
                self.evicted += 1;
            }
        }
        self.entries.insert(key.clone(), stored);
    }

    /// The version of the last write to a key, as far as it is known.
    pub fn version(&self, key: &K) -> Version {
        let stored = self.entries.peek(key).map(|stored| stored.version);
        stored.or_else(|| self.removed.get(key).copied()).unwrap_or_default()
    }

    /// The value of a key.
    pub fn value(&self, key: &K) -> Option<&V> {
        self.entries.peek(key).map(|stored| &stored.value)
    }

    /// How many keys it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
