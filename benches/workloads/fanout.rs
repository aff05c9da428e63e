//! Writes to five replicas that are done when three have answered; the other answers come late.

use happysim::prelude::*;

use super::{Sample, Workload, timed};
use crate::by_hand;

/// Sends each write to all replicas, and waits for most of them.
#[entity]
pub(crate) struct Coordinator {
    #[port]
    replicas: Call<u64, u64>,
}

#[entity]
impl Coordinator {
    async fn write(&mut self, cx: &mut Cx<Self>, value: u64) -> Outcome<u64> {
        let mut calls: Group<CoordinatorReplicas> = Group::new();
        for replica in 0..5 {
            calls.add(self.replicas.lane(replica).start(cx, value));
        }
        let answers = quorum(&mut calls, 3).await;
        Ok(answers.replies.len() as u64)
    }
}

/// Answers after a while.
#[entity]
pub(crate) struct Replica {
    delay: Distribution,
}

#[entity]
impl Replica {
    async fn store(&mut self, cx: &mut Cx<Self>, value: u64) -> Outcome<u64> {
        cx.sleep(self.delay.sample(cx)).await;
        Ok(value)
    }
}

topology! {
    /// A replicated store.
    pub(crate) Store {
        source writes: poisson(1000/s) emits u64;
        node coordinator: Coordinator;
        node replica[5]: Replica { delay: exp(10ms) };
        writes -> coordinator;
        coordinator.replicas -> replica[*];
    }
}

const SEED: u64 = 17;
const LENGTH: Duration = seconds(60);

fn declared(statistics: Statistics) -> Sample {
    let setup = Store::new(default()).seed(SEED).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    let (elapsed, ()) = timed(|| simulation.run_for(LENGTH).expect("the model has no mistakes"));
    let report = simulation.report();
    let requests = report.node("coordinator").requests();
    let mut figures = vec![("writes", requests.ok as f64)];
    figures.extend(requests.latency.as_ref().map(|it| ("mean latency", it.mean.as_secs_f64())));
    Sample { elapsed, units: requests.ok, figures }
}

fn by_hand() -> Sample {
    let (elapsed, (writes, latency)) = timed(|| by_hand::fanout::run(SEED, Instant::ZERO + LENGTH));
    let figures = vec![("writes", writes as f64), ("mean latency", latency)];
    Sample { elapsed, units: writes, figures }
}

pub(super) fn workload() -> Workload {
    // The report rounds the mean to a nanosecond.
    Workload::new("fanout", "write", 1e-6)
        .by_hand("4-ary heap", by_hand)
        .declared("declared, statistics off", None, || declared(Statistics::Counts))
        .declared("declared", None, || declared(Statistics::Full))
}
