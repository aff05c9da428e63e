//! What is asked of a store of keys and values, and what it answers.

use core::fmt::Debug;
use core::hash::Hash;

use crate::model::message::Message;

/// What a request to a store does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It asks for the value of a key.
    Read,
    /// It changes the value of a key, or removes it.
    Write,
}

/// A key: anything that can be compared and hashed.
pub trait Key: Clone + Eq + Hash + Debug + 'static {}

impl<T: Clone + Eq + Hash + Debug + 'static> Key for T {}

/// A request to a store, as those in front of the store see it: a cache does not care what the
/// values are, but it must know which key is read or written.
///
/// Implement it for the requests of your own store to put a [`CachedStore`](super::CachedStore)
/// in front of it.
pub trait StoreRequest: Message {
    /// What values are found by.
    type Key: Key;
    /// What the store answers.
    type Reply: Message;

    /// The key that is read or written.
    fn key(&self) -> Self::Key;

    /// Whether it reads or writes.
    fn access(&self) -> Access;

    /// For a write: what the store answers to a read of the key after it.
    fn read_after(&self) -> Self::Reply;

    /// For a write: what the store answers to the write itself.
    fn acknowledgement(&self) -> Self::Reply;
}

/// Which of two writes to a key is the later one: by time, then by writer.
///
/// The default is older than any write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// When it was written, in nanoseconds, and at least one more than the version before.
    pub time: u64,
    /// Who wrote it, where several write at the same time.
    pub writer: u32,
}

/// A request to a [`KVStore`](super::KVStore).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyValueRequest<K = u64, V = u64> {
    /// Asks for the value of `key`.
    Get {
        /// The key.
        key: K,
    },
    /// Sets the value of `key`.
    Put {
        /// The key.
        key: K,
        /// Its new value.
        value: V,
        /// Where several replicas hold the key: a write that is older than what is there has
        /// no effect. `None`: newer than what is there.
        version: Option<Version>,
    },
    /// Removes `key`.
    Delete {
        /// The key.
        key: K,
        /// As for `Put`; a store remembers the version of what was removed.
        version: Option<Version>,
    },
}

impl<K, V> KeyValueRequest<K, V> {
    /// Asks for the value of `key`.
    pub fn get(key: K) -> Self {
        Self::Get { key }
    }

    /// Sets the value of `key`.
    pub fn put(key: K, value: V) -> Self {
        Self::Put { key, value, version: None }
    }

    /// Removes `key`.
    pub fn delete(key: K) -> Self {
        Self::Delete { key, version: None }
    }
}

/// What a [`KVStore`](super::KVStore) answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValueReply<V = u64> {
    /// To a get: the value, if there is one. To a put or delete: `None`.
    pub value: Option<V>,
    /// The version of the value that was read, or that the key has after the write.
    pub version: Version,
}

impl<V> Default for KeyValueReply<V> {
    fn default() -> Self {
        Self { value: None, version: Version::default() }
    }
}

impl<K: Key, V: Message> StoreRequest for KeyValueRequest<K, V> {
    type Key = K;
    type Reply = KeyValueReply<V>;

    fn key(&self) -> K {
        match self {
            Self::Get { key } | Self::Put { key, .. } | Self::Delete { key, .. } => key.clone(),
        }
    }

    fn access(&self) -> Access {
        match self {
            Self::Get { .. } => Access::Read,
            Self::Put { .. } | Self::Delete { .. } => Access::Write,
        }
    }

    fn read_after(&self) -> KeyValueReply<V> {
        let value = match self {
            Self::Put { value, .. } => Some(value.clone()),
            Self::Get { .. } | Self::Delete { .. } => None,
        };
        KeyValueReply { value, ..self.acknowledgement() }
    }

    fn acknowledgement(&self) -> KeyValueReply<V> {
        let version = match self {
            Self::Get { .. } => None,
            Self::Put { version, .. } | Self::Delete { version, .. } => *version,
        };
        KeyValueReply { value: None, version: version.unwrap_or_default() }
    }
}
