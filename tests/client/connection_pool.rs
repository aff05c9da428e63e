use happysim::prelude::*;
use suite::scripted::{Backend, Caller, Fate, Job, answers_after, assert_times, at};

type Plan = fn(u64, u64, Instant) -> Fate;

topology! {
    /// A pool before a backend with a plan; the calls take one second unless it says otherwise.
    Pooled {
        param arrivals: Arrivals = at(&[0.0, 0.1, 0.2]);
        param plan: Plan = (|_, _, _| answers_after(seconds(1))) as Plan;
        param most: Varying<usize> = 2;
        param least: Varying<usize> = 0;
        param wait: Option<Varying<Duration>> = None;
        param lifetime: Option<Varying<Duration>> = None;
        param timeout: Option<Varying<Duration>> = None;
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node pool: ConnectionPool {
            max_connections: most,
            min_connections: least,
            connection_timeout: wait,
            max_lifetime: lifetime,
            timeout: timeout,
        };
        node backend: Backend { plan: plan };
        users -> caller -> pool -> backend;
    }
}

fn pooled(params: PooledParams) -> Simulation<Pooled> {
    Pooled::new(params).build().expect("valid parameters")
}

/// Connections opened and closed until everything at `second` has happened.
fn counts_at(simulation: &mut Simulation<Pooled>, second: f64) -> (u64, u64) {
    simulation.run_until(Instant::from_secs_f64(second)).expect("a run without errors");
    let report = simulation.report();
    let count = |name: &str| report.node("pool").metric(name).as_count().expect("a count");
    (count("opened"), count("closed"))
}

#[test]
fn cl_pool_v() {
    let mut simulation = pooled(default());
    assert_eq!(counts_at(&mut simulation, 3.0), (2, 0));
    assert_times(&simulation.backend.replicas[0].times(), &[0.01, 0.11, 1.01]);
    assert_eq!(counts_at(&mut simulation, 61.109), (2, 0));
    assert_eq!(counts_at(&mut simulation, 61.11), (2, 1));
    assert_eq!(counts_at(&mut simulation, 62.009), (2, 1));
    assert_eq!(counts_at(&mut simulation, 62.01), (2, 2));
    let report = simulation.report();
    let pool = report.node("pool");
    assert!(pool.is_conserved() && report.node("backend").is_conserved());
    let longest = pool.resource("connections").wait_max;
    assert_eq!(longest, millis(810), "the third waited from 0.2 s to 1.01 s");
}

#[test]
fn connections_being_opened_count() {
    // Five at once, before any connection is open: two are opened, the others wait.
    let mut simulation = pooled(PooledParams { arrivals: at(&[0.0; 5]), ..default() });
    assert_eq!(counts_at(&mut simulation, 10.0), (2, 0));
    assert_times(&simulation.backend.replicas[0].times(), &[0.01, 0.01, 1.01, 1.01, 2.01]);
}

#[test]
fn a_call_waits_for_a_place_exactly_as_long_as_it_may() {
    let wait = Some(Varying::Constant(millis(500)));
    let mut simulation = pooled(PooledParams { wait, ..default() });
    counts_at(&mut simulation, 10.0);
    let done = simulation.caller.replicas[0].done[0];
    assert_eq!((done.number, done.ended), (2, 0.7));
    assert_eq!(done.outcome, Err(Failure::Rejected(Rejection::WaitedTooLong)));
}

#[test]
fn a_timed_out_connection_is_closed_and_its_place_free() {
    // The first call would take 10 s; it is given up 1.5 s after it was sent.
    let plan: Plan = |number, _, _| answers_after(seconds(if number == 0 { 10 } else { 1 }));
    let timeout = Some(Varying::Constant(millis(1_500)));
    let params = PooledParams { most: Varying::Constant(1), plan, timeout, ..default() };
    let mut simulation = pooled(params);
    assert_eq!(counts_at(&mut simulation, 1.52), (2, 1));
    assert_eq!(counts_at(&mut simulation, 20.0), (2, 1));
    // The second opens a connection of its own, the third uses it after the second.
    assert_times(&simulation.backend.replicas[0].times(), &[0.01, 1.52, 2.52]);
    let ends: Vec<f64> = simulation.caller.replicas[0].done.iter().map(|it| it.ended).collect();
    assert_times(&ends, &[1.51, 2.52, 3.52]);
}

#[test]
fn the_least_number_is_open_at_the_start_and_kept() {
    let least = Varying::Constant(2);
    let most = Varying::Constant(3);
    let arrivals = at(&[1.0, 1.1, 1.2]);
    let mut simulation = pooled(PooledParams { arrivals, least, most, ..default() });
    assert_eq!(counts_at(&mut simulation, 0.02), (2, 0));
    // The third is opened when it is needed, and the first to have idled for 60 s is closed.
    assert_eq!(counts_at(&mut simulation, 61.9), (3, 0));
    assert_times(&simulation.backend.replicas[0].times(), &[1.0, 1.1, 1.21]);
    assert_eq!(counts_at(&mut simulation, 62.0), (3, 1));
    assert_eq!(counts_at(&mut simulation, 600.0), (3, 1));
}

#[test]
fn old_connections_are_not_used_again() {
    let lifetime = Some(Varying::Constant(seconds(3)));
    let params = PooledParams { arrivals: at(&[0.0, 1.5, 2.6, 5.0]), lifetime, ..default() };
    let mut simulation = pooled(params);
    // Opened at 0.01 s: used at 0, 1.5 and 2.6 s, too old when it returns at 3.6 s.
    assert_eq!(counts_at(&mut simulation, 3.5), (1, 0));
    assert_eq!(counts_at(&mut simulation, 3.6), (1, 1));
    assert_eq!(counts_at(&mut simulation, 10.0), (2, 1));
}

#[test]
fn a_lowered_maximum_drains() {
    let most = profile! { hold 3 for 500ms; hold 1 }.into();
    let arrivals = at(&[0.0, 0.1, 0.2, 0.6, 0.7]);
    let mut simulation = pooled(PooledParams { arrivals, most, ..default() });
    // All three run on; two are closed as they return, the last one serves the others.
    assert_eq!(counts_at(&mut simulation, 1.3), (3, 2));
    assert_eq!(counts_at(&mut simulation, 10.0), (3, 2));
    let times = simulation.backend.replicas[0].times();
    assert_times(&times, &[0.01, 0.11, 0.21, 1.21, 2.21]);
}

#[test]
fn a_pooled_client_tries_again_on_another_connection() {
    topology! {
        Caring {
            source users: at(&[0.0]) emits Job;
            node caller: Caller;
            node client: Client { retry: fixed(3, 100ms) };
            node pool: ConnectionPool { max_connections: 1, timeout: 250ms };
            node backend: Backend {
                plan: |_, before, _| answers_after(if before == 0 { seconds(9) } else { millis(5) }),
            };
            users -> caller -> client -> pool -> backend;
        }
    }
    let mut simulation = Caring::new(default()).build().expect("valid parameters");
    simulation.run_for(seconds(20)).expect("a run without errors");
    assert_times(&simulation.backend.replicas[0].times(), &[0.01, 0.37]);
    let done = simulation.caller.replicas[0].done[0];
    assert_eq!(done.outcome, Ok(()));
    assert_times(&[done.ended], &[0.375]);
}
