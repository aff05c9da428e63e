//! Servers: capacity, a queue, and the time that work takes.

#[allow(clippy::module_inception, reason = "the family's first component bears its name")]
mod server;
mod service;

pub use server::Server;
pub use service::{ByRequest, Service, by};
