//! Many pending events, of which each is followed by another: what the event list costs.

use happysim::prelude::*;

use super::{Sample, Workload, timed};
use crate::by_hand::heap::Heap;
use crate::by_hand::hold::Hold;
use crate::by_hand::list::List;
use crate::by_hand::radix_heap::RadixHeap;

/// Tasks that sleep in a loop.
#[entity]
pub(crate) struct Holder {
    tasks: u64,
    /// The first sleep of each.
    phase: Distribution,
    increment: Distribution,
    #[state]
    held: u64,
}

#[entity]
impl Holder {
    #[process]
    #[allow(clippy::unused_async, reason = "a process is async also where it never waits")]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..self.tasks {
            cx.spawn(self.hold(cx));
        }
    }

    async fn hold(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.phase.sample(cx)).await;
        loop {
            self.held += 1;
            cx.sleep(self.increment.sample(cx)).await;
        }
    }
}

topology! {
    /// Nothing but tasks that sleep.
    pub(crate) Holding {
        param tasks: u64 = 100;
        param phase: Distribution = Distribution::constant(seconds(1));
        param increment: Distribution = Distribution::constant(seconds(1));
        node holder: Holder { tasks: tasks, phase: phase, increment: increment };
    }
}

const SEED: u64 = 11;

/// A distribution of the time to the next event, with the mean of 1 s.
#[derive(Clone, Copy, Debug)]
enum Increment {
    Exponential,
    Constant,
    Uniform,
    Bimodal,
    WholeMilliseconds,
    HalfZero,
    RareVeryLong,
}

const INCREMENTS: [(Increment, &str); 7] = [
    (Increment::Exponential, "exponential"),
    (Increment::Constant, "constant"),
    (Increment::Uniform, "uniform"),
    (Increment::Bimodal, "bimodal"),
    (Increment::WholeMilliseconds, "whole ms"),
    (Increment::HalfZero, "half zero"),
    (Increment::RareVeryLong, "rare very long"),
];

impl Increment {
    fn distribution(self) -> Distribution {
        let exponential =
            |mean| Distribution::<Duration>::exponential(mean).expect("the mean is above 0");
        let mixture = |parts: [(Distribution, f64); 2]| {
            Distribution::mixture(parts).expect("the weights are valid")
        };
        let uniform = |range| Distribution::uniform(range).expect("the range is not empty");
        match self {
            Self::Exponential => exponential(seconds(1)),
            Self::Constant => Distribution::constant(seconds(1)),
            Self::Uniform => uniform(millis(0)..seconds(2)),
            Self::Bimodal => mixture([
                (uniform(millis(90)..millis(110)), 0.9),
                (uniform(millis(9_000)..millis(9_200)), 0.1),
            ]),
            Self::WholeMilliseconds => whole_milliseconds(),
            Self::HalfZero => mixture([
                (Distribution::constant(Duration::ZERO), 0.5),
                (exponential(seconds(2)), 0.5),
            ]),
            Self::RareVeryLong => {
                mixture([(exponential(millis(500)), 0.999), (exponential(seconds(500)), 0.001)])
            }
        }
    }

    /// The first sleep of a task, so that not all of them are due at one instant.
    fn phase(self) -> Distribution {
        match self {
            Self::WholeMilliseconds => whole_milliseconds(),
            _ => Distribution::uniform(millis(0)..seconds(1)).expect("the range is not empty"),
        }
    }
}

/// From 1 ms to 1,999 ms.
fn whole_milliseconds() -> Distribution {
    let values = (1..2_000).map(|length| (millis(length), 1.0));
    Distribution::empirical(values).expect("the values are valid")
}

/// What is not measured: until then every task has slept for the first time, the pending events
/// have the spread that they keep, and the lists have taken the memory that they keep.
const WARM_UP: Duration = seconds(4);

/// Whenever a high digit of the time changes, a radix heap distributes almost everything anew: with
/// sleeps of a second or two that is once in 2^32 nanoseconds. A shorter run would have that once or not
/// at all, and cost by a fifth more or less than a long one.
const ROUND: Duration = Duration::from_nanos(1 << 32);

/// How long a run is measured: half a million events at least.
fn length(tasks: u64) -> Duration {
    Duration::from_secs_f64(500_000.0 / tasks as f64).max(ROUND)
}

fn declared(tasks: u64, increment: Increment) -> Sample {
    let length = length(tasks);
    let params =
        HoldingParams { tasks, phase: increment.phase(), increment: increment.distribution() };
    let setup = Holding::new(params).seed(SEED).statistics(Statistics::Counts);
    let mut simulation = setup.build().expect("the parameters are valid");
    simulation.run_for(WARM_UP).expect("the model has no mistakes");
    let before = simulation.holder.replicas[0].held;
    let (elapsed, ()) = timed(|| simulation.run_for(length).expect("the model has no mistakes"));
    let held = simulation.holder.replicas[0].held;
    Sample { elapsed, units: held - before, figures: vec![("events", held as f64)] }
}

/// With `STATE` every task has a few bytes of its own, as soon as it does anything but count: at a
/// million tasks it is no longer the list that costs most.
fn by_hand<L: List, const STATE: bool>(tasks: u64, increment: Increment) -> Sample {
    let length = length(tasks);
    let (mut phase, mut increment) = (increment.phase(), increment.distribution());
    phase.bind_stream(Random::new(SEED, "holder", "phase"));
    increment.bind_stream(Random::new(SEED, "holder", "increment"));
    let first = (0..tasks).map(|_| phase.sample(&Instant::ZERO));
    let mut states = vec![(0_u64, 0_u64); if STATE { tasks as usize } else { 0 }];
    let mut hold = Hold::<L, _>::new(first, |task, now| {
        if STATE {
            let (epoch, since) = &mut states[task as usize];
            (*epoch, *since) = (*epoch + 1, now.as_nanos());
        }
        increment.sample(&now)
    });
    hold.run_until(Instant::ZERO + WARM_UP);
    let before = hold.held;
    let (elapsed, ()) = timed(|| hold.run_until(Instant::ZERO + WARM_UP + length));
    let figures = vec![("events", hold.held as f64)];
    Sample { elapsed, units: hold.held - before, figures }
}

pub(super) fn workloads() -> Vec<Workload> {
    let sizes = [(100, "1e2"), (10_000, "1e4"), (1_000_000, "1e6")];
    let each = |(tasks, size)| {
        INCREMENTS.into_iter().map(move |(increment, name)| {
            Workload::new(format!("hold {size}, {name}"), "event", 0.0)
                .by_hand("4-ary heap", move || by_hand::<Heap, false>(tasks, increment))
                .by_hand("radix heap", move || by_hand::<RadixHeap, false>(tasks, increment))
                .declared("radix heap, 16 bytes a task", None, move || {
                    by_hand::<RadixHeap, true>(tasks, increment)
                })
                .declared("declared", 1.3, move || declared(tasks, increment))
        })
    };
    sizes.into_iter().flat_map(each).collect()
}
