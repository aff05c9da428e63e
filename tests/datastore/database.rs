use super::support::{Recorder, assert_near};
use happysim::prelude::*;
use happysim::report::Report;
use suite::oracle::scaled;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    heavy: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows(u32);

topology! {
    Pool {
        param script: Vec<(Duration, Query)> = Vec::new();
        param connections: Varying<usize> = 2;
        param patience: Option<Varying<Duration>> = None;

        node app: Recorder { script: script };
        node db: Database<Query, Rows> {
            connections: Resource::new(connections),
            query: by(|query: &Query, _| if query.heavy { seconds(3) } else { seconds(1) }),
            acquire_timeout: patience,
        };
        app -> db;
    }
}

fn light(at: u64) -> (Duration, Query) {
    (millis(at), Query { heavy: false })
}

fn run(params: PoolParams) -> (Vec<(u64, Outcome<Rows>)>, Report) {
    let mut simulation = Pool::new(params).build().unwrap();
    simulation.run_for(minutes(1)).unwrap();
    let report = simulation.report();
    assert!(report.node("db").is_conserved());
    (simulation.app.replicas[0].records.clone(), report)
}

fn times(records: &[(u64, Outcome<Rows>)]) -> Vec<u64> {
    records
        .iter()
        .map(|(at, outcome)| {
            assert!(outcome.is_ok());
            *at / 1_000
        })
        .collect()
}

#[test]
fn the_pool_keeps_its_maximum_and_waiters_get_a_connection_at_the_instant_it_is_free() {
    let script = (0..5).map(light).collect();
    let (records, report) = run(PoolParams { script, ..default() });
    assert_eq!(times(&records), [1_000, 1_001, 2_000, 2_001, 3_000]);
    let pool = report.node("db").resource("connections");
    assert_eq!((pool.served, pool.queue_max), (5, 3.0));
}

#[test]
fn query_time_depends_on_the_class_of_query() {
    let script = vec![(millis(0), Query { heavy: true }), light(1)];
    let (records, _) = run(PoolParams { script, ..default() });
    assert_eq!(times(&records), [1_001, 3_000]);
}

#[test]
fn a_query_is_rejected_exactly_when_its_patience_ends() {
    let script = (0..4).map(light).collect();
    let params = PoolParams { script, patience: Some(millis(500).into()), ..default() };
    let (records, report) = run(params);
    let late = Err(Failure::Rejected(Rejection::WaitedTooLong));
    assert_eq!(records[0], (502_000, late.clone()));
    assert_eq!(records[1], (503_000, late));
    assert_eq!(report.node("db").requests().failed_for("waited too long"), 2);
    assert_eq!(report.node("db").requests().ok, 2);
}

#[test]
fn a_profile_raises_the_maximum_at_its_instant() {
    let script = (0..4).map(light).collect();
    let connections = Varying::from(profile! { hold 1 for 500ms; hold 3 });
    let (records, _) = run(PoolParams { script, connections, ..default() });
    assert_eq!(times(&records), [1_000, 1_500, 1_500, 2_000]);
}

#[test]
fn without_connections_nobody_is_served_until_there_are_some() {
    let connections = Varying::from(profile! { hold 0 for 2s; hold 1 });
    let (records, _) = run(PoolParams { script: vec![light(0)], connections, ..default() });
    assert_eq!(times(&records), [3_000]);
}

topology! {
    Erlang {
        param count: u64 = 100_000;
        source queries: poisson(60/s).limit(count) emits Query;
        node db: Database<Query, Rows> { connections: 8, query: exp(100ms) };
        queries -> db;
    }
}

/// ST-DBPOOL-v: M/M/8.
#[test]
fn poisson_queries_on_eight_connections_wait_as_erlang_says() {
    let (count, factor) = scaled(6_300_000, 400_000);
    let warm_up = Duration::from_secs_f64(count as f64 / 60.0 * 0.05);
    let report = Erlang::new(ErlangParams { count }).seed(11).warm_up(warm_up).run().unwrap();
    let (db, tolerance) = (report.node("db"), 0.02 * factor);
    let pool = db.resource("connections");
    assert!(db.is_conserved());
    assert_near("Wq", pool.wait_mean.as_secs_f64(), 0.017_849_054_29, tolerance);
    assert_near("busy", pool.in_use_mean, 6.0, tolerance);
    let mean = db.requests().latency.unwrap().mean;
    assert_near("W", mean.as_secs_f64(), 0.117_849_054_3, tolerance);
}

topology! {
    Cancelled {
        param giving_up: GivingUp = GivingUp::Cancel;
        node app: Recorder { script: (0..3).map(light).collect::<Vec<_>>() };
        node db: Database<Query, Rows> { connections: 1, query: 100ms };
        app -> timeout(150ms, giving_up) -> db;
    }
}

#[test]
fn a_cancelled_query_gives_its_connection_and_its_place_back() {
    // The second runs from 100 to 151 ms, the third waits from 2 to 152 ms.
    let run = |giving_up| {
        let params = CancelledParams { giving_up };
        let mut simulation = Cancelled::new(params).build().unwrap();
        simulation.run().unwrap();
        let report = simulation.report();
        assert!(report.node("db").is_conserved());
        assert_eq!(simulation.app.replicas[0].records.len(), 3);
        (report.node("db").requests().ok, report.node("db").requests().failed_for("cancelled"))
    };
    assert_eq!(run(GivingUp::Cancel), (1, 2));
    assert_eq!(run(GivingUp::Abandon), (3, 0));
}
