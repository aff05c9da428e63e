use super::support::{Recorder, Sequence};
use happysim::components::datastore::Version;
use happysim::prelude::*;

type Request = KeyValueRequest<char, u32>;

topology! {
    One {
        param script: Vec<Request> = Vec::new();
        param capacity: Option<Varying<usize>> = None;
        param read: Distribution = millis(1);
        node app: Sequence { script: script };
        node store: KVStore<char, u32> { capacity: capacity, read_latency: read };
        app -> store;
    }
}

fn run(params: OneParams) -> Simulation<One> {
    let mut simulation = One::new(params).build().unwrap();
    simulation.run().unwrap();
    assert!(simulation.report().node("store").is_conserved());
    simulation
}

fn values(simulation: &Simulation<One>) -> Vec<Option<u32>> {
    let records = &simulation.app.replicas[0].records;
    records.iter().map(|(_, outcome)| outcome.as_ref().unwrap().value).collect()
}

/// ST-KV-v.
#[test]
fn gets_and_puts_take_their_latencies() {
    let script = vec![
        Request::put('a', 1),
        Request::put('b', 2),
        Request::get('a'),
        Request::put('a', 3),
        Request::get('c'),
    ];
    let simulation = run(OneParams { script, ..default() });
    let records = &simulation.app.replicas[0].records;
    let times: Vec<u64> = records.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [5_000, 10_000, 11_000, 16_000, 17_000]);
    assert_eq!(values(&simulation), [None, None, Some(1), None, None]);
    assert_eq!(simulation.store.replicas[0].len(), 2);
    let report = simulation.report();
    let store = report.node("store");
    assert_eq!(store.metric("found").as_count(), Some(1));
    assert_eq!(store.metric("not found").as_count(), Some(1));
}

#[test]
fn a_removed_key_is_gone() {
    let script = vec![Request::put('a', 1), Request::delete('a'), Request::get('a')];
    let simulation = run(OneParams { script, ..default() });
    assert_eq!(values(&simulation), [None, None, None]);
    assert!(simulation.store.replicas[0].is_empty());
}

#[test]
fn beyond_its_capacity_the_longest_unused_key_leaves() {
    let script = vec![
        Request::put('a', 1),
        Request::put('b', 2),
        Request::get('a'),
        Request::put('c', 3),
        Request::get('b'),
        Request::get('a'),
    ];
    let simulation = run(OneParams { script, capacity: Some(2.into()), ..default() });
    assert_eq!(values(&simulation)[4..], [None, Some(1)]);
    assert_eq!(simulation.report().node("store").metric("evicted").as_count(), Some(1));
}

#[test]
fn of_writes_with_versions_the_latest_wins_in_any_order() {
    let version = |time| Some(Version { time, writer: 0 });
    let put = |value, time| Request::Put { key: 'a', value, version: version(time) };
    let script = vec![
        put(2, 20),
        put(1, 10),
        Request::get('a'),
        Request::Delete { key: 'a', version: version(30) },
        put(3, 25),
        Request::get('a'),
        put(4, 40),
        Request::get('a'),
    ];
    let simulation = run(OneParams { script, ..default() });
    let values = values(&simulation);
    assert_eq!([values[2], values[5], values[7]], [Some(2), None, Some(4)]);
    let report = simulation.report();
    assert_eq!(report.node("store").metric("outdated writes").as_count(), Some(2));
}

#[test]
fn a_latency_may_be_a_profile() {
    let read = Distribution::from(profile! { hold 1ms for 2500us; hold 4ms });
    let script = vec![Request::get('a'); 4];
    let simulation = run(OneParams { script, read, ..default() });
    let times: Vec<u64> = simulation.app.replicas[0].records.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [1_000, 2_000, 3_000, 7_000]);
}

topology! {
    Narrow {
        param script: Vec<(Duration, Request)> = Vec::new();
        node app: Recorder { script: script };
        node store: KVStore<char, u32> { concurrency: 2 };
        app -> store;
    }
}

#[test]
fn limited_concurrency_works_on_so_many_at_once() {
    let script = vec![(Duration::ZERO, Request::get('a')); 5];
    let mut simulation = Narrow::new(NarrowParams { script }).build().unwrap();
    simulation.run().unwrap();
    let times: Vec<u64> = simulation.app.replicas[0].records.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [1_000, 1_000, 2_000, 2_000, 3_000]);
    assert_eq!(simulation.report().node("store").resource("slots").queue_max, 3.0);
}

#[test]
fn a_store_without_room_is_refused() {
    let refused = One::new(OneParams { capacity: Some(0.into()), ..default() }).build();
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("it must be at least 1"), "{message}");
}

topology! {
    Open {
        param script: Vec<(Duration, Request)>;
        node app: Recorder { script: script };
        node store: KVStore<char, u32>;
        app -> store;
    }
}

/// When each request ended, in microseconds, and whether it was answered, if the concurrency is
/// this from 5 ms on, and any number before.
fn ends(concurrency: &Profile<usize>) -> Vec<(u64, bool)> {
    let gets = [6, 7, 7, 7].map(|at| (millis(at), Request::get('a')));
    let mut simulation = Open::new(OpenParams { script: gets.to_vec() }).build().unwrap();
    simulation.run_for(millis(5)).unwrap();
    simulation
        .change(|open| &mut open.store, |store| store.concurrency(concurrency.clone()))
        .unwrap();
    simulation.run().unwrap();
    simulation.app.replicas[0].records.iter().map(|(at, end)| (*at, end.is_ok())).collect()
}

#[test]
fn a_limit_that_begins_while_it_runs_is_that_of_the_instant() {
    let found = ends(&profile! { hold 1 for 2ms; hold 2 });
    assert_eq!(found, [(7_000, true), (8_000, true), (8_000, true), (9_000, true)]);
}

#[test]
fn where_nobody_is_served_any_more_a_request_is_too_heavy() {
    // Of those at 7 ms, one is at work at 7.5 ms, and the others wait.
    let found = ends(&profile! { hold 1 for 7500us; hold 0 });
    assert_eq!(found, [(7_000, true), (7_500, false), (7_500, false), (8_000, true)]);
}
