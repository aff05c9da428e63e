//! M/M/1 at load 0.8.

use happysim::prelude::*;

use super::{Sample, Workload, timed};
use crate::by_hand;

topology! {
    /// Customers and one server.
    pub(crate) Mm1 {
        source customers: poisson(8/s);
        node server: Server { service: exp(100ms) };
        customers -> server;
    }
}

const SEED: u64 = 7;
const LENGTH: Duration = seconds(20_000);

fn declared(statistics: Statistics) -> Sample {
    let setup = Mm1::new(default()).seed(SEED).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    let (elapsed, ()) = timed(|| simulation.run_for(LENGTH).expect("the model has no mistakes"));
    let report = simulation.report();
    let requests = report.node("server").requests();
    let mut figures = vec![("customers", requests.ok as f64)];
    figures.extend(requests.latency.as_ref().map(|it| ("mean sojourn", it.mean.as_secs_f64())));
    Sample { elapsed, units: requests.ok, figures }
}

fn by_hand(run: fn(u64, Instant) -> (u64, f64)) -> Sample {
    let (elapsed, (customers, sojourn)) = timed(|| run(SEED, Instant::ZERO + LENGTH));
    let figures = vec![("customers", customers as f64), ("mean sojourn", sojourn)];
    Sample { elapsed, units: customers, figures }
}

pub(super) fn workload() -> Workload {
    // The report rounds the mean to a nanosecond.
    Workload::new("mm1", "customer", 1e-8)
        .by_hand("4-ary heap", || by_hand(by_hand::mm1::run))
        .declared("4-ary heap, customers as tasks", None, || by_hand(by_hand::mm1_tasks::run))
        .declared("declared, statistics off", 1.25, || declared(Statistics::Counts))
        .declared("declared", 1.6, || declared(Statistics::Full))
}
