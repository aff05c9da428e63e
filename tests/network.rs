//! Behaviour of links.
#![allow(missing_docs, reason = "a test suite")]
#![allow(clippy::float_cmp, reason = "exact where all numbers are exact")]

#[path = "network/delay.rs"]
mod delay;
#[path = "network/hosts.rs"]
mod hosts;
#[path = "network/loss.rs"]
mod loss;
#[path = "network/replies.rs"]
mod replies;
#[path = "network/statistics.rs"]
mod statistics;
#[path = "network/support.rs"]
mod support;
