//! The short words that components add to `topology!`.

pub use super::client::words::*;
pub use super::datastore::cache::{clock, lfu, lru, s3_fifo, slru, two_queue};
pub use super::datastore::{write_around, write_back, write_through};
pub use super::network::words::*;
pub use super::resilience::words::*;
pub use super::server::by;
