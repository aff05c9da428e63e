//! happysim: an embedded language for simulating distributed systems.
//!
//! An engineer writes the system down with three macros, and runs it.

// Generated code names the runtime as `::happysim`, also inside this crate.
extern crate self as happysim;

pub mod distribution;
pub mod engine;
pub mod profile;
pub mod quantity;
pub mod report;
pub mod stats;
pub mod time;

pub use happysim_macros::profile;
