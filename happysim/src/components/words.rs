//! The short words that components add to `topology!`.

pub use super::server::by;
