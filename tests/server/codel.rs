//! Controlled delay, RFC 8289.

use happysim::prelude::*;

use crate::station::Job;

/// Notes when each customer ended and how.
#[entity]
pub(crate) struct Recorder {
    #[state]
    pub(crate) dropped: Vec<(u64, u64)>,
    #[state]
    pub(crate) served: u64,
    #[port]
    server: Call<Job, ()>,
}

#[entity]
impl Recorder {
    async fn pass(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        let number: u64 = job.number;
        let outcome = self.server.call(job).await;
        match outcome {
            Ok(()) => self.served += 1,
            Err(failure) => {
                assert_eq!(failure, Failure::Rejected(Rejection::Dropped));
                self.dropped.push((cx.now().as_nanos(), number));
            }
        }
        outcome
    }
}

topology! {
    /// A server behind a `CoDel` queue.
    pub(crate) Controlled {
        param arrivals: Arrivals = poisson(1/s);
        param service: Duration = 10ms;

        source customers: arrivals emits Job = |arrival| Job::new(arrival);
        node recorder: Recorder;
        node server: Server<Job> { service: service, queue: codel(5ms, 100ms) };

        customers -> recorder -> server;
    }
}

fn replay(nanos: impl Iterator<Item = u64>) -> Arrivals {
    Arrivals::replay(nanos.map(Instant::from_nanos)).unwrap()
}

/// The RFC's pseudo-code, executed literally with a request for a packet: the time of each drop
/// in nanoseconds and the number of the request.
const DROPS: [(u64, u64); 103] = [
    (202_186_000, 20),
    (303_279_000, 31),
    (374_044_100, 39),
    (434_699_900, 46),
    (485_246_400, 52),
    (525_683_600, 57),
    (576_230_100, 63),
    (606_558_000, 67),
    (646_995_200, 72),
    (677_323_100, 76),
    (707_651_000, 80),
    (737_978_900, 84),
    (768_306_800, 88),
    (798_634_700, 92),
    (818_853_300, 95),
    (849_181_200, 99),
    (869_399_800, 102),
    (990_711_400, 115),
    (1_021_039_300, 119),
    (1_041_257_900, 122),
    (1_071_585_800, 126),
    (1_182_788_100, 138),
    (1_243_443_900, 145),
    (1_293_990_400, 151),
    (1_344_536_900, 157),
    (1_384_974_100, 162),
    (1_415_302_000, 166),
    (1_455_739_200, 171),
    (1_486_067_100, 175),
    (1_516_395_000, 179),
    (1_546_722_900, 183),
    (1_577_050_800, 187),
    (1_698_362_400, 200),
    (1_738_799_600, 205),
    (1_769_127_500, 209),
    (1_789_346_100, 212),
    (1_819_674_000, 216),
    (1_930_876_300, 228),
    (1_981_422_800, 234),
    (2_031_969_300, 240),
    (2_072_406_500, 245),
    (2_112_843_700, 250),
    (2_143_171_600, 254),
    (2_173_499_500, 258),
    (2_213_936_700, 263),
    (2_244_264_600, 267),
    (2_355_466_900, 279),
    (2_395_904_100, 284),
    (2_426_232_000, 288),
    (2_456_559_900, 292),
    (2_486_887_800, 296),
    (2_517_215_700, 300),
    (2_638_527_300, 313),
    (2_689_073_800, 319),
    (2_729_511_000, 324),
    (2_769_948_200, 329),
    (2_800_276_100, 333),
    (2_830_604_000, 337),
    (2_871_041_200, 342),
    (2_901_369_100, 346),
    (3_012_571_400, 358),
    (3_053_008_600, 363),
    (3_093_445_800, 368),
    (3_123_773_700, 372),
    (3_154_101_600, 376),
    (3_184_429_500, 380),
    (3_214_757_400, 384),
    (3_336_069_000, 397),
    (3_386_615_500, 403),
    (3_416_943_400, 407),
    (3_457_380_600, 412),
    (3_487_708_500, 416),
    (3_518_036_400, 420),
    (3_548_364_300, 424),
    (3_659_566_600, 436),
    (3_710_113_100, 442),
    (3_740_441_000, 446),
    (3_780_878_200, 451),
    (3_811_206_100, 455),
    (3_841_534_000, 459),
    (3_871_861_900, 463),
    (3_993_173_500, 476),
    (4_043_720_000, 482),
    (4_074_047_900, 486),
    (4_114_485_100, 491),
    (4_144_813_000, 495),
    (4_175_140_900, 499),
    (4_205_468_800, 503),
    (4_316_671_100, 515),
    (4_367_217_600, 521),
    (4_397_545_500, 525),
    (4_437_982_700, 530),
    (4_468_310_600, 534),
    (4_498_638_500, 538),
    (4_528_966_400, 542),
    (4_650_278_000, 555),
    (4_700_824_500, 561),
    (4_731_152_400, 565),
    (4_771_589_600, 570),
    (4_801_917_500, 574),
    (4_832_245_400, 578),
    (4_862_573_300, 582),
    (4_973_775_600, 594),
];

// AQM-CODEL: RFC 8289, section 5.
#[test]
fn an_overloaded_server_drops_as_the_rfc_says() {
    let arrivals = replay((0..=601).map(|index| index * 8_313_700));
    let params = ControlledParams { arrivals, service: nanos(10_109_300) };
    let mut simulation = Controlled::new(params).build().unwrap();
    simulation.run_until(Instant::ZERO + seconds(5)).unwrap();
    let recorder = &simulation.recorder.replicas[0];
    let off = recorder
        .dropped
        .iter()
        .zip(DROPS)
        .find(|(drop, expected)| drop.1 != expected.1 || drop.0.abs_diff(expected.0) > 1_000);
    assert_eq!(off, None);
    assert_eq!(recorder.dropped.len(), DROPS.len());
    // The request in service at the end has begun: 495 were started, one has not ended.
    let in_service = simulation.report().node("server").resource("slots").served - recorder.served;
    assert_eq!((recorder.served + in_service, in_service), (495, 1));
}

// AQM-CODEL-nodrop: RFC 8289, section 3.
#[test]
fn a_short_burst_is_not_dropped() {
    let burst = (0..5).map(|index| index * 1_000_000);
    let calm = (1..200).map(|index| index * 20_000_000);
    let params = ControlledParams { arrivals: replay(burst.chain(calm)), ..default() };
    let report = Controlled::new(params).run().unwrap();
    assert_eq!(
        (report.node("server").requests().ok, report.node("server").requests().failed),
        (204, 0)
    );
}

// AQM-CODEL-law: RFC 8289, sections 4.3 and 5.5: t(k+1) = t(k) + interval / sqrt(k).
#[test]
fn drops_follow_the_control_law() {
    let ideal = [
        0.0,
        0.1,
        0.170_710_678,
        0.228_445_705,
        0.278_445_705,
        0.323_167_065,
        0.363_991_894,
        0.401_788_341,
        0.437_143_68,
        0.470_477_013,
        0.502_099_79,
        0.532_250_924,
    ];
    // The queue is long and is looked at every 10 us.
    let params = ControlledParams { arrivals: replay((0..80_000).map(|_| 0)), service: micros(10) };
    let mut simulation = Controlled::new(params).build().unwrap();
    simulation.run_for(millis(700)).unwrap();
    let drops = &simulation.recorder.replicas[0].dropped;
    let late =
        drops.iter().zip(ideal).map(|(drop, ideal)| (drop.0 - drops[0].0) as f64 / 1e9 - ideal);
    for (k, late) in late.enumerate() {
        assert!((-1e-9..1.1e-5).contains(&late), "drop {k} is {late} s late");
    }
    assert!(drops.len() >= ideal.len());
}

topology! {
    /// A server whose customers know how long they take, behind a `CoDel` queue that may change.
    Measured {
        param trace: Trace<Job> = Trace::default();
        param slots: usize = 1;
        param queue: Discipline = happysim::dsl::codel(millis(5), millis(100));
        node customers: TraceSource { trace: trace };
        node recorder: Recorder;
        node server: Server<Job> {
            concurrency: slots,
            service: by(|job: &Job, _| job.work),
            queue: queue,
        };
        customers -> recorder -> server;
    }
}

/// Arrival and work of each job, in nanoseconds.
type Work = (u64, u64);

fn measured(jobs: &[Work]) -> Trace<Job> {
    let record = |(number, &(at, work)): (usize, &Work)| {
        (nanos(at), Job { number: number as u64, work: nanos(work), ..default() })
    };
    Trace::records(jobs.iter().enumerate().map(record)).unwrap()
}

/// RFC 8289, section 5, as it stands there, with a time of 0 for "not above the target".
#[derive(Default)]
struct Rfc {
    queue: std::collections::VecDeque<(u64, u64)>,
    first_above_time: u64,
    drop_next: u64,
    count: u32,
    lastcount: u32,
    dropping: bool,
    drops: Vec<(u64, u64)>,
}

impl Rfc {
    const TARGET: u64 = 5_000_000;
    const INTERVAL: u64 = 100_000_000;

    fn control_law(t: u64, count: u32) -> u64 {
        t + (Self::INTERVAL as f64 / f64::from(count).sqrt()).round() as u64
    }

    fn dodequeue(&mut self, now: u64) -> (Option<u64>, bool) {
        let Some((since, number)) = self.queue.pop_front() else {
            self.first_above_time = 0;
            return (None, false);
        };
        let mut ok_to_drop = false;
        if now - since < Self::TARGET || self.queue.len() <= 1 {
            self.first_above_time = 0;
        } else if self.first_above_time == 0 {
            self.first_above_time = now + Self::INTERVAL;
        } else if now >= self.first_above_time {
            ok_to_drop = true;
        }
        (Some(number), ok_to_drop)
    }

    fn deque(&mut self, now: u64) -> Option<u64> {
        let (mut number, mut ok_to_drop) = self.dodequeue(now);
        if self.dropping {
            if !ok_to_drop {
                self.dropping = false;
            }
            while now >= self.drop_next && self.dropping {
                self.drops.push((now, number.unwrap()));
                self.count += 1;
                (number, ok_to_drop) = self.dodequeue(now);
                if ok_to_drop {
                    self.drop_next = Self::control_law(self.drop_next, self.count);
                } else {
                    self.dropping = false;
                }
            }
        } else if ok_to_drop {
            self.drops.push((now, number.unwrap()));
            number = self.dodequeue(now).0;
            self.dropping = true;
            let delta = self.count - self.lastcount;
            let recently = now < self.drop_next + 16 * Self::INTERVAL;
            self.count = if delta > 1 && recently { delta } else { 1 };
            self.drop_next = Self::control_law(now, self.count);
            self.lastcount = self.count;
        }
        number
    }

    /// The drops of a server with so many slots, and how many left after `patience`. No two things
    /// happen at the same time.
    fn serve(jobs: &[Work], slots: usize, patience: u64) -> (Vec<(u64, u64)>, u64) {
        let (mut queue, mut left) = (Self::default(), 0);
        let mut ends: Vec<u64> = Vec::new();
        let mut arrivals = jobs.iter().enumerate().peekable();
        loop {
            let end = ends.iter().copied().min();
            let arrival = arrivals.peek().map(|(_, (at, _))| *at);
            let leaves = queue.queue.front().map(|(since, _)| since.saturating_add(patience));
            let now = [end, arrival, leaves].into_iter().flatten().min();
            let Some(now) = now else { return (queue.drops, left) };
            if end == Some(now) {
                ends.retain(|&end| end != now);
            } else if leaves == Some(now) {
                left += 1;
                queue.queue.pop_front();
                if queue.queue.is_empty() {
                    // "queue is empty - we can't be above target"
                    (queue.first_above_time, queue.dropping) = (0, false);
                }
            } else if let Some((number, &(at, _))) = arrivals.next() {
                queue.queue.push_back((at, number as u64));
            }
            while ends.len() < slots
                && let Some(number) = queue.deque(now)
            {
                ends.push(now + jobs[number as usize].1);
            }
        }
    }
}

/// Random work of 10 ms on average; the load changes between `load` and 0.6 every 500 jobs, so
/// that dropping begins and ends many times.
fn waves(seed: u64, slots: usize, load: f64) -> Vec<Work> {
    let mut random = Random::new(seed, "waves", "work");
    let mut exponential = |mean: f64| (-(1.0 - random.uniform()).ln() * mean) as u64 + 1;
    let mut at = 0;
    (0..4_000)
        .map(|number| {
            let load = if number / 500 % 2 == 0 { load } else { 0.6 };
            at += exponential(1e7 / slots as f64 / load);
            (at, exponential(1e7))
        })
        .collect()
}

#[test]
fn random_loads_drop_as_the_rfc_says() {
    for (seed, load) in [0.95, 1.2, 2.0, 5.0].into_iter().enumerate() {
        for slots in [1, 3] {
            let jobs = waves(seed as u64, slots, load);
            let (expected, _) = Rfc::serve(&jobs, slots, u64::MAX);
            assert!(expected.len() > 10, "load {load}: {} drops", expected.len());
            let params = MeasuredParams { trace: measured(&jobs), slots, ..default() };
            let mut simulation = Measured::new(params).build().unwrap();
            simulation.run().unwrap();
            let dropped = &simulation.recorder.replicas[0].dropped;
            let same = dropped.iter().zip(&expected).take_while(|(a, b)| a == b).count();
            assert_eq!(dropped.len(), expected.len(), "load {load}, {slots} slots");
            assert_eq!(same, expected.len(), "load {load}, {slots} slots");
        }
    }
}

topology! {
    /// As `Measured`, for customers who do not wait for ever.
    Patient {
        param trace: Trace<Job> = Trace::default();
        param slots: usize = 1;
        param patience: Duration = 50ms;
        node customers: TraceSource { trace: trace };
        node server: Server<Job> {
            concurrency: slots,
            service: by(|job: &Job, _| job.work),
            queue: codel(5ms, 100ms),
            max_wait: patience,
        };
        customers -> server;
    }
}

/// How many were dropped, and how many left by themselves.
fn lost(params: PatientParams) -> (u64, u64) {
    let report = Patient::new(params).run().unwrap();
    let requests = report.node("server").requests();
    assert!(requests.is_conserved());
    (requests.failed_for("dropped"), requests.failed_for("waited too long"))
}

// Who has left is no longer in the queue: neither is it looked at, nor does it count as one of those
// behind the head.
#[test]
fn random_loads_of_impatient_customers_drop_as_the_rfc_says() {
    for (seed, load) in [1.2, 2.0, 5.0].into_iter().enumerate() {
        for (slots, wait) in [(1, 40), (1, 150), (3, 60)] {
            let jobs = waves(seed as u64, slots, load);
            let patience = millis(wait);
            let (expected, left) = Rfc::serve(&jobs, slots, patience.as_nanos());
            assert!(left > 0, "load {load}, {slots} slots: nobody leaves");
            let params = PatientParams { trace: measured(&jobs), slots, patience };
            assert_eq!(lost(params), (expected.len() as u64, left), "load {load}, {slots} slots");
        }
    }
}

// A queue that drops at most one at a time cannot hold twice the load that the server can carry:
// its delay settles at seconds.
#[test]
fn twice_the_load_is_held_at_a_fraction_of_a_second() {
    let arrivals = poisson(200.0).limit(60_000);
    let params = ControlledParams { arrivals, service: micros(12_500) };
    let report =
        Controlled::new(params).seed(3).warm_up(seconds(20)).run_for(seconds(300)).unwrap();
    let served = report.node("server").requests().latency.expect("some are served");
    assert!((millis(100)..millis(250)).contains(&served.p50), "{:?}", served.p50);
    assert!(served.max < seconds(2), "{:?}", served.max);
    assert!(report.node("server").resource("slots").utilisation.unwrap() > 0.99);
}

fn poisson(per_second: f64) -> Arrivals {
    Arrivals::poisson(Rate::per_second(per_second))
}

// Jobs of 10 ms every 1 ms, of which the 11th to be looked at has waited 90 ms.
#[test]
fn target_and_interval_may_be_profiles() {
    let jobs: Vec<Work> = (0..100).map(|number| (number * 1_000_000, 10_000_000)).collect();
    let first_drop = |queue: Discipline| {
        let params = MeasuredParams { trace: measured(&jobs), queue, ..default() };
        let mut simulation = Measured::new(params).build().unwrap();
        simulation.run().unwrap();
        simulation.recorder.replicas[0].dropped.first().copied()
    };
    // At 10 ms the next has waited 9 ms: above 5 ms for the first time; 100 ms later the eleventh
    // after it is dropped, number 11.
    let fixed = first_drop(happysim::dsl::codel(millis(5), millis(100)));
    assert_eq!(fixed, Some((110_000_000, 11)));
    // The target is 1 s until 200 ms; the first above 5 ms is looked at then.
    let target = profile! { hold 1s for 195ms; hold 5ms };
    assert_eq!(first_drop(happysim::dsl::codel(target, millis(100))), Some((300_000_000, 30)));
    // The interval at 10 ms is that of then.
    let interval = profile! { hold 40ms for 20ms; hold 10s };
    assert_eq!(first_drop(happysim::dsl::codel(millis(5), interval)), Some((50_000_000, 5)));
}

#[test]
fn times_of_zero_are_refused_with_their_range() {
    let refused = |queue: Discipline| {
        let refused = Measured::new(MeasuredParams { queue, ..default() }).build();
        refused.expect_err("a time of zero").to_string()
    };
    let told = refused(happysim::dsl::codel(Duration::ZERO, millis(100)));
    let expected = "`queue` of `server` is `codel`, whose target is 0s: it must be at least 1ns";
    assert!(told.contains(expected), "{told}");
    let interval = profile! { hold 100ms for 1s; hold 0ms };
    let told = refused(happysim::dsl::codel(millis(5), interval));
    let expected = "`codel`, whose interval is a profile that reaches 0s: it must be at least 1ns";
    assert!(told.contains(expected), "{told}");
}

// Whoever leaves the queue by themselves leaves no memory in it of a delay that is over.
#[test]
fn an_emptied_queue_is_no_standing_queue() {
    let ms = |at: u64, work: u64| (at * 1_000_000, work * 1_000_000);
    // At 20 ms number 1 has waited 19 ms, with three behind it: above the target from then on. Those
    // three leave before its 200 ms are over. A second later it is all over, and nobody has waited
    // for 100 ms when number 6 is looked at after 19 ms, with three behind it again.
    let mut jobs = vec![ms(0, 20), ms(1, 200), ms(2, 10), ms(3, 10), ms(4, 10)];
    jobs.extend([ms(1_000, 20), ms(1_001, 10), ms(1_002, 10), ms(1_003, 10), ms(1_004, 10)]);
    assert_eq!(lost(PatientParams { trace: measured(&jobs), ..default() }), (0, 3));
}
