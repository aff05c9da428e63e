//! What generated code and components speak: entities and their machines, ports and wires,
//! steps, outcomes, stations, and the simulation that drives them.

pub mod bind;
pub mod call;
pub mod call_table;
pub mod change;
pub mod checked;
pub(crate) mod claims;
pub mod context;
pub mod core;
mod entangled;
pub mod entity;
pub mod held;
pub mod kept;
pub mod known;
pub(crate) mod library;
mod lost;
pub mod machine;
pub mod mailbox;
pub mod message;
pub mod metrics;
mod observe;
pub mod outcome;
pub mod parameter;
pub mod permit;
pub mod port;
pub mod race;
pub mod replicas;
pub mod simulation;
pub mod station;
pub mod step;
pub mod task;
pub mod unbegun;
