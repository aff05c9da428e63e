//! Single stations in equilibrium, against the formulas of queueing theory.

use happysim::prelude::*;
use suite::oracle::Experiment;

use crate::station::{
    Door, Job, Station, StationParams, class, fraction, mean, percentile, summary, work,
};

/// Runs until every customer of the experiment has left.
fn run(experiment: Experiment, params: StationParams) -> Simulation<Station> {
    let arrivals = params.arrivals.clone().limit(experiment.total());
    let params = StationParams { arrivals, skip: experiment.warm_up(), ..params };
    let mut simulation = Station::new(params).seed(7).build().unwrap();
    simulation.run().unwrap();
    simulation
}

fn poisson(per_second: f64) -> Arrivals {
    Arrivals::poisson(Rate::per_second(per_second))
}

fn exponential(mean: Duration) -> Distribution {
    Distribution::exponential(mean).unwrap()
}

// Q-MM1: Kleinrock, Queueing Systems Vol. 1 (1975), 3.2, 5.7, 5.8; Burke (1956).
#[test]
fn mm1() {
    let experiment = Experiment::new(4_800_000, 300_000);
    let params =
        StationParams { arrivals: poisson(5.0), service: exponential(millis(100)), ..default() };
    let simulation = run(experiment, params);
    let door = &simulation.door.replicas[0];
    experiment.within(0.01, 1_500_000).relative("W", mean(&door.sojourns), 0.2);
    experiment.within(0.01, 4_800_000).relative("Wq", mean(&door.waits), 0.1);
    let quantiles = experiment.within(0.02, 520_000);
    for (p, expected) in [(50.0, 0.138_629_436_1), (90.0, 0.460_517_018_6), (99.0, 0.921_034_037_2)]
    {
        quantiles.relative("a quantile of W", percentile(&door.sojourns, p), expected);
    }
    let p999 = percentile(&door.sojourns, 99.9);
    quantiles.times(2.0).relative("p99.9 of W", p999, 1.381_551_056);
    let present = &door.present;
    experiment
        .within(0.02, 2_900_000)
        .relative("L", present.mean(), 1.0)
        .relative("Var N", present.variance(), 2.0)
        .relative("P(N=0)", present.at_most(0), 0.5)
        .relative("P(N>=5)", 1.0 - present.at_most(4), 0.031_25);
    experiment
        .within(0.04, 1_100_000)
        .relative("P(Wq=0)", fraction(&door.waits, |wait| wait == 0.0), 0.5)
        .relative("P(Wq>0.2)", fraction(&door.waits, |wait| wait > 0.2), 0.183_939_720_6)
        .relative("P(Wq>0.6)", fraction(&door.waits, |wait| wait > 0.6), 0.024_893_534_18);
    let busy = (1.0 - present.at_most(0)) * present.observed() / 1e9;
    let gaps = summary(&door.gaps);
    experiment
        .within(0.02, 2_000_000)
        .relative("utilisation", 1.0 - present.at_most(0), 0.5)
        .relative("busy period", busy / present.busy_periods as f64, 0.2)
        .relative("scv of departures", gaps.variance() / gaps.mean().powi(2), 1.0);
    let products: f64 =
        door.gaps.windows(2).map(|pair| (pair[0] - gaps.mean()) * (pair[1] - gaps.mean())).sum();
    let count = door.gaps.len() as f64;
    let correlation = products / (count * gaps.variance());
    assert!(correlation.abs() < 4.0 / count.sqrt(), "departures are correlated: {correlation}");
    // The report's own numbers are those that were measured outside.
    let report = simulation.report();
    let slots = report.node("server").resource("slots");
    experiment.within(0.01, 4_800_000).relative("reported Wq", slots.wait_mean.as_secs_f64(), 0.1);
    experiment.within(0.02, 2_000_000).relative("reported use", slots.in_use_mean, 0.5);
}

struct ErlangC {
    slots: usize,
    rate: f64,
    service: Duration,
    tolerance: f64,
    needed: u64,
    p_wait: f64,
    wq: f64,
    w: f64,
    lq: f64,
    busy: f64,
    p99: f64,
}

// Q-MMc: Erlang (1917); Gross, Shortle, Thompson, Harris, Fundamentals of Queueing Theory,
// 4th ed. (2008), 2.3.
#[test]
fn mmc() {
    let cases = [
        ErlangC {
            slots: 2,
            rate: 15.0,
            service: millis(100),
            tolerance: 0.01,
            needed: 26_000_000,
            p_wait: 0.642_857_142_9,
            wq: 0.128_571_428_6,
            w: 0.228_571_428_6,
            lq: 1.928_571_429,
            busy: 1.5,
            p99: 0.832_667_486_7,
        },
        ErlangC {
            slots: 10,
            rate: 8.0,
            service: seconds(1),
            tolerance: 0.02,
            needed: 28_000_000,
            p_wait: 0.409_180_150_8,
            wq: 0.204_590_075_4,
            w: 1.204_590_075,
            lq: 1.636_720_603,
            busy: 8.0,
            p99: 1.855_785_216,
        },
    ];
    for case in cases {
        let experiment = Experiment::new(case.needed, 400_000);
        let params = StationParams {
            arrivals: poisson(case.rate),
            service: exponential(case.service),
            slots: case.slots,
            ..default()
        };
        let simulation = run(experiment, params);
        let door = &simulation.door.replicas[0];
        let report = simulation.report();
        let slots = report.node("server").resource("slots");
        let bound = experiment.within(case.tolerance, case.needed);
        bound
            .relative("P(wait)", fraction(&door.waits, |wait| wait > 0.0), case.p_wait)
            .relative("Wq", mean(&door.waits), case.wq)
            .relative("W", mean(&door.sojourns), case.w)
            .relative("Lq", slots.queue_mean, case.lq);
        bound.times(2.0).relative("p99 of Wq", percentile(&door.waits, 99.0), case.p99);
        experiment.within(0.01, case.needed).relative("busy", slots.in_use_mean, case.busy);
    }
}

// Q-MMcK: as above, 2.5. K counts those in service too.
#[test]
fn mmck() {
    let cases = [
        (
            1,
            8.0,
            2_000_000,
            [0.088_819_498_66, 0.256_306_520_7, 0.156_306_520_7, 1.868_332_032],
            0.728_944_401_1,
        ),
        (
            2,
            20.0,
            970_000,
            [0.153_846_153_8, 0.190_909_090_9, 0.090_909_090_91, 3.230_769_231],
            0.846_153_846_2,
        ),
    ];
    for (slots, rate, needed, [reject, w, wq, l], used) in cases {
        let experiment = Experiment::new(needed, 250_000);
        let params = StationParams {
            arrivals: poisson(rate),
            service: exponential(millis(100)),
            slots,
            room: Some(Varying::Constant(4)),
            ..default()
        };
        let simulation = run(experiment, params);
        let door = &simulation.door.replicas[0];
        let report = simulation.report();
        let server = report.node("server");
        let utilisation = server.resource("slots").utilisation.unwrap();
        experiment
            .within(0.02, needed)
            .relative("rejected", door.refused as f64 / door.arrived as f64, reject)
            .relative("W", mean(&door.sojourns), w)
            .relative("Wq", mean(&door.waits), wq)
            .relative("L", door.present.mean(), l)
            .relative("utilisation", utilisation, used);
        assert_eq!(server.requests().failed, server.requests().failed_for("queue full"));
    }
}

// Q-ErlB: Erlang B (1917), insensitive to the law of service (Sevastyanov 1957).
#[test]
fn erlang_b() {
    let constant = Distribution::constant(millis(100));
    let cases = [
        (10, 70.0, exponential(millis(100)), 1_700_000, 0.078_740_882_97, 6.448_813_819),
        (5, 30.0, constant, 540_000, 0.110_054_347_8, 2.669_836_957),
    ];
    for (slots, rate, service, needed, reject, busy) in cases {
        let experiment = Experiment::new(needed, 250_000);
        let room = Some(Varying::Constant(0));
        let params = StationParams { arrivals: poisson(rate), service, slots, room, ..default() };
        let simulation = run(experiment, params);
        let door = &simulation.door.replicas[0];
        experiment
            .within(0.02, needed)
            .relative("rejected", door.refused as f64 / door.arrived as f64, reject)
            .relative("busy", door.present.mean(), busy);
        assert!(door.waits.iter().all(|&wait| wait == 0.0));
    }
}

// Q-MD1: Pollaczek-Khinchine; the distribution by Erlang (1909) and Crommelin.
#[test]
fn md1() {
    let experiment = Experiment::new(4_000_000, 300_000);
    let service = Distribution::constant(millis(100));
    let params = StationParams { arrivals: poisson(5.0), service, ..default() };
    let simulation = run(experiment, params);
    let door = &simulation.door.replicas[0];
    let bound = experiment.within(0.01, 4_000_000);
    bound
        .relative("Wq", mean(&door.waits), 0.05)
        .relative("W", mean(&door.sojourns), 0.15)
        .relative("P(Wq=0)", fraction(&door.waits, |wait| wait == 0.0), 0.5);
    bound
        .times(2.0)
        .relative("p90 of Wq", percentile(&door.waits, 90.0), 0.151_574_484_1)
        .relative("p99 of Wq", percentile(&door.waits, 99.0), 0.333_625_595_7);
}

// Q-MG1: Pollaczek-Khinchine; second moment by Takacs (1962).
#[test]
fn mg1() {
    let lognormal = Distribution::lognormal(millis(100), 2.0).unwrap();
    let phases = Distribution::hyperexponential_balanced(millis(100), 2.0).unwrap();
    let uniform = Distribution::uniform(Duration::ZERO..millis(200)).unwrap();
    let cases = [
        (5.0, lognormal, 0.03, 5.0, 15_000_000, [0.25, 0.35, 1.75, 0.692_218_655_2]),
        (6.0, phases, 0.02, 5.0, 5_700_000, [0.375, 0.475, 2.85, 0.663_795_902_4]),
        (
            7.0,
            uniform,
            0.02,
            5.0,
            3_200_000,
            [0.155_555_555_6, 0.255_555_555_6, 1.788_888_889, 0.199_381_760_5],
        ),
    ];
    for (rate, service, tolerance, wider, needed, [wq, w, l, deviation]) in cases {
        let experiment = Experiment::new(needed, 500_000);
        let params = StationParams { arrivals: poisson(rate), service, ..default() };
        let simulation = run(experiment, params);
        let door = &simulation.door.replicas[0];
        let bound = experiment.within(tolerance, needed);
        bound
            .relative("Wq", mean(&door.waits), wq)
            .relative("W", mean(&door.sojourns), w)
            .relative("L", door.present.mean(), l);
        let measured = summary(&door.waits).standard_deviation();
        bound.times(wider).relative("deviation of Wq", measured, deviation);
    }
}

fn lattice(weights: [f64; 3]) -> Distribution {
    let values = (1..).map(|value| Distribution::constant(seconds(value)));
    Distribution::mixture(values.zip(weights)).unwrap()
}

// Q-GG1: stationary law of Lindley's recursion (1952) on whole seconds; bound of Kingman (1962).
#[test]
fn gg1() {
    let experiment = Experiment::new(3_900_000, 300_000);
    let params = StationParams {
        arrivals: Arrivals::renewal(lattice([0.25, 0.5, 0.25])),
        service: lattice([0.5, 0.25, 0.25]),
        ..default()
    };
    let simulation = run(experiment, params);
    let door = &simulation.door.replicas[0];
    let wq = mean(&door.waits);
    experiment.within(0.02, 3_900_000).relative("Wq", wq, 1.798_867_594).relative(
        "P(Wq=0)",
        fraction(&door.waits, |wait| wait == 0.0),
        0.402_264_811_9,
    );
    let p95 = percentile(&door.waits, 95.0);
    assert!((p95 - 7.0).abs() < 1e-9, "waits are whole seconds, p95 is 7, not {p95}");
    assert!(wq <= 2.375, "{wq} is above Kingman's bound");
}

// Q-DM1: G/M/1, Kleinrock Vol. 1, ch. 6.
#[test]
fn dm1() {
    let experiment = Experiment::new(4_500_000, 300_000);
    let params = StationParams {
        arrivals: Arrivals::constant(Rate::per_second(8.0)),
        service: exponential(millis(100)),
        ..default()
    };
    let simulation = run(experiment, params);
    let door = &simulation.door.replicas[0];
    let bound = experiment.within(0.02, 4_500_000);
    bound
        .relative("P(wait)", fraction(&door.waits, |wait| wait > 0.0), 0.628_629_796_5)
        .relative("Wq", mean(&door.waits), 0.169_273_084)
        .relative("W", mean(&door.sojourns), 0.269_273_084);
    bound.times(2.0).relative("p99 of W", percentile(&door.sojourns, 99.0), 1.240_048_378);
}

// Q-LIFO: Takacs (1963); Kingman (1962); Conway, Maxwell, Miller (1967), ch. 8.
#[test]
fn lifo_and_fifo_differ_in_the_variance_only() {
    let experiment = Experiment::new(2_400_000, 600_000);
    let waits = |queue| {
        let service = exponential(millis(100));
        let params = StationParams { arrivals: poisson(7.0), service, queue, ..default() };
        summary(&run(experiment, params).door.replicas[0].waits)
    };
    let (first, last) = (waits(happysim::dsl::fifo()), waits(happysim::dsl::lifo()));
    let second_moment = |waits: &happysim::stats::Summary| waits.variance() + waits.mean().powi(2);
    let bound = experiment.within(0.02, 2_400_000);
    bound.relative("Wq, fifo", first.mean(), 0.233_333_333_3).relative(
        "Wq, lifo",
        last.mean(),
        0.233_333_333_3,
    );
    bound
        .times(4.0)
        .relative("deviation, fifo", first.standard_deviation(), 0.317_979_733_8)
        .relative("deviation, lifo", last.standard_deviation(), 0.681_229_824_7);
    let ratio = second_moment(&last) / second_moment(&first);
    bound.times(7.5).relative("ratio of second moments", ratio, 3.333_333_333);
}

topology! {
    /// Two classes of customers, the first more urgent.
    pub(crate) TwoClasses {
        param urgent_arrivals: Arrivals = poisson(3/s);
        param other_arrivals: Arrivals = poisson(4/s);
        param skip: u64 = 0;

        source urgent: urgent_arrivals emits Job = |arrival| Job::new(arrival);
        source others: other_arrivals emits Job = |arrival| Job { priority: 1, ..Job::new(arrival) };
        node first: Door { service: exp(100ms), skip: skip };
        node second: Door { service: exp(100ms), skip: skip };
        node server: Server<Job> { service: by(work), queue: priority(), class: class };

        urgent -> first -> server;
        others -> second -> server;
    }
}

// Q-PRIO: Cobham (1954); conservation law, Kleinrock (1965).
#[test]
fn priorities() {
    let experiment = Experiment::new(1_500_000, 300_000);
    let seconds = experiment.total() as f64 / 7.0;
    let skip = (experiment.warm_up() as f64 * 3.0 / 7.0) as u64;
    let mut simulation = TwoClasses::new(TwoClassesParams { skip, ..default() }).build().unwrap();
    simulation.run_for(Duration::from_secs_f64(seconds)).unwrap();
    let urgent = mean(&simulation.first.replicas[0].waits);
    let others = mean(&simulation.second.replicas[0].waits);
    experiment
        .within(0.03, 1_500_000)
        .relative("Wq of the urgent", urgent, 0.1)
        .relative("Wq of the others", others, 0.333_333_333_3)
        .relative("conserved", 0.3 * urgent + 0.4 * others, 0.163_333_333_3);
}

// Q-MGinf: Poisson with mean lambda E[S]; Takacs (1962).
#[test]
fn mg_infinity() {
    let experiment = Experiment::new(4_000_000, 300_000);
    let params = StationParams {
        arrivals: poisson(10.0),
        service: exponential(millis(500)),
        slots: 1_000_000,
        ..default()
    };
    let simulation = run(experiment, params);
    let door = &simulation.door.replicas[0];
    let bound = experiment.within(0.02, 4_000_000);
    bound
        .relative("L", door.present.mean(), 5.0)
        .relative("W", mean(&door.sojourns), 0.5)
        .relative("P(N<=5)", door.present.at_most(5), 0.615_960_654_8);
    bound.times(2.0).relative("Var N", door.present.variance(), 5.0);
    bound.times(5.0).relative("P(N=0)", door.present.at_most(0), 0.006_737_946_999);
}

// Q-BATCH: Gross et al., 3.1.
#[test]
fn batches() {
    let experiment = Experiment::new(1_800_000, 300_000);
    let service = exponential(Duration::from_secs_f64(1.0 / 6.0));
    let params = StationParams { arrivals: poisson(1.0).in_batches(4), service, ..default() };
    let simulation = run(experiment, params);
    let door = &simulation.door.replicas[0];
    experiment
        .within(0.03, 1_800_000)
        .relative("L", door.present.mean(), 5.0)
        .relative("W", mean(&door.sojourns), 1.25)
        .relative("utilisation", 1.0 - door.present.at_most(0), 0.666_666_666_7);
}

// Q-MtMinf: Eick, Massey, Whitt (1993), Management Science 39(2).
#[test]
fn an_infinite_server_follows_a_sinusoidal_rate() {
    let replications = Experiment::new(2_000, 150).customers();
    let mut levels = vec![Vec::new(); 41];
    for seed in 0..replications {
        let rate = profile! { sine mean 50/s amplitude 30/s period 20s };
        let params = StationParams {
            arrivals: Arrivals::poisson(rate),
            service: exponential(seconds(2)),
            slots: 1_000_000,
            ..default()
        };
        let mut simulation = Station::new(params).seed(seed).build().unwrap();
        for (second, levels) in (0..).zip(&mut levels) {
            simulation.run_until(Instant::ZERO + seconds(second)).unwrap();
            levels.push(simulation.door.replicas[0].present.level() as f64);
        }
    }
    let expected = [
        (1, 43.327_980_67),
        (5, 137.027_553_6),
        (10, 126.536_957_4),
        (15, 56.942_232_66),
        (20, 72.968_052_5),
        (25, 143.017_136_1),
        (30, 127.028_612_3),
        (35, 56.982_590_15),
    ];
    let error = |mean: f64| 4.0 * (mean / replications as f64).sqrt();
    let mut dispersion = 0.0;
    for (second, m) in expected {
        let measured = summary(&levels[second]);
        assert!(
            (measured.mean() - m).abs() < error(m),
            "m({second}) = {}, not {m}",
            measured.mean()
        );
        dispersion += measured.variance() / m / expected.len() as f64;
    }
    // The variance is the mean: each estimate of it has the relative error sqrt(2 / R).
    let allowed = 4.0 * (2.0 / replications as f64 / expected.len() as f64).sqrt();
    assert!((dispersion - 1.0).abs() < allowed, "variance by mean is {dispersion}");
    // One period in equilibrium, as a sine.
    let omega = 2.0 * core::f64::consts::PI / 20.0;
    let (mut sine, mut cosine) = (0.0, 0.0);
    for (second, levels) in levels.iter().enumerate().skip(21) {
        let (s, c) = (omega * second as f64).sin_cos();
        sine += mean(levels) * s / 10.0;
        cosine += mean(levels) * c / 10.0;
    }
    let (amplitude, lag) = (sine.hypot(cosine), -cosine.atan2(sine) / omega);
    assert!((amplitude - 50.803_980_96).abs() < error(100.0), "amplitude {amplitude}");
    let allowed = error(100.0) / 50.8 / omega;
    assert!((lag - 1.785_661_535).abs() < allowed, "the peak lags by {lag}");
}

// Q-LITTLE: Little (1961), Stidham (1974): an identity on every path that starts and ends empty.
#[test]
fn littles_law_holds_on_every_path() {
    use happysim::model::task::TaskStore as _;
    let disciplines = [happysim::dsl::fifo(), happysim::dsl::lifo(), happysim::dsl::priority()];
    for queue in disciplines {
        let params = StationParams {
            arrivals: poisson(25.0).limit(10_000),
            service: exponential(millis(100)),
            slots: 3,
            queue,
            ..default()
        };
        let mut simulation = Station::new(params).build().unwrap();
        simulation.run().unwrap();
        let now = simulation.now();
        simulation.server.tasks.for_each_handler(&mut |_, stats| {
            let sojourns = stats[0].ok_latency().sum_secs_f64();
            let integral = stats[0].in_flight().integral(now);
            assert_eq!(stats[0].ok_latency().count(), 10_000);
            assert!((integral / sojourns - 1.0).abs() < 1e-9, "{integral} and {sojourns}");
        });
    }
}
