//! The same program, parameters and seed: the same bytes, whatever else there is.

use happysim::prelude::*;

use crate::record::{Digest, Recorder, digest};

topology! {
    /// Customers, a recorder, a server.
    Shop {
        param arrivals: Arrivals = poisson(8/s);
        param service: Distribution = Distribution::exponential(100ms).unwrap();
        source customers: arrivals emits u64 = |arrival| arrival.number;
        node recorder: Recorder;
        node server: Server<u64> { service: service };
        customers -> recorder -> server;
    }
}

topology! {
    /// The same with strangers in front.
    StrangersFirst {
        source strangers: poisson(30/s) emits u64 = |arrival| arrival.random.below(9);
        node other: Server<u64> { service: lognormal(20ms, cv 2.0), concurrency: 3 };
        source customers: poisson(8/s) emits u64 = |arrival| arrival.number;
        node recorder: Recorder;
        node server: Server<u64> { service: exp(100ms) };
        strangers -> other;
        customers -> recorder -> server;
    }
}

topology! {
    /// The same with strangers behind.
    StrangersLast {
        source customers: poisson(8/s) emits u64 = |arrival| arrival.number;
        node recorder: Recorder;
        node server: Server<u64> { service: exp(100ms) };
        customers -> recorder -> server;
        source strangers: poisson(30/s) emits u64 = |arrival| arrival.random.below(9);
        node other: Server<u64> { service: lognormal(20ms, cv 2.0), concurrency: 3 };
        strangers -> other;
    }
}

fn shop(seed: u64) -> Simulation<Shop> {
    let mut simulation = Shop::new(default()).seed(seed).build().unwrap();
    simulation.run_for(minutes(20)).unwrap();
    simulation
}

// DET-SAME.
#[test]
fn the_same_seed_gives_the_same_run() {
    let (one, other) = (shop(5), std::thread::spawn(|| shop(5)).join().unwrap());
    assert!(one.recorder.replicas[0].log.len() > 9_000);
    assert_eq!(one.recorder.replicas[0].log, other.recorder.replicas[0].log);
    assert_eq!(one.report().to_string(), other.report().to_string());
    assert_ne!(one.recorder.replicas[0].log, shop(6).recorder.replicas[0].log);
}

/// Every law of the library, one after the other.
fn laws() -> Vec<Distribution> {
    let mean = millis(100);
    vec![
        Distribution::exponential(mean).unwrap(),
        Distribution::lognormal(mean, 2.0).unwrap(),
        Distribution::gamma(0.7, mean).unwrap(),
        Distribution::gamma(3.0, mean).unwrap(),
        Distribution::normal(mean, millis(40)).unwrap(),
        Distribution::uniform(Duration::ZERO..mean).unwrap(),
        Distribution::weibull(0.8, mean).unwrap(),
        Distribution::pareto(2.5, millis(50)).unwrap(),
        Distribution::hyperexponential_balanced(mean, 2.0).unwrap(),
        Distribution::erlang(3, mean).unwrap(),
    ]
}

// Debug and release builds and all platforms agree on this number; it may change only with the
// laws, the random streams or the arrivals.
#[test]
fn a_run_is_the_same_in_every_build() {
    let rate = profile! { hold 4/s for 1min; ramp to 9/s over 1min; sine mean 6/s amplitude 3/s period 20s };
    let mut whole = Digest::default();
    for service in laws() {
        let arrivals = Arrivals::poisson(rate.clone());
        let mut simulation =
            Shop::new(ShopParams { arrivals, service }).seed(2026).build().unwrap();
        simulation.run_for(minutes(10)).unwrap();
        whole.add(digest(&simulation.recorder.replicas[0].log).0);
    }
    assert_eq!(format!("{:016x}", whole.0), "b791dbfe23704439");
}

// DET-STREAM: L'Ecuyer et al. (2002).
#[test]
fn strangers_disturb_nobody() {
    let alone = shop(5);
    let mut first = StrangersFirst::new(default()).seed(5).build().unwrap();
    first.run_for(minutes(20)).unwrap();
    let mut last = StrangersLast::new(default()).seed(5).build().unwrap();
    last.run_for(minutes(20)).unwrap();
    assert!(first.report().node("other").requests().ok > 30_000);
    assert_eq!(alone.recorder.replicas[0].log, first.recorder.replicas[0].log);
    assert_eq!(alone.recorder.replicas[0].log, last.recorder.replicas[0].log);
    // Nor is any other number of the report another.
    let (alone, first, last) = (alone.report(), first.report(), last.report());
    for node in ["customers", "recorder", "server"] {
        assert_eq!(alone.node(node), first.node(node));
        assert_eq!(alone.node(node), last.node(node));
    }
}

// DET-CRN: Lindley's recursion is monotone in the service times.
#[test]
fn nobody_waits_longer_for_a_faster_server() {
    let run = |mean| {
        let arrivals = Arrivals::poisson(Rate::per_second(8.0)).limit(100_000);
        let service = Distribution::exponential(mean).unwrap();
        let mut simulation = Shop::new(ShopParams { arrivals, service }).seed(1).build().unwrap();
        simulation.run().unwrap();
        simulation.recorder.replicas[0].log.clone()
    };
    let (slow, fast) = (run(millis(100)), run(millis(90)));
    assert_eq!(slow.len(), 100_000);
    let mut faster = 0;
    for (slow, fast) in slow.iter().zip(&fast) {
        assert_eq!((slow.0, slow.1), (fast.0, fast.1), "arrivals are the same");
        assert!(fast.2 <= slow.2, "customer {} leaves later", slow.0);
        faster += u32::from(fast.2 < slow.2);
    }
    assert_eq!(faster, 100_000);
}

/// A server whose pace can be changed from outside.
#[entity]
struct Desk {
    pace: Distribution,
    slots: Resource,
    factor: u64,
}

#[entity]
impl Desk {
    async fn serve(&mut self, cx: &mut Cx<Self>, _number: u64) -> Outcome<()> {
        let _slot = self.slots.acquire(1).await;
        cx.sleep(self.pace.sample(cx) * self.factor).await;
        Ok(())
    }
}

topology! {
    /// Customers of a desk.
    Office {
        source customers: poisson(8/s) emits u64 = |arrival| arrival.number;
        node recorder: Recorder;
        node desk: Desk { pace: exp(50ms), slots: 1, factor: 1 };
        customers -> recorder -> desk;
    }
}

#[test]
fn a_fork_continues_identically() {
    let mut original = Office::new(default()).seed(9).build().unwrap();
    original.run_for(minutes(5)).unwrap();
    let mut fork = original.fork();
    fork.run_for(minutes(5)).unwrap();
    let ahead = fork.report().to_string();
    // The original has not moved meanwhile, and goes the same way.
    assert_eq!(original.now(), Instant::ZERO + minutes(5));
    original.run_for(minutes(5)).unwrap();
    assert_eq!(original.recorder.replicas[0].log, fork.recorder.replicas[0].log);
    assert_eq!(original.report().to_string(), ahead);
    assert!(original.recorder.replicas[0].log.len() > 4_000);
}

#[test]
fn a_fork_with_another_parameter_differs_from_there_on_only() {
    let mut original = Office::new(default()).seed(9).build().unwrap();
    original.run_for(minutes(5)).unwrap();
    let forked_at = original.now();
    let mut fork = original.fork();
    fork.desk.replicas[0].factor = 2;
    original.run_for(minutes(5)).unwrap();
    fork.run_for(minutes(5)).unwrap();
    let (before, after) = (&original.recorder.replicas[0].log, &fork.recorder.replicas[0].log);
    let shared = before.iter().filter(|line| line.2 <= forked_at).count();
    assert!(shared > 2_000);
    assert_eq!(before[..shared], after[..shared]);
    // First in first out: the k-th to leave is the same, later, but came at the same instant.
    let served = after.len();
    let came = |log: &[crate::record::Line]| log.iter().map(|line| line.1).collect::<Vec<_>>();
    assert_eq!(came(&before[..served]), came(after));
    let later = before.iter().zip(after).skip(shared + 1).filter(|(one, two)| two.2 > one.2);
    assert_eq!(later.count(), served - shared - 1);
}

#[test]
fn a_simulation_can_be_run_within_another() {
    #[entity]
    struct Planner {
        desk: Resource,
        #[state]
        plans: Vec<String>,
    }

    #[entity]
    impl Planner {
        async fn plan(&mut self, cx: &mut Cx<Self>, _number: u64) -> Outcome<()> {
            let _desk = self.desk.acquire(1).await;
            let report = Office::new(default()).seed(3).run_for(seconds(10)).unwrap();
            self.plans.push(report.to_string());
            cx.sleep(seconds(1)).await;
            Ok(())
        }
    }

    topology! {
        Planned {
            source questions: constant(1/s) emits u64 = |arrival| arrival.number;
            node planner: Planner { desk: 1 };
            questions -> planner;
        }
    }

    let mut simulation = Planned::new(default()).build().unwrap();
    simulation.run_for(seconds(10)).unwrap();
    let alone = Office::new(default()).seed(3).run_for(seconds(10)).unwrap().to_string();
    assert_eq!(simulation.planner.replicas[0].plans, vec![alone; 10]);
    let desk = simulation.report().node("planner").resource("desk").clone();
    assert!((desk.in_use_mean - 0.9).abs() < 1e-9 && desk.served == 10, "{desk:?}");
}
