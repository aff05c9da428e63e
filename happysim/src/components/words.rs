//! The short words that components add to `topology!`.

pub use super::client::words::*;
pub use super::resilience::words::*;
pub use super::server::by;
