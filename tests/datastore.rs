//! Behaviour of the data stores.
#![allow(missing_docs, reason = "a test suite")]
#![allow(clippy::float_cmp, reason = "exact where all numbers are exact")]

#[path = "datastore/database.rs"]
mod database;
#[path = "datastore/support.rs"]
mod support;
