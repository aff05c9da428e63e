//! The shop under 64 seeds, on one core and on all.

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use happysim::prelude::*;

use super::shop::{figures, simulate};
use super::{Goal, Role, Sample, Workload, timed};

const SEEDS: u64 = 64;
const LENGTH: Duration = seconds(3);

/// What the run under a seed yields.
fn replication(seed: u64) -> Vec<f64> {
    let simulation = simulate(seed, millis(250), LENGTH, Statistics::Full);
    figures(&simulation).into_iter().map(|(_, figure)| figure).collect()
}

/// The runs under all seeds, in their order, on so many threads.
fn replications(threads: usize) -> Vec<Vec<f64>> {
    let next = AtomicU64::new(0);
    let work = || {
        let mut results = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= SEEDS {
                return results;
            }
            results.push((seed, replication(seed)));
        }
    };
    let mut results = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let finished = workers.into_iter().map(|worker| worker.join().expect("no run panics"));
        finished.flatten().collect::<Vec<_>>()
    });
    results.sort_by_key(|result| result.0);
    results.into_iter().map(|result| result.1).collect()
}

fn measured(threads: usize) -> Sample {
    let (elapsed, results) = timed(|| replications(threads));
    // The first run that differed in any digit would show up in one of these.
    let sum = |index: usize| results.iter().map(|result| result[index]).sum::<f64>();
    let mixed = results.iter().flatten().fold(0_u64, |mixed, figure| {
        mixed.rotate_left(5).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ figure.to_bits()
    });
    let figures =
        vec![("requests", sum(0)), ("latencies", sum(1)), ("digest", (mixed >> 11) as f64)];
    Sample { elapsed, units: SEEDS, figures }
}

/// How many cores there are.
fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

pub(super) fn workload() -> Workload {
    // Nine tenths of what as many cores could give.
    let goal = (cores() > 1).then(|| Goal::ratio(1.0 / (0.9 * cores() as f64)));
    Workload::new("replications", "run", 0.0)
        .form("one core", Role::Yardstick, || measured(1))
        .form("all cores", Role::Measured(goal), || measured(cores()))
}
