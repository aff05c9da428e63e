//! Data stores: databases, stores of keys and values, caches, replication.

mod database;

pub use database::Database;
