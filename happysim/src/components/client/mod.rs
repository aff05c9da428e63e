//! Clients: who calls, how long they wait, and how often they try.

mod backoff;
mod budget;
#[expect(clippy::module_inception, reason = "the family is named after its main component")]
mod client;
mod connection_pool;
mod retry_policy;

pub(crate) use backoff::scaled;
pub use backoff::{Backoff, IntoJitter, Jitter};
pub use budget::{Budget, budget};
pub use client::Client;
pub use connection_pool::{ConnectionPool, IdleConnection};
pub use retry_policy::{
    RetryPolicy, RetryPolicyBuilder, Verdict, decorrelated, exponential, fixed, no_retry,
};

/// The short words of this family in `topology!`.
pub mod words {
    pub use super::backoff::{equal_jitter, full_jitter, no_jitter, proportional_jitter};
    pub use super::budget::budget;
    pub use super::retry_policy::{decorrelated, exponential, fixed, no_retry};
}
