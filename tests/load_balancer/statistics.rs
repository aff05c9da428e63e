//! Strategies against theory.

use super::support::assert_near;
use happysim::prelude::*;
use suite::oracle::scaled;

topology! {
    /// Poisson arrivals over servers with one slot and exponential service of 1 s.
    Farm<S: Strategy> {
        param strategy: S = S::default();
        param rate: Rate = 1/s;
        param servers: usize = 2;
        param service: Duration = 1s;
        param count: u64 = 100_000;

        source users: poisson(rate).limit(count);
        node lb: LoadBalancer<S> { strategy: strategy };
        node server[servers]: Server { service: exp(service) };
        users -> lb -> server[*];
    }
}

/// Mean and 99th percentile of the time in the system, in seconds, after a warm-up of 5%.
fn sojourn<S: Strategy>(params: FarmParams<S>) -> (f64, f64) {
    let warm_up = Duration::from_secs_f64(0.05 * params.count as f64 / params.rate.get());
    let report = Farm::new(params).seed(17).warm_up(warm_up).run().unwrap();
    assert!(report.node("lb").is_conserved() && report.node("server").is_conserved());
    let latency = report.node("lb").handler("handle").latency.unwrap();
    (latency.mean.as_secs_f64(), latency.p99.as_secs_f64())
}

fn per_second(rate: f64) -> Rate {
    Rate::per_second(rate)
}

/// LB-RANDOM-v.
#[test]
fn random_makes_m_m_1_queues() {
    let (count, factor) = scaled(1_680_000, 200_000);
    let params = FarmParams { rate: per_second(70.0), servers: 10, count, ..default() };
    let (mean, p99) = sojourn::<Random>(FarmParams { service: millis(100), ..params });
    assert_near("W", mean, 1.0 / 3.0, 0.02 * factor);
    assert_near("p99", p99, 1.535_056_729, 0.04 * factor);
}

/// LB-JSQ-2-80-v and LB-JSQ-2-50-v.
#[test]
fn least_connections_joins_the_shortest_queue() {
    for (rate, full, quick, expected) in
        [(1.6, 3_800_000, 200_000, 2.955_736_618), (1.0, 370_000, 100_000, 1.426_320_751)]
    {
        let (count, factor) = scaled(full * 20 / 19, quick);
        let strategy = LeastConnections::ties(Ties::Random);
        let params = FarmParams { strategy, rate: per_second(rate), count, ..default() };
        assert_near("W", sojourn(params).0, expected, 0.02 * factor);
    }
}

/// LB-P2C-n3-v.
#[test]
fn two_choices_of_three() {
    let (count, factor) = scaled(2_650_000, 200_000);
    let params = FarmParams { rate: per_second(2.4), servers: 3, count, ..default() };
    let (mean, _) = sojourn::<PowerOfTwoChoices>(params);
    assert_near("W", mean, 2.509_999_789, 0.02 * factor);
}

/// LB-SUPER-90-2-v and LB-SUPER-50-2-v: two choices of many.
#[test]
fn two_choices_of_many_are_the_supermarket_model() {
    for (load, expected, tails) in [
        (0.9, 2.614_057_377, [0.9, 0.729, 0.478_296_9, 0.205_891_132_1, 0.038_152_042_45]),
        (0.5, 1.265_686_036, [0.5, 0.125, 0.007_812_5, 0.000_030_5, 0.0]),
    ] {
        let (count, factor) = scaled(10_000_000, 300_000);
        let servers = 500;
        let rate = per_second(load * servers as f64);
        let params = FarmParams { rate, servers, count, ..default() };
        let setup = || Farm::<PowerOfTwoChoices>::new(params.clone()).seed(17);
        let (mean, _) = sojourn(params.clone());
        assert_near("W", mean, expected, 0.03 * factor);
        // How many servers have at least k requests, looked at twenty times.
        let end = count as f64 / rate.get();
        let mut simulation = setup().build().unwrap();
        let mut at_least = [0.0; 5];
        for look in 1..=20 {
            let at = end * (0.5 + 0.4 * f64::from(look) / 20.0);
            simulation.run_until(Instant::from_secs_f64(at)).unwrap();
            for server in &simulation.report().node("server").replicas {
                let here = server.requests().in_flight;
                for (index, tail) in at_least.iter_mut().enumerate() {
                    *tail += f64::from(here > index as u64) / (20.0 * servers as f64);
                }
            }
        }
        for (found, expected) in at_least.iter().zip(tails) {
            assert!((found - expected).abs() <= 0.01 * factor.min(3.0), "{at_least:?} {tails:?}");
        }
    }
}

/// LB-RR-4-v.
#[test]
fn round_robin_makes_erlang_arrivals() {
    let (count, factor) = scaled(6_400_000, 300_000);
    let params = FarmParams { rate: per_second(3.2), servers: 4, count, ..default() };
    let (mean, p99) = sojourn::<RoundRobin>(params);
    assert_near("W", mean, 3.267_383_61, 0.02 * factor);
    assert_near("p99", p99, 15.046_857_59, 0.04 * factor);
}

topology! {
    Central {
        param count: u64 = 100_000;
        source users: poisson(3.2/s).limit(count);
        node server: Server { concurrency: 4, service: exp(1s) };
        users -> server;
    }
}

/// LB-ORDER-v. Known way to get it wrong: least connections that looks at busy slots only.
#[test]
fn the_better_informed_strategy_is_the_faster() {
    fn mean<S: Strategy>(strategy: S, count: u64) -> f64 {
        let rate = per_second(3.2);
        sojourn(FarmParams { strategy, rate, servers: 4, count, ..default() }).0
    }
    let (count, _) = scaled(1_000_000, 150_000);
    let central = Central::new(CentralParams { count }).seed(17).run().unwrap();
    let central = central.node("server").requests().latency.unwrap().mean.as_secs_f64();
    let shortest = mean(LeastConnections::ties(Ties::Random), count);
    let random = mean(Random::default(), count);
    let order = [central, shortest, mean(PowerOfTwoChoices, count), random];
    assert!(order.is_sorted(), "{order:?}");
    let order = [shortest, mean(RoundRobin::default(), count), random];
    assert!(order.is_sorted(), "{order:?}");
    assert_near("M/M/4", central, 1.745_540_59, 0.1);
    assert_near("random", random, 5.0, 0.25);
}
