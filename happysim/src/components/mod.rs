//! The component library, by family.

pub mod client;
pub mod datastore;
mod library;
pub mod load;
pub mod load_balancer;
pub mod messaging;
pub mod network;
pub mod resilience;
pub mod server;
pub mod sync;
pub mod words;
