//! happysim: an embedded language for simulating distributed systems.
//!
//! An engineer writes the system down with three macros, and runs it.

// Generated code names the runtime as `::happysim`, also inside this crate.
extern crate self as happysim;

pub mod components;
pub mod distribution;
pub mod dsl;
pub mod engine;
pub mod model;
pub mod prelude;
pub mod profile;
pub mod quantity;
pub mod queueing;
pub mod report;
pub mod stats;
pub mod time;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use components::sync::{Condition, Mutex, Resource, RwLock, Semaphore};
pub use distribution::Distribution;
pub use happysim_macros::{entity, profile, topology};
pub use model::call::{GivingUp, Handle};
pub use model::context::{Context, Cx};
pub use model::message::Message;
pub use model::outcome::{Failure, Outcome, Rejection};
pub use model::permit::Permit;
pub use model::port::{Call, Send};
pub use model::race::{Gathered, Group, all, first, quorum};
pub use model::simulation::{Setup, Simulation, Statistics};
pub use profile::{Profile, Varying};
pub use quantity::{Bandwidth, Bytes, Probability, Quantity, Rate};
pub use report::{Report, SimError};
pub use time::{Clock, Duration, Instant};

/// `Default::default()`, for the rest of a topology's parameters:
/// `ShopParams { replicas: 5, ..default() }`.
pub fn default<T: Default>() -> T {
    T::default()
}
