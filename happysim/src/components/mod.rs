//! The component library, by family.

pub mod load;
pub mod load_balancer;
pub mod network;
pub mod server;
pub mod sync;
pub mod words;
