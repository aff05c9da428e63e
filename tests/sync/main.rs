//! Locks, semaphores and conditions: as fields of an entity and shared by several entities, to
//! the nanosecond; deadlocks; and that no permit is ever lost.

mod condition;
mod dining;
mod guests;
mod mutex;
mod rw_lock;
mod semaphore;
mod waits;
mod watch;

use happysim::prelude::*;

fn at(time: f64) -> Instant {
    Instant::from_secs_f64(time)
}

fn spans(spans: &[(f64, f64)]) -> Vec<(Instant, Instant)> {
    spans.iter().map(|&(from, to)| (at(from), at(to))).collect()
}

/// A wish to hold something: when, and for how long.
#[derive(Clone, Copy, Debug)]
struct Visit {
    at: f64,
    amount: u64,
    hold: f64,
}

fn visit(at: f64, hold: f64) -> Visit {
    Visit { at, amount: 1, hold }
}
