use super::support::{Recorder, Sequence, assert_near};
use happysim::prelude::*;
use suite::oracle::scaled;

type Request = KeyValueRequest<u64, u64>;

topology! {
    Cached {
        param script: Vec<Request> = Vec::new();
        param capacity: Option<Varying<usize>> = Some(Varying::Constant(3));
        param eviction: Eviction = Eviction::Lru;
        param write: WritePolicy = WritePolicy::Through;
        param ttl: Option<Varying<Duration>> = None;
        param renew: bool = false;
        param grace: Option<Varying<Duration>> = None;
        param flush_interval: Option<Varying<Duration>> = None;

        node app: Sequence { script: script };
        node cache: CachedStore {
            capacity: capacity, eviction: eviction, write: write, ttl: ttl, renew: renew,
            stale_while_revalidate: grace, flush_interval: flush_interval,
        };
        node store: KVStore { read_latency: 10ms, write_latency: 10ms };
        app -> cache -> store;
    }
}

fn run(params: CachedParams) -> Simulation<Cached> {
    let mut simulation = Cached::new(params).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    assert!(report.node("cache").is_conserved() && report.node("store").is_conserved());
    simulation
}

fn gets(keys: &[u64]) -> Vec<Request> {
    keys.iter().copied().map(Request::get).collect()
}

fn puts_and_gets(operations: &str) -> Vec<Request> {
    let pair = |word: &str| {
        let (operation, key) = (word.as_bytes()[0], u64::from(word.as_bytes()[1]));
        if operation == b'w' { Request::put(key, 1) } else { Request::get(key) }
    };
    operations.split(' ').map(pair).collect()
}

fn count(simulation: &Simulation<Cached>, node: &str, metric: &str) -> u64 {
    simulation.report().node(node).metric(metric).as_count().unwrap()
}

/// Gets and puts that the store has answered.
fn backing(simulation: &Simulation<Cached>) -> (u64, u64) {
    let reads = count(simulation, "store", "found") + count(simulation, "store", "not found");
    let all = simulation.report().node("store").requests().ok;
    (reads, all - reads)
}

/// ST-TRACE-v, through the component.
#[test]
fn page_replacement_misses_as_in_the_textbook() {
    let keys = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
    for (eviction, misses) in [(Eviction::Lru, 12), (Eviction::Fifo, 15)] {
        let simulation = run(CachedParams { script: gets(&keys), eviction, ..default() });
        assert_eq!(count(&simulation, "cache", "misses"), misses, "{eviction:?}");
        assert_eq!(count(&simulation, "cache", "evicted"), misses - 3, "{eviction:?}");
        assert_eq!(backing(&simulation).0, misses);
    }
}

/// ST-LAT-v: a cycle of five reads with one new key each.
#[test]
fn a_miss_pays_both_latencies_and_a_hit_one() {
    let keys: Vec<u64> =
        (0..100).map(|number| if number % 5 == 0 { 1_000 + number } else { 0 }).collect();
    let script: Vec<Request> = gets(&[&[0], &keys[..]].concat());
    let simulation = run(CachedParams { script, ..default() });
    let records = &simulation.app.replicas[0].records;
    let end = records.last().unwrap().0;
    let first = records[0].0;
    assert_eq!((end - first) / 100, 2_100);
}

/// ST-WB-v, with 100 ms between operations, so that each is over before the next.
#[test]
fn write_back_writes_what_is_evicted_and_write_through_everything() {
    let script: Vec<(Duration, Request)> = puts_and_gets("wa wa rb wc ra wd rb wa rc")
        .into_iter()
        .enumerate()
        .map(|(number, request)| (millis(100 * number as u64), request))
        .collect();
    for (write, writes, written_back, unwritten) in
        [(WritePolicy::Through, 5, 0, 0), (WritePolicy::Back, 3, 3, 1)]
    {
        let capacity = Varying::Constant(2);
        let simulation = herd(HerdParams { script: script.clone(), capacity, write, ..default() });
        let report = simulation.report();
        let count = |metric: &str| report.node("cache").metric(metric).as_count().unwrap();
        // The only hit is that of the second write.
        assert_eq!((count("hits"), count("write hits"), count("misses")), (0, 1, 4));
        assert_eq!(report.node("store").requests().ok, 4 + writes);
        assert_eq!(count("written back"), written_back);
        assert_eq!(simulation.cache.replicas[0].unwritten(), unwritten);
    }
}

#[test]
fn write_around_leaves_no_entry() {
    let script = puts_and_gets("ra wa ra ra");
    let simulation = run(CachedParams { script, write: WritePolicy::Around, ..default() });
    assert_eq!((count(&simulation, "cache", "hits"), backing(&simulation)), (1, (2, 1)));
    let records = &simulation.app.replicas[0].records;
    assert_eq!(records[2].1.as_ref().unwrap().value, Some(1));
}

#[test]
fn a_write_back_is_acknowledged_before_the_store_has_it() {
    let script = puts_and_gets("wa ra");
    let simulation = run(CachedParams { script, write: WritePolicy::Back, ..default() });
    let records = &simulation.app.replicas[0].records;
    assert_eq!((records[0].0, records[1].0), (100, 200));
    assert_eq!(records[1].1.as_ref().unwrap().value, Some(1));
    assert!(simulation.store.replicas[0].is_empty());
}

#[test]
fn what_is_on_its_way_to_the_store_is_still_found() {
    // `a` is evicted by `b` and read while its write takes 10 ms.
    let script = puts_and_gets("wa wb ra");
    let capacity = Some(Varying::Constant(1));
    let simulation = run(CachedParams { script, capacity, write: WritePolicy::Back, ..default() });
    let records = &simulation.app.replicas[0].records;
    assert_eq!((records[2].0, records[2].1.as_ref().unwrap().value), (300, Some(1)));
    assert_eq!(backing(&simulation), (0, 1));
}

#[test]
fn flushes_write_everything_and_keep_the_entries() {
    let flush_interval = Some(Varying::Constant(millis(1)));
    let script = puts_and_gets("wa wb wa");
    let params = CachedParams { script, flush_interval, write: WritePolicy::Back, ..default() };
    let mut simulation = Cached::new(params).build().unwrap();
    simulation.run_for(millis(50)).unwrap();
    assert_eq!(backing(&simulation), (0, 2));
    let cache = &simulation.cache.replicas[0];
    assert_eq!((cache.len(), cache.unwritten()), (2, 0));
}

#[test]
fn a_changed_flush_interval_counts_from_the_last_flush() {
    let unwritten = |simulation: &Simulation<Cached>| simulation.cache.replicas[0].unwritten();
    let params = CachedParams {
        script: puts_and_gets("wa wb"),
        flush_interval: Some(Varying::Constant(hours(1))),
        write: WritePolicy::Back,
        ..default()
    };
    let mut simulation = Cached::new(params).build().unwrap();
    simulation.run_for(millis(40)).unwrap();
    assert_eq!((unwritten(&simulation), backing(&simulation)), (2, (0, 0)));
    let mut fork = simulation.fork();
    // Due at 50 ms, and the store takes 10 ms.
    simulation.change(|it| &mut it.cache, |cache| cache.flush_interval(millis(50))).unwrap();
    simulation.run_for(micros(19_999)).unwrap();
    assert_eq!(backing(&simulation), (0, 0));
    simulation.run_for(micros(1)).unwrap();
    assert_eq!((unwritten(&simulation), backing(&simulation)), (0, (0, 2)));
    // Overdue; without an interval before, it begins when there is one.
    let never: Option<Varying<Duration>> = None;
    fork.change(|it| &mut it.cache, |cache| cache.flush_interval(never.clone())).unwrap();
    fork.run_for(millis(60)).unwrap();
    let mut late = fork.fork();
    late.change(|it| &mut it.cache, |cache| cache.flush_interval(millis(5))).unwrap();
    late.run_for(micros(14_999)).unwrap();
    assert_eq!(backing(&late), (0, 0));
    late.run_for(micros(1)).unwrap();
    assert_eq!(backing(&late), (0, 2));
}

#[test]
fn an_entry_expires_its_time_to_live_after_its_insertion() {
    // Inserted at 10.1 ms; hits end 0.1 ms apart, until 30.1 ms.
    let ttl = Some(Varying::Constant(millis(20)));
    let script = gets(&[5; 300]);
    let simulation = run(CachedParams { script: script.clone(), ttl: ttl.clone(), ..default() });
    let records = &simulation.app.replicas[0].records;
    assert_eq!((records[0].0, records[199].0, records[200].0), (10_100, 30_000, 40_100));
    assert_eq!(count(&simulation, "cache", "expired"), 1);
    let renewed = run(CachedParams { script, ttl, renew: true, ..default() });
    assert_eq!(count(&renewed, "cache", "misses"), 1);
}

#[test]
fn the_time_to_live_may_be_a_profile() {
    let ttl = Some(Varying::from(profile! { hold 5ms for 15ms; hold 1s }));
    let simulation = run(CachedParams { script: gets(&[5; 300]), ttl, ..default() });
    assert_eq!(count(&simulation, "cache", "misses"), 2);
}

#[test]
fn stale_entries_are_given_out_while_they_are_fetched_anew() {
    let (ttl, grace) = (Some(Varying::Constant(millis(20))), Some(Varying::Constant(millis(15))));
    let simulation = run(CachedParams { script: gets(&[5; 300]), ttl, grace, ..default() });
    let records = &simulation.app.replicas[0].records;
    // Nobody waits after the first.
    assert_eq!(records[299].0, 10_100 + 299 * 100);
    // Stale from 30.1 to 40.1 ms, when the second fetch, begun at 30.1, is back.
    assert_eq!(count(&simulation, "cache", "stale replies"), 100);
    assert_eq!(backing(&simulation).0, 2);
}

#[test]
fn a_lowered_capacity_evicts_with_the_next_new_entry() {
    let capacity = Some(Varying::from(profile! { hold 3 for 35ms; hold 1 }));
    let simulation = run(CachedParams { script: gets(&[1, 2, 3, 4]), capacity, ..default() });
    assert_eq!(count(&simulation, "cache", "evicted"), 3);
    assert_eq!(simulation.cache.replicas[0].len(), 1);
}

topology! {
    Herd {
        param script: Vec<(Duration, Request)> = Vec::new();
        param single_flight: bool = true;
        param capacity: Varying<usize> = 10;
        param write: WritePolicy = WritePolicy::Through;
        node app: Recorder { script: script };
        node cache: CachedStore { capacity: capacity, single_flight: single_flight, write: write };
        node store: KVStore { read_latency: 10ms, write_latency: 2ms };
        app -> cache -> store;
    }
}

fn herd(params: HerdParams) -> Simulation<Herd> {
    let mut simulation = Herd::new(params).build().unwrap();
    simulation.run().unwrap();
    assert!(simulation.report().node("cache").is_conserved());
    simulation
}

#[test]
fn with_single_flight_all_who_miss_a_key_wait_for_one_fetch() {
    let at = |ms, key| (millis(ms), Request::get(key));
    let script = vec![at(0, 1), at(1, 1), at(2, 2), at(5, 1), at(30, 1)];
    let together = herd(HerdParams { script: script.clone(), ..default() });
    let times = |simulation: &Simulation<Herd>| -> Vec<u64> {
        simulation.app.replicas[0].records.iter().map(|(at, _)| *at).collect()
    };
    assert_eq!(times(&together), [10_100, 10_100, 10_100, 12_100, 30_100]);
    let report = together.report();
    assert_eq!(report.node("store").requests().ok, 2);
    assert_eq!(report.node("cache").metric("coalesced").as_count(), Some(2));
    let alone = herd(HerdParams { script, single_flight: false, ..default() });
    assert_eq!(times(&alone), [10_100, 11_100, 12_100, 15_100, 30_100]);
    assert_eq!(alone.report().node("store").requests().ok, 4);
}

#[test]
fn a_landing_wakes_those_who_wait_for_it() {
    // One after the other, each for a key of its own, and all under way at once.
    let script: Vec<_> =
        (0..400).map(|number| (micros(number * 10), Request::get(number))).collect();
    let together = herd(HerdParams { script: script.clone(), ..default() });
    let alone = herd(HerdParams { script, single_flight: false, ..default() });
    let events = |simulation: &Simulation<Herd>| simulation.report().facts.events;
    assert!(events(&together) < 2 * events(&alone), "{}", events(&together));
}

#[test]
fn a_fetch_that_a_write_has_overtaken_is_not_kept() {
    // The read begins at 0.1 ms, the write at 1.1 ms is back at 3.1 ms; then it is read again.
    for write in [WritePolicy::Through, WritePolicy::Around, WritePolicy::Back] {
        let script = vec![
            (millis(0), Request::get(1)),
            (millis(1), Request::put(1, 7)),
            (millis(20), Request::get(1)),
        ];
        let simulation = herd(HerdParams { script, single_flight: false, write, ..default() });
        let last = simulation.app.replicas[0].records[2].clone();
        assert_eq!(last.1.unwrap().value, Some(7), "{write:?}");
    }
}

/// A store that fails for a while.
#[entity]
pub struct Failing {
    until: Varying<Duration>,
    #[state]
    pub puts: u64,
}

#[entity]
impl Failing {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<KeyValueReply> {
        cx.sleep(millis(1)).await;
        if cx.now() < Instant::ZERO + self.until.at(cx.now()) {
            return Err(Failure::Crashed);
        }
        self.puts += u64::from(request.access() == Access::Write);
        Ok(KeyValueReply::default())
    }
}

topology! {
    Broken {
        param script: Vec<Request> = Vec::new();
        param write: WritePolicy = WritePolicy::Through;
        param until: Varying<Duration> = millis(250);
        param attempts: Varying<usize> = 10;
        node app: Sequence { script: script };
        node cache: CachedStore { capacity: 1, write: write, flush_attempts: attempts };
        node store: Failing { until: until };
        app -> cache -> store;
    }
}

#[test]
fn a_failed_write_leaves_no_entry_and_a_failed_fetch_is_told() {
    let script = puts_and_gets("wa ra");
    let mut simulation = Broken::new(BrokenParams { script, ..default() }).build().unwrap();
    simulation.run().unwrap();
    let records = &simulation.app.replicas[0].records;
    assert_eq!(records[0], (1_100, Err(Failure::Crashed)));
    assert_eq!(records[1], (2_200, Err(Failure::Crashed)));
    assert!(simulation.cache.replicas[0].is_empty());
    assert!(simulation.report().node("cache").is_conserved());
}

#[test]
fn a_failed_write_back_is_tried_again_and_lost_only_after_its_last_attempt() {
    for (attempts, puts, lost) in [(10, 1, 0), (3, 0, 1)] {
        let params = BrokenParams {
            script: puts_and_gets("wa wb"),
            write: WritePolicy::Back,
            attempts: Varying::Constant(attempts),
            ..default()
        };
        let mut simulation = Broken::new(params).build().unwrap();
        simulation.run().unwrap();
        assert_eq!(simulation.store.replicas[0].puts, puts);
        let report = simulation.report();
        assert_eq!(report.node("cache").metric("lost writes").as_count(), Some(lost));
        assert_eq!(report.node("store").requests().arrived, 3 + puts);
    }
}

/// Reads keys by a Zipf law, one after another.
#[entity]
pub struct ZipfReader {
    exponent: f64,
    keys: u64,
    count: u64,
    /// Hits and reads after the warm-up.
    #[state]
    pub warm: (u64, u64),
    #[state(Zipf::new(*exponent, *keys).expect("a law"))]
    law: Zipf,
    #[port]
    out: Call<Request, KeyValueReply>,
}

#[entity]
impl ZipfReader {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let warm_up: u64 = self.count / 20;
        for number in 0..self.count {
            let key = self.law.sample(cx);
            let before = cx.now();
            let _reply: Outcome<KeyValueReply> = self.out.call(Request::get(key)).await;
            if number >= warm_up {
                self.warm.1 += 1;
                self.warm.0 += u64::from(cx.now() == before);
            }
        }
    }
}

topology! {
    Zipfian {
        param exponent: f64 = 1.0;
        param keys: u64 = 8;
        param count: u64 = 1_000;
        param capacity: Option<Varying<usize>> = Some(Varying::Constant(3));
        param eviction: Eviction = Eviction::Lru;
        node reader: ZipfReader { exponent: exponent, keys: keys, count: count };
        node cache: CachedStore { capacity: capacity, eviction: eviction, read_latency: 0s };
        node store: KVStore { read_latency: 1us };
        reader -> cache -> store;
    }
}

fn hit_rate(params: ZipfianParams) -> f64 {
    let mut simulation = Zipfian::new(params).build().unwrap();
    simulation.run().unwrap();
    let (hits, reads) = simulation.reader.replicas[0].warm;
    hits as f64 / reads as f64
}

/// ST-LRU-exact-v.
#[test]
fn hit_rates_of_eight_keys_are_those_of_king_and_gelenbe() {
    let (count, factor) = scaled(830_000, 60_000);
    let expected = [
        (Eviction::Lru, 0.535_615_335_9),
        (Eviction::Fifo, 0.508_958_086_2),
        (Eviction::Random, 0.508_958_086_2),
    ];
    for (eviction, rate) in expected {
        let found = hit_rate(ZipfianParams { count, eviction, ..default() });
        assert_near(&format!("{eviction:?}"), found, rate, 0.005 * factor);
    }
    let lfu = hit_rate(ZipfianParams { count, eviction: Eviction::Lfu, ..default() });
    assert!(lfu > 0.535_6 && lfu < 0.674_6 * (1.0 + 0.005 * factor), "{lfu}");
}

/// ST-LRU-che-1000-v and ST-LRU-che-10000-v.
#[test]
fn hit_rates_of_many_keys_are_those_of_che() {
    let cases =
        [(0.8, 1_000, 100, 820_000, 0.377_790_221_3), (1.0, 10_000, 500, 210_000, 0.586_736_378_1)];
    for (exponent, keys, capacity, full, rate) in cases {
        let (count, factor) = scaled(full, 60_000);
        let capacity = Some(Varying::Constant(capacity));
        let params = ZipfianParams { exponent, keys, count, capacity, ..default() };
        assert_near(&format!("{keys} keys"), hit_rate(params), rate, 0.01 * factor);
    }
}

topology! {
    Expiring {
        param renew: bool = false;
        param count: u64 = 1_000;
        source reads: poisson(50/s).limit(count) emits Request =
            |arrival| Request::get(zipf_of_hundred(arrival.random.uniform()));
        node cache: CachedStore { capacity: None, ttl: 2s, renew: renew, read_latency: 0s };
        node store: KVStore { read_latency: 1us };
        reads -> cache -> store;
    }
}

/// A rank from 1 to 100 with probability proportional to its reciprocal, by inversion.
fn zipf_of_hundred(uniform: f64) -> u64 {
    let total: f64 = (1..=100).map(|rank| 1.0 / f64::from(rank)).sum();
    let mut left = uniform * total;
    for rank in 1..100_u32 {
        left -= 1.0 / f64::from(rank);
        if left < 0.0 {
            return u64::from(rank);
        }
    }
    100
}

/// ST-TTL-v.
#[test]
fn times_to_live_from_insertion_and_renewed_hit_as_renewal_theory_says() {
    let (count, factor) = scaled(64_000, 30_000);
    for (renew, rate, valid) in
        [(false, 0.652_814_034_6, 34.718_596_54), (true, 0.757_681_162_7, 41.273_342_58)]
    {
        let params = ExpiringParams { renew, count };
        let warm_up = Duration::from_secs_f64(count as f64 / 50.0 * 0.05);
        let mut simulation = Expiring::new(params).seed(2).warm_up(warm_up).build().unwrap();
        let (mut valid_sum, mut samples) = (0, 0);
        let end = count as f64 / 50.0 * 0.98;
        while simulation.now().as_secs_f64() < end {
            simulation.run_for(seconds(1)).unwrap();
            if simulation.now().as_secs_f64() > end * 0.05 {
                valid_sum += simulation.cache.replicas[0].valid(simulation.now());
                samples += 1;
            }
        }
        simulation.run().unwrap();
        let found = simulation.report().node("cache").metric("hit rate").as_f64();
        assert_near("hit rate", found, rate, 0.01 * factor);
        assert_near("valid entries", valid_sum as f64 / f64::from(samples), valid, 0.01 * factor);
    }
}

topology! {
    Impatient {
        param script: Vec<(Duration, Request)> = Vec::new();
        param giving_up: GivingUp = GivingUp::Cancel;
        node app: Recorder { script: script };
        node cache: CachedStore { capacity: 10, single_flight: true };
        node store: KVStore { read_latency: 10ms };
        app -> timeout(5ms, giving_up) -> cache -> store;
    }
}

#[test]
fn who_is_cancelled_leaves_a_flight_that_others_wait_for() {
    for giving_up in [GivingUp::Cancel, GivingUp::Abandon] {
        let at = |ms| (millis(ms), Request::get(1));
        let params = ImpatientParams { script: vec![at(0), at(6), at(20)], giving_up };
        let mut simulation = Impatient::new(params).build().unwrap();
        simulation.run().unwrap();
        let report = simulation.report();
        let records = &simulation.app.replicas[0].records;
        // The first has given up when its reply comes, the second gets it in time.
        assert_eq!(records[0], (5_000, Err(Failure::TimedOut)));
        assert_eq!((records[1].0, records[2].0), (10_100, 20_100));
        assert_eq!(report.node("store").requests().ok, 1);
        assert!(report.all_nodes().all(happysim::report::NodeReport::is_conserved));
        assert_eq!(report.node("cache").requests().in_flight, 0);
    }
}

#[test]
fn what_write_back_left_is_written_under_another_policy_too() {
    // Two writes stay in the cache; the third, written through, evicts the first of them.
    let params = CachedParams {
        script: puts_and_gets("wa wb wc"),
        capacity: Some(Varying::Constant(2)),
        write: WritePolicy::Back,
        ..default()
    };
    let mut simulation = Cached::new(params).build().unwrap();
    // A write-back is acknowledged after 100 us: the third comes at 200 us.
    simulation.run_for(micros(250)).unwrap();
    simulation.change(|it| &mut it.cache, |cache| cache.write(WritePolicy::Through)).unwrap();
    simulation.run().unwrap();
    assert_eq!(backing(&simulation), (0, 2));
    assert_eq!(simulation.cache.replicas[0].unwritten(), 1, "`b` is still there");
}
