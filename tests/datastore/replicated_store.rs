use super::support::{Record, Recorder, assert_near};
use happysim::prelude::*;
use suite::oracle::scaled;

type Request = KeyValueRequest<u64, u64>;
type Reply = KeyValueReply<u64>;

/// A replica's way to the network: it lets requests pass, or refuses them, or swallows them.
#[entity]
pub struct Gate {
    refuses: bool,
    swallows: bool,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl Gate {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        if self.refuses {
            cx.sleep(millis(1)).await;
            return Err(Failure::Crashed);
        }
        if self.swallows {
            return Err(Failure::Lost);
        }
        self.next.call(request).await
    }
}

topology! {
    Five {
        param script: Vec<(Duration, Request)> = Vec::new();
        param read: Consistency = Consistency::Quorum;
        param write: Consistency = Consistency::Quorum;
        param timeout: Option<Varying<Duration>> = None;
        param repair: bool = false;
        /// Replicas beyond this number refuse or swallow.
        param healthy: usize = 5;
        param swallow: bool = false;

        node app: Recorder { script: script };
        node store: ReplicatedStore {
            read_consistency: read, write_consistency: write, timeout: timeout, read_repair: repair,
        };
        node gate[5]: Gate {
            refuses: replica >= healthy && !swallow, swallows: replica >= healthy && swallow,
        };
        // Replica 0 answers a get after 10 ms and a put after 20 ms, the next 10 ms later.
        node replica[5]: KVStore {
            read_latency: millis(10 * (replica as u64 + 1)),
            write_latency: millis(10 * (replica as u64 + 2)),
        };
        app -> store -> gate[*];
        gate -> replica[same];
    }
}

fn run(params: FiveParams) -> (Vec<Record<Reply>>, Simulation<Five>) {
    let mut simulation = Five::new(params).build().unwrap();
    simulation.run_for(seconds(10)).unwrap();
    let report = simulation.report();
    assert!(report.all_nodes().all(happysim::report::NodeReport::is_conserved));
    (simulation.app.replicas[0].records.clone(), simulation)
}

fn at(ms: u64, request: Request) -> (Duration, Request) {
    (millis(ms), request)
}

/// 3 of 5 asked in parallel: the answer comes with the third.
#[test]
fn the_answer_comes_with_the_replica_that_makes_it_enough() {
    for (level, get, put) in [
        (Consistency::One, 10, 20),
        (Consistency::Quorum, 30, 40),
        (Consistency::All, 50, 60),
        (Consistency::Exactly(Varying::Constant(4)), 40, 50),
    ] {
        let script = vec![at(0, Request::put(1, 7)), at(1_000, Request::get(1))];
        let params = FiveParams { script, read: level.clone(), write: level, ..default() };
        let (records, simulation) = run(params);
        assert_eq!(records[0].0, put * 1_000);
        assert_eq!(records[1].0, 1_000_000 + get * 1_000);
        assert_eq!(records[1].1.as_ref().unwrap().value, Some(7));
        // All replicas have it in the end.
        assert!(simulation.replica.replicas.iter().all(|replica| replica.value(&1) == Some(&7)));
        let report = simulation.report();
        assert_eq!(report.node("replica").requests().ok, 10);
    }
}

/// 3 x 20 ms: one 20, quorum 20, all 20.
#[test]
fn replicas_are_not_asked_one_after_another() {
    topology! {
        Equal {
            param read: Consistency = Consistency::One;
            node app: Recorder { script: vec![(Duration::ZERO, Request::get(1))] };
            node store: ReplicatedStore { read_consistency: read };
            node replica[3]: KVStore { read_latency: 20ms };
            app -> store -> replica[*];
        }
    }
    for read in [Consistency::One, Consistency::Quorum, Consistency::All] {
        let mut simulation = Equal::new(EqualParams { read }).build().unwrap();
        simulation.run().unwrap();
        assert_eq!(simulation.app.replicas[0].records[0].0, 20_000);
    }
}

#[test]
fn a_quorum_bears_the_failure_of_the_rest() {
    let script = vec![at(0, Request::put(1, 7))];
    let (records, _) = run(FiveParams { script, healthy: 3, ..default() });
    assert_eq!((records[0].0, records[0].1.is_ok()), (40_000, true));
}

#[test]
fn a_request_fails_as_soon_as_there_cannot_be_enough() {
    let script = vec![at(0, Request::put(1, 7))];
    let (records, simulation) = run(FiveParams { script, healthy: 2, ..default() });
    assert_eq!(records, [(1_000, Err(Failure::Unavailable))]);
    // It is on some replicas all the same.
    assert_eq!(simulation.replica.replicas[0].value(&1), Some(&7));
    assert_eq!(simulation.report().node("store").requests().failed_for("unavailable"), 1);
}

#[test]
fn replicas_that_never_answer_end_in_a_timeout() {
    let script = vec![at(0, Request::get(1))];
    let timeout = Some(Varying::Constant(millis(25)));
    let params = FiveParams { script, healthy: 2, swallow: true, timeout, ..default() };
    let (records, _) = run(params.clone());
    assert_eq!(records, [(25_000, Err(Failure::TimedOut))]);
    let (records, _) = run(FiveParams { healthy: 3, ..params.clone() });
    assert_eq!(records, [(25_000, Err(Failure::TimedOut))]);
    let timeout = Some(Varying::Constant(millis(30)));
    let (records, _) = run(FiveParams { healthy: 3, timeout, ..params });
    assert_eq!((records[0].0, records[0].1.is_ok()), (30_000, true));
}

#[test]
fn more_replicas_than_there_are_is_unavailable() {
    let read = Consistency::Exactly(Varying::Constant(6));
    let (records, _) = run(FiveParams { script: vec![at(0, Request::get(1))], read, ..default() });
    assert_eq!(records, [(0, Err(Failure::Unavailable))]);
}

#[test]
fn the_number_of_replicas_may_be_a_profile() {
    let read = Consistency::Exactly(profile! { hold 1 for 500ms; hold 5 }.into());
    let script = vec![at(0, Request::get(1)), at(1_000, Request::get(1))];
    let (records, _) = run(FiveParams { script, read, ..default() });
    assert_eq!((records[0].0, records[1].0), (10_000, 1_050_000));
}

#[test]
fn a_late_old_write_does_not_bring_back_an_old_value() {
    // Replica 4 applies the first put at 60 ms; the delete of the second key comes in between.
    let script = vec![
        at(0, Request::put(1, 7)),
        at(1, Request::put(1, 8)),
        at(2, Request::delete(1)),
        at(1_000, Request::get(1)),
    ];
    let (records, simulation) = run(FiveParams { script, ..default() });
    assert_eq!(records[3].1.as_ref().unwrap().value, None);
    assert!(simulation.replica.replicas.iter().all(KVStore::is_empty));
}

topology! {
    Repaired {
        param writes: Vec<(Duration, Request)> = Vec::new();
        param reads: Vec<(Duration, Request)> = Vec::new();
        param repair: bool = true;
        node writer: Recorder { script: writes };
        node reader: Recorder { script: reads };
        node store: ReplicatedStore {
            read_consistency: Consistency::All, read_repair: repair,
        };
        node replica[3]: KVStore { read_latency: 1ms, write_latency: 1ms };
        // Only replica 2 has the value, as if the others had been away.
        writer -> replica[2];
        reader -> store -> replica[*];
    }
}

#[test]
fn a_read_repairs_replicas_that_lag_behind() {
    let writes = vec![at(0, Request::put(1, 7))];
    let reads = vec![at(10, Request::get(1)), at(20, Request::get(1))];
    for (repair, repairs) in [(true, 2), (false, 0)] {
        let params = RepairedParams { writes: writes.clone(), reads: reads.clone(), repair };
        let mut simulation = Repaired::new(params).build().unwrap();
        simulation.run().unwrap();
        let values: Vec<_> = simulation.replica.replicas.iter().map(|it| it.value(&1)).collect();
        let lagging = if repair { Some(&7) } else { None };
        assert_eq!(values, [lagging, lagging, Some(&7)]);
        assert_eq!(simulation.reader.replicas[0].records[0].1.as_ref().unwrap().value, Some(7));
        let report = simulation.report();
        assert_eq!(report.node("store").metric("repairs").as_count(), Some(repairs));
    }
}

topology! {
    Stale {
        param read: Consistency = Consistency::Quorum;
        param write: Consistency = Consistency::Quorum;
        source reads: poisson(500/s) emits Request = |arrival| Request::get(arrival.random.below(3));
        source writes: poisson(100/s) emits Request =
            |arrival| Request::put(arrival.random.below(3), arrival.number);
        node store: ReplicatedStore { read_consistency: read, write_consistency: write };
        node replica[5]: KVStore { read_latency: exp(10ms), write_latency: exp(10ms) };
        reads -> store;
        writes -> store;
        store -> replica[*];
    }
}

/// ST-QUORUM-stale-v; and the counter-example, which shows that the count can count.
#[test]
fn intersecting_quorums_never_read_what_is_stale() {
    let stale = |read: usize, write: usize| {
        let exactly = |number| Consistency::Exactly(Varying::Constant(number));
        let params = StaleParams { read: exactly(read), write: exactly(write) };
        let report = Stale::new(params).seed(3).run_for(seconds(10)).unwrap();
        assert!(report.node("store").is_conserved());
        report.node("store").metric("stale reads").as_count().unwrap()
    };
    assert_eq!([stale(3, 3), stale(2, 4), stale(1, 5), stale(5, 1)], [0; 4]);
    assert!(stale(1, 1) > 25);
    assert!(stale(2, 3) > 0);
}

topology! {
    Exponential {
        param count: u64 = 1_000;
        param read: Consistency = Consistency::Quorum;
        source reads: poisson(100/s).limit(count) emits Request = |_| Request::get(1);
        node store: ReplicatedStore { read_consistency: read };
        node replica[3]: KVStore { read_latency: exp(10ms) };
        reads -> store -> replica[*];
    }
}

/// ST-QUORUM-3-2-v and ST-QUORUM-3-3-v.
#[test]
fn the_k_th_of_exponential_replies_is_an_order_statistic() {
    let cases = [
        (Consistency::Quorum, 160_000, 0.008_333_333, 0.006_931_472, 0.028_318_61),
        (Consistency::All, 400_000, 0.018_333_333, 0.015_784_264, 0.057_004_361),
    ];
    for (read, full, mean, p50, p99) in cases {
        let (count, factor) = scaled(full, 30_000);
        let params = ExponentialParams { count, read };
        let report = Exponential::new(params).seed(8).run().unwrap();
        let latency = report.node("store").requests().latency.unwrap();
        assert_near("mean", latency.mean.as_secs_f64(), mean, 0.01 * factor);
        assert_near("p50", latency.p50.as_secs_f64(), p50, 0.01 * factor);
        assert_near("p99", latency.p99.as_secs_f64(), p99, 0.025 * factor);
        let own = report.node("store").metric("read latency p99").as_f64();
        assert_near("p99 of reads", own, p99, 0.025 * factor);
    }
}

#[test]
fn no_replica_at_all_is_refused() {
    topology! {
        /// A store that waits for as many replicas as somebody says.
        Told {
            param write: Consistency = Consistency::Quorum;
            param read: usize = 1;
            source writes: constant(1/s) emits KeyValueRequest = |_| KeyValueRequest::put(1, 1);
            node store: ReplicatedStore { write_consistency: write, read_consistency: read };
            node replica[3]: KVStore;
            writes -> store -> replica[*];
        }
    }
    let nobody = || Consistency::Exactly(profile! { hold 2 for 1s; hold 0 }.into());
    let params = ToldParams { write: nobody(), read: 0 };
    let message = Told::new(params).build().expect_err("both are out of range").to_string();
    for name in ["read_consistency", "write_consistency"] {
        assert!(message.contains(name), "{message}");
    }
    assert!(message.contains("it must be at least 1"), "{message}");
}
