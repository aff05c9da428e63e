//! Reads and writes of a cached key that overlap, and messages that are lost on the way.

use std::collections::HashMap;

use super::support::Recorder;
use happysim::prelude::*;

type Request = KeyValueRequest<u64, u64>;

/// Reads take effect at once, and are answered late.
#[entity]
struct Ledger {
    #[state]
    values: HashMap<u64, u64>,
}

#[entity]
impl Ledger {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<KeyValueReply<u64>> {
        match request {
            KeyValueRequest::Get { key } => {
                let value: Option<u64> = self.values.get(&key).copied();
                cx.sleep(millis(20)).await;
                Ok(KeyValueReply { value, ..default() })
            }
            KeyValueRequest::Put { key, value, .. } => {
                self.values.insert(key, value);
                cx.sleep(millis(1)).await;
                Ok(default())
            }
            KeyValueRequest::Delete { key, .. } => {
                self.values.remove(&key);
                Ok(default())
            }
        }
    }
}

topology! {
    Overlap {
        param script: Vec<(Duration, Request)> = Vec::new();
        param write: WritePolicy = WritePolicy::Around;
        param single_flight: bool = false;
        param ttl: Option<Varying<Duration>> = None;
        param flush_interval: Option<Varying<Duration>> = None;
        node app: Recorder { script: script };
        node cache: CachedStore {
            capacity: None, write: write, single_flight: single_flight, ttl: ttl,
            flush_interval: flush_interval, read_latency: 0s, write_latency: 0s,
        };
        node store: Ledger;
        app -> cache -> store;
    }
}

fn seen(params: OverlapParams) -> Vec<Option<u64>> {
    let mut simulation = Overlap::new(params).build().unwrap();
    simulation.run_for(millis(190)).unwrap();
    let records = &simulation.app.replicas[0].records;
    records.iter().map(|(_, outcome)| outcome.clone().unwrap().value).collect()
}

#[test]
fn who_reads_after_a_write_does_not_join_a_fetch_from_before_it() {
    let script = vec![
        (millis(0), Request::put(1, 5)),
        (millis(10), Request::get(1)),
        (millis(12), Request::put(1, 6)),
        (millis(15), Request::get(1)),
    ];
    for single_flight in [false, true] {
        let seen = seen(OverlapParams { script: script.clone(), single_flight, ..default() });
        // In the order of the outcomes: two writes, the early read, the late one.
        assert_eq!(seen, [None, None, Some(5), Some(6)]);
    }
}

#[test]
fn what_is_on_its_way_to_the_store_does_not_expire() {
    let script = vec![
        (millis(0), Request::put(1, 77)),
        (millis(99), Request::get(1)),
        (micros(100_500), Request::get(1)),
        (millis(120), Request::get(1)),
    ];
    let params = OverlapParams {
        script,
        write: WritePolicy::Back,
        ttl: Some(Varying::Constant(millis(10))),
        flush_interval: Some(Varying::Constant(millis(100))),
        ..default()
    };
    assert_eq!(seen(params), [None, Some(77), Some(77), Some(77)]);
}

topology! {
    Lossy {
        param script: Vec<(Duration, Request)> = Vec::new();
        param write: WritePolicy = WritePolicy::Through;
        param timeout: Option<Varying<Duration>> = Some(Varying::Constant(millis(40)));
        node app: Recorder { script: script };
        node cache: CachedStore {
            capacity: None, write: write, single_flight: true, timeout: timeout,
            flush_interval: 50ms, read_latency: 0s, write_latency: 0s,
        };
        link wire: Link { latency: 1ms, loss: profile! { hold 100% for 60ms; hold 0% } };
        node store: KVStore { read_latency: 1ms, write_latency: 1ms };
        app -> timeout(1s) -> cache -> wire -> store;
    }
}

#[test]
fn a_lost_fetch_ends_with_its_timeout() {
    let script = vec![(millis(10), Request::get(1)), (millis(100), Request::get(1))];
    let outcomes = |timeout| {
        let params = LossyParams { script: script.clone(), timeout, ..default() };
        let mut simulation = Lossy::new(params).build().unwrap();
        simulation.run_for(seconds(5)).unwrap();
        let records = &simulation.app.replicas[0].records;
        records.iter().map(|(_, outcome)| outcome.is_ok()).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(Some(Varying::Constant(millis(40)))), [false, true]);
    // Without one, whoever asks for that key later waits for it too.
    assert_eq!(outcomes(None), [false, false]);
}

#[test]
fn a_lost_write_back_is_tried_again() {
    let script = vec![(millis(10), Request::put(1, 5))];
    let params = LossyParams { script, write: WritePolicy::Back, ..default() };
    let mut simulation = Lossy::new(params).build().unwrap();
    simulation.run_for(seconds(5)).unwrap();
    let report = simulation.report();
    let count = |metric| report.node("cache").metric(metric).as_count().unwrap();
    assert_eq!((count("written back"), count("lost writes")), (1, 0));
}
