//! A thousand tasks that want one lock, or ten places.

use happysim::prelude::*;

use super::{Sample, Workload, timed};
use crate::by_hand;

/// Tasks that lock, work, and lock again.
#[entity]
pub(crate) struct Locking {
    tasks: u64,
    hold: Distribution,
    #[state]
    vault: Mutex,
    #[state]
    given_back: u64,
}

#[entity]
impl Locking {
    #[process]
    #[allow(clippy::unused_async, reason = "a process is async also where it never waits")]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..self.tasks {
            cx.spawn(self.work(cx));
        }
    }

    async fn work(&mut self, cx: &mut Cx<Self>) {
        loop {
            let _vault = self.vault.lock().await;
            cx.sleep(self.hold.sample(cx)).await;
            self.given_back += 1;
        }
    }
}

/// Tasks that take a place, work, and take one again.
#[entity]
pub(crate) struct Claiming {
    tasks: u64,
    hold: Distribution,
    places: Resource,
    #[state]
    given_back: u64,
}

#[entity]
impl Claiming {
    #[process]
    #[allow(clippy::unused_async, reason = "a process is async also where it never waits")]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..self.tasks {
            cx.spawn(self.work(cx));
        }
    }

    async fn work(&mut self, cx: &mut Cx<Self>) {
        loop {
            let _place = self.places.acquire(1).await;
            cx.sleep(self.hold.sample(cx)).await;
            self.given_back += 1;
        }
    }
}

topology! {
    /// One lock.
    pub(crate) OneLock {
        node crowd: Locking { tasks: 1_000, hold: exp(1ms) };
    }
}

topology! {
    /// Ten places.
    pub(crate) TenPlaces {
        node crowd: Claiming { tasks: 1_000, hold: exp(1ms), places: 10 };
    }
}

const SEED: u64 = 19;
const TASKS: u32 = 1_000;
/// How long one place is used for; ten are used for a tenth of that.
const LENGTH: Duration = seconds(400);

fn locking(statistics: Statistics) -> Sample {
    let setup = OneLock::new(default()).seed(SEED).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    let (elapsed, ()) = timed(|| simulation.run_for(LENGTH).expect("the model has no mistakes"));
    sample(elapsed, simulation.crowd.replicas[0].given_back)
}

fn claiming(statistics: Statistics) -> Sample {
    let setup = TenPlaces::new(default()).seed(SEED).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    let (elapsed, ()) =
        timed(|| simulation.run_for(LENGTH / 10).expect("the model has no mistakes"));
    sample(elapsed, simulation.crowd.replicas[0].given_back)
}

fn by_hand(places: u32) -> Sample {
    let end = Instant::ZERO + LENGTH / u64::from(places);
    let (elapsed, given_back) = timed(|| by_hand::contention::run(SEED, TASKS, places, end));
    sample(elapsed, given_back)
}

fn sample(elapsed: std::time::Duration, given_back: u64) -> Sample {
    Sample { elapsed, units: given_back, figures: vec![("grants", given_back as f64)] }
}

pub(super) fn workloads() -> Vec<Workload> {
    let lock = Workload::new("contention, one mutex", "grant", 0.0)
        .by_hand("queue and 4-ary heap", || by_hand(1))
        .declared("declared, statistics off", None, || locking(Statistics::Counts))
        .declared("declared", None, || locking(Statistics::Full));
    let places = Workload::new("contention, ten places", "grant", 0.0)
        .by_hand("queue and 4-ary heap", || by_hand(10))
        .declared("declared, statistics off", None, || claiming(Statistics::Counts))
        .declared("declared", None, || claiming(Statistics::Full));
    vec![lock, places]
}
