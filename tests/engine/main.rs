//! The engine: order, time, determinism, forks, ends, errors, and books that balance.

mod cancelling;
mod capacity;
mod changes;
mod conservation;
mod determinism;
mod entangled;
mod errors;
mod heavy;
mod order;
mod record;
mod standstill;
mod statistics;
mod stepwise;
mod timers;
