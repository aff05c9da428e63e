//! Data stores: databases, stores of keys and values, caches, replication.

pub mod cache;
mod cached_store;
mod database;
mod flights;
mod kv_store;
mod request;

pub use cache::Eviction;
pub use cached_store::{
    CachedStore, HitRate, WritePolicy, write_around, write_back, write_through,
};
pub use database::Database;
pub use kv_store::KVStore;
pub use request::{Access, Key, KeyValueReply, KeyValueRequest, StoreRequest, Version};
