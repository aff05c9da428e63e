//! Health checkers: when they probe, and when they tell the balancer.

use super::support::{Backend, Job, Users, steady};
use happysim::prelude::*;

topology! {
    Watched {
        param script: Vec<(f64, Job)> = Vec::new();
        param interval: Varying<Duration> = 10s;
        param timeout: Varying<Duration> = 2s;
        param at_once: bool = false;
        param spread: bool = false;
        param dead: Varying<usize> = 0;

        node users: Users { script: script };
        node lb: LoadBalancer;
        node api[4]: Backend {
            probe_takes: 500ms,
            dead: if replica == 0 { dead } else { Varying::Constant(0) },
        };
        node checker: HealthChecker {
            interval: interval,
            timeout: timeout,
            at_once: at_once,
            spread: spread,
        };
        users -> lb -> api[*];
        checker.probes -> api.health[*];
        checker.marks -> lb.mark;
    }
}

/// Whether backend 0 is healthy, and since when it is not or is again, until 150 s.
fn changes(params: WatchedParams) -> Vec<(bool, f64)> {
    let mut simulation = Watched::new(params).build().unwrap();
    let (mut healthy, mut changes) = (true, Vec::new());
    while simulation.now() < Instant::from_secs_f64(150.0) {
        simulation.run_for(millis(100)).unwrap();
        let now = simulation.lb.replicas[0].pool.is_healthy(0);
        if now != healthy {
            changes.push((now, simulation.now().as_secs_f64()));
            healthy = now;
        }
    }
    assert!((1..4).all(|other| simulation.lb.replicas[0].pool.is_healthy(other)));
    assert!(simulation.report().node("checker").is_conserved());
    changes
}

/// LB-HEALTH-v.
#[test]
fn thresholds_count_results_in_a_row_and_the_last_decides_when_it_is_known() {
    let dead = Varying::from(profile! { hold 0 for 25s; hold 1 for 50s; hold 0 });
    assert_eq!(changes(WatchedParams { dead, ..default() }), [(false, 52.0), (true, 90.5)]);
}

fn dead_from_the_start() -> WatchedParams {
    let timeout = Varying::Constant(seconds(1));
    WatchedParams { interval: seconds(2).into(), timeout, dead: Varying::Constant(1), ..default() }
}

#[test]
fn the_first_probe_goes_out_after_one_interval() {
    assert_eq!(changes(dead_from_the_start()), [(false, 7.0)]);
}

#[test]
fn or_at_once() {
    let params = WatchedParams { at_once: true, ..dead_from_the_start() };
    assert_eq!(changes(params), [(false, 5.0)]);
}

#[test]
fn one_success_in_between_starts_the_count_anew() {
    let dead = Varying::from(profile! { hold 1 for 25s; hold 0 for 10s; hold 1 for 25s; hold 0 });
    assert_eq!(changes(WatchedParams { dead, ..default() }), []);
}

#[test]
fn a_timeout_may_change_over_time() {
    // From 95 s on answers after 0.5 s come too late.
    let timeout = Varying::from(profile! { hold 2s for 95s; hold 400ms });
    let params = WatchedParams { timeout, ..default() };
    let mut simulation = Watched::new(params).build().unwrap();
    simulation.run_for(seconds(119)).unwrap();
    assert_eq!(simulation.lb.replicas[0].pool.available(), [0, 1, 2, 3]);
    simulation.run_for(seconds(2)).unwrap();
    assert_eq!(simulation.lb.replicas[0].pool.available(), []);
    let report = simulation.report();
    let count = |name: &str| report.node("checker").metric(name).as_count();
    assert_eq!((count("succeeded"), count("failed")), (Some(36), Some(12)));
    assert_eq!(count("changes"), Some(4));
}

#[test]
fn probes_are_spread_over_the_interval_if_asked() {
    let probed = |params: WatchedParams| {
        let mut simulation = Watched::new(params).build().unwrap();
        simulation.run_for(seconds(25)).unwrap();
        simulation.api.replicas.iter().map(|api| api.probed.clone()).collect::<Vec<_>>()
    };
    assert_eq!(probed(default()), vec![vec![10.0, 20.0]; 4]);
    let spread = probed(WatchedParams { spread: true, ..default() });
    assert_eq!(spread[..3], [[10.0, 20.0], [12.5, 22.5], [15.0, 25.0]]);
    assert_eq!(spread[3], [17.5]);
    let spread = probed(WatchedParams { spread: true, at_once: true, ..default() });
    assert_eq!(spread[1], [2.5, 12.5, 22.5]);
}

/// It counts from the last probe, or from the start.
#[test]
fn a_changed_interval_counts_from_the_last_probe() {
    let probed = |simulation: &Simulation<Watched>| simulation.api.replicas[3].probed.clone();
    let interval = Varying::from(profile! { hold 10s for 13s; hold 2s for 5s; hold 9s });
    let params = WatchedParams { interval, ..default() };
    let mut simulation = Watched::new(params).build().unwrap();
    simulation.run_for(seconds(40)).unwrap();
    assert_eq!(probed(&simulation), [10.0, 13.0, 15.0, 17.0, 26.0, 35.0]);
    simulation.change(|it| &mut it.checker, |checker| checker.interval(seconds(6))).unwrap();
    simulation.run_for(seconds(4)).unwrap();
    simulation.change(|it| &mut it.checker, |checker| checker.interval(seconds(1))).unwrap();
    simulation.run_for(seconds(2)).unwrap();
    assert_eq!(probed(&simulation)[6..], [41.0, 44.0, 45.0, 46.0]);
}

#[test]
fn probing_alone_keeps_no_simulation_going() {
    let mut simulation = Watched::new(default()).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.now(), Instant::ZERO);
}

#[test]
fn traffic_leaves_a_dead_backend() {
    let params = WatchedParams { script: steady(60, 0.1), ..dead_from_the_start() };
    let mut simulation = Watched::new(params).build().unwrap();
    simulation.run().unwrap();
    let numbers: Vec<u64> = simulation.api.replicas[0].jobs.iter().map(|job| job.0).collect();
    assert_eq!(numbers, [0, 4]);
}

/// A probe may be any request.
#[test]
fn a_checker_probes_an_ordinary_handler_with_an_ordinary_request() {
    topology! {
        Plain {
            node users: Users { script: steady(3, 0.1) };
            node lb: LoadBalancer;
            node api[2]: Server<Job, usize> { service: 3s };
            node checker: HealthChecker<Job, usize> {
                interval: 1s,
                timeout: 500ms,
                message: || Job { number: 99, ..default() },
            };
            users -> lb -> api[*];
            checker.probes -> api[*];
            checker.marks -> lb.mark;
        }
    }
    let mut simulation = Plain::new(default()).build().unwrap();
    simulation.run_for(seconds(4)).unwrap();
    assert_eq!(simulation.lb.replicas[0].pool.available(), []);
}
