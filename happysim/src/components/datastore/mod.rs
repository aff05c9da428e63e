//! Data stores: databases, stores of keys and values, caches, replication.

pub mod cache;
mod cached_store;
mod consistency;
mod database;
mod flights;
mod kv_store;
mod replicated_store;
mod request;

pub use cache::Eviction;
pub use cached_store::{
    CachedStore, HitRate, WritePolicy, write_around, write_back, write_through,
};
pub use consistency::Consistency;
pub use database::Database;
pub use kv_store::KVStore;
pub use replicated_store::ReplicatedStore;
pub use request::{Access, Key, KeyValueReply, KeyValueRequest, StoreRequest, Version};
