//! Behaviour of the data stores.
#![allow(missing_docs, reason = "a test suite")]
#![allow(unreachable_pub, reason = "what `#[entity]` makes is public")]
#![allow(clippy::float_cmp, reason = "exact where all numbers are exact")]

#[path = "datastore/cache_races.rs"]
mod cache_races;
#[path = "datastore/cached_store.rs"]
mod cached_store;
#[path = "datastore/database.rs"]
mod database;
#[path = "datastore/kv_store.rs"]
mod kv_store;
#[path = "datastore/replicated_store.rs"]
mod replicated_store;
#[path = "datastore/support.rs"]
mod support;
