//! Resilience: wrappers that stand between a caller and what it calls.

mod bulkhead;
mod circuit_breaker;
mod failure_window;
mod fallback;
mod giving_up;
mod hedge;
mod hedge_delay;
mod probes;
mod retry;
mod timeout;

pub use bulkhead::Bulkhead;
pub use circuit_breaker::{CircuitBreaker, CircuitState};
pub use fallback::{Fallback, FallbackValue};
pub use hedge::Hedge;
pub use hedge_delay::HedgeDelay;
pub use retry::Retry;
pub use timeout::Timeout;

/// The short words of this family in `topology!`.
pub mod words {
    pub use super::giving_up::{abandon, cancel};
    pub use super::hedge_delay::percentile;
}
