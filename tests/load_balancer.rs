//! Behaviour of balancers, their strategies and health checkers.
#![allow(missing_docs, reason = "a test suite")]
#![allow(clippy::float_cmp, reason = "exact where all numbers are exact")]

#[path = "load_balancer/balancer.rs"]
mod balancer;
#[path = "load_balancer/hashing.rs"]
mod hashing;
#[path = "load_balancer/health.rs"]
mod health;
#[path = "load_balancer/statistics.rs"]
mod statistics;
#[path = "load_balancer/strategies.rs"]
mod strategies;
#[path = "load_balancer/support.rs"]
mod support;
