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
        param idle: Option<Varying<Duration>> = Some(Varying::Constant(seconds(60)));
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node pool: ConnectionPool {
            max_connections: most,
            min_connections: least,
            connection_timeout: wait,
            max_lifetime: lifetime,
            timeout: timeout,
            idle_timeout: idle,
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
    let mut simulation = pooled(PooledParams { arrivals, most, least, ..default() });
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

/// Opened and closed at both of these instants, the first just before something happens.
fn counts_around(simulation: &mut Simulation<Pooled>, second: f64) -> [(u64, u64); 2] {
    [counts_at(simulation, second - 1e-6), counts_at(simulation, second)]
}

#[test]
fn a_raised_minimum_is_open_after_the_time_that_takes() {
    let (most, least) = (Varying::Constant(5), profile! { hold 1 for 2s; hold 3 }.into());
    let params = PooledParams { arrivals: at(&[]), most, least, ..default() };
    let mut simulation = pooled(params);
    // One after the other, 10 ms each.
    assert_eq!(counts_at(&mut simulation, 1.999), (1, 0));
    assert_eq!(counts_around(&mut simulation, 2.0), [(1, 0), (2, 0)]);
    assert_eq!(counts_around(&mut simulation, 2.01), [(2, 0), (3, 0)]);
    assert_eq!(counts_at(&mut simulation, 3.0), (3, 0));
    simulation.change(|pooled| &mut pooled.pool, |pool| pool.min_connections(9)).unwrap();
    // No more than there may be, which is raised later.
    assert_eq!(counts_at(&mut simulation, 4.0), (5, 0));
    simulation.change(|pooled| &mut pooled.pool, |pool| pool.max_connections(7)).unwrap();
    assert_eq!(counts_at(&mut simulation, 4.0), (6, 0));
    assert_eq!(counts_around(&mut simulation, 4.01), [(6, 0), (7, 0)]);
    assert_eq!(counts_at(&mut simulation, 5.0), (7, 0));
}

#[test]
fn a_lowered_minimum_lets_idle_connections_go() {
    let least = profile! { hold 2 for 100s; hold 1 }.into();
    let mut simulation = pooled(PooledParams { arrivals: at(&[]), least, ..default() });
    // Both have idled for longer than 60 s by then.
    assert_eq!(counts_around(&mut simulation, 100.0), [(2, 0), (2, 1)]);
    assert_eq!(counts_at(&mut simulation, 150.0), (2, 1));
    simulation.change(|pooled| &mut pooled.pool, |pool| pool.min_connections(0)).unwrap();
    assert_eq!(counts_at(&mut simulation, 150.0), (2, 2));
}

#[test]
fn another_idle_timeout_holds_for_those_that_idle_already() {
    // Two connections idle from 1.01 s and 2.01 s on.
    let arrivals = at(&[0.0, 0.1, 1.005]);
    let idle = Some(Varying::from(profile! { hold 60s for 10s; hold 9500ms for 1s; hold 60s }));
    let mut simulation = pooled(PooledParams { arrivals, idle, ..default() });
    assert_eq!(counts_around(&mut simulation, 10.61), [(2, 0), (2, 1)]);
    let mut fork = simulation.fork();
    // The other returned at 2.01 s, and would be closed at 11.51 s: before that there is time again.
    assert_eq!(counts_around(&mut simulation, 62.01), [(2, 1), (2, 2)]);
    // Overdue where it is changed later.
    counts_at(&mut fork, 20.0);
    let never: Option<Varying<Duration>> = None;
    fork.change(|pooled| &mut pooled.pool, |pool| pool.idle_timeout(never.clone())).unwrap();
    assert_eq!(counts_at(&mut fork, 100.0), (2, 1));
    fork.change(|pooled| &mut pooled.pool, |pool| pool.idle_timeout(seconds(99))).unwrap();
    assert_eq!(counts_around(&mut fork, 101.01), [(2, 1), (2, 2)]);
}

#[test]
fn a_lowered_maximum_closes_idle_connections_beyond_it() {
    let most = profile! { hold 3 for 5s; hold 2 }.into();
    let mut simulation = pooled(PooledParams { most, ..default() });
    // Those that were returned first go first; the last is the one that is used again.
    assert_eq!(counts_around(&mut simulation, 5.0), [(3, 0), (3, 1)]);
    simulation.change(|pooled| &mut pooled.pool, |pool| pool.max_connections(1)).unwrap();
    assert_eq!(counts_at(&mut simulation, 5.0), (3, 2));
}

#[test]
fn a_raised_maximum_lets_in_those_who_wait() {
    let arrivals = at(&[0.0; 5]);
    let mut simulation = pooled(PooledParams { arrivals, ..default() });
    counts_at(&mut simulation, 0.5);
    simulation.change(|pooled| &mut pooled.pool, |pool| pool.max_connections(4)).unwrap();
    counts_at(&mut simulation, 9.0);
    assert_times(&simulation.backend.replicas[0].times(), &[0.01, 0.01, 0.51, 0.51, 1.01]);
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
