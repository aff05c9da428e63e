//! Ten thousand entities that sleep in a loop.

use happysim::prelude::*;

use super::{Sample, Workload, timed};
use crate::by_hand::heap::Heap;
use crate::by_hand::hold::Hold;
use crate::by_hand::list::List;
use crate::by_hand::radix_heap::RadixHeap;

/// Sleeps, again and again.
#[entity]
pub(crate) struct Sleeper {
    pause: Distribution,
    #[state]
    slept: u64,
}

#[entity]
impl Sleeper {
    #[process]
    async fn sleep(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(self.pause.sample(cx)).await;
            self.slept += 1;
        }
    }
}

topology! {
    /// Nothing but sleepers.
    pub(crate) Dormitory {
        node sleeper[10_000]: Sleeper { pause: exp(1s) };
    }
}

const SEED: u64 = 13;
const SLEEPERS: u32 = 10_000;
const LENGTH: Duration = seconds(40);

fn declared() -> Sample {
    let setup = Dormitory::new(default()).seed(SEED).statistics(Statistics::Counts);
    let mut simulation = setup.build().expect("the parameters are valid");
    let (elapsed, ()) = timed(|| simulation.run_for(LENGTH).expect("the model has no mistakes"));
    let slept = simulation.sleeper.replicas.iter().map(|sleeper| sleeper.slept).sum();
    Sample { elapsed, units: slept, figures: vec![("events", slept as f64)] }
}

/// A sleeper by hand, with the same state of its own.
struct ByHand {
    pause: Distribution,
    slept: u64,
}

fn by_hand<L: List>() -> Sample {
    let sleeper = |number| {
        let mut pause = Distribution::exponential(seconds(1)).expect("the mean is above 0");
        pause.bind_stream(Random::new(SEED, &format!("sleeper[{number}]"), "pause"));
        ByHand { pause, slept: 0 }
    };
    let mut sleepers: Vec<ByHand> = (0..SLEEPERS).map(sleeper).collect();
    let (elapsed, ()) = timed(|| {
        let first: Vec<Duration> =
            sleepers.iter_mut().map(|sleeper| sleeper.pause.sample(&Instant::ZERO)).collect();
        let mut hold = Hold::<L, _>::new(first.into_iter(), |task, now| {
            let sleeper = &mut sleepers[task as usize];
            sleeper.slept += 1;
            sleeper.pause.sample(&now)
        });
        hold.run_until(Instant::ZERO + LENGTH);
    });
    let slept = sleepers.iter().map(|sleeper| sleeper.slept).sum();
    Sample { elapsed, units: slept, figures: vec![("events", slept as f64)] }
}

pub(super) fn workload() -> Workload {
    Workload::new("processes", "event", 0.0)
        .by_hand("4-ary heap", by_hand::<Heap>)
        .by_hand("radix heap", by_hand::<RadixHeap>)
        .declared("declared", 1.3, declared)
}
