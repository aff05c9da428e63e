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
