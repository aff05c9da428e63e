//! Resilience: breakers, bulkheads, timeouts, hedges, retries, fallbacks, and a retry storm.

mod breaker;
mod bulkhead;
mod composed;
mod fallback;
mod hedge;
mod lost;
mod retry_storm;
