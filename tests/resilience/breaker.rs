use happysim::prelude::*;
use happysim::report::Report;
use suite::scripted::{
    Backend, Caller, Fate, Job, answers_after, assert_times, assert_within, at, fails_after,
};

type Plan = fn(u64, u64, Instant) -> Fate;

/// Calls at 0.5, 1.5, ... 99.5 s.
fn every_second() -> Arrivals {
    let times: Vec<f64> = (0..100).map(|second| 0.5 + f64::from(second)).collect();
    at(&times)
}

topology! {
    /// A breaker before a backend with a plan.
    Guarded {
        param arrivals: Arrivals = every_second();
        param plan: Plan = (|_, _, now| {
            let broken = now >= Instant::from_secs_f64(10.0) && now < Instant::from_secs_f64(45.0);
            if broken { fails_after(Duration::ZERO) } else { answers_after(Duration::ZERO) }
        }) as Plan;
        param failures: Varying<usize> = 5;
        param successes: Varying<usize> = 2;
        param open: Varying<Duration> = 30.25s;
        param growth: Varying<f64> = 1.0;
        param longest: Option<Varying<Duration>> = None;
        param probes: Varying<usize> = 1;
        param call_timeout: Option<Varying<Duration>> = None;
        param rate: Option<Varying<Probability>> = None;
        param minimum: Varying<usize> = 20;
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node fuse: CircuitBreaker {
            failure_threshold: failures,
            success_threshold: successes,
            timeout: open,
            timeout_growth: growth,
            max_timeout: longest,
            probes: probes,
            call_timeout: call_timeout,
            failure_rate: rate,
            minimum_calls: minimum,
        };
        node backend: Backend { plan: plan };
        users -> caller -> fuse -> backend;
    }
}

struct Guard(Simulation<Guarded>);

impl Guard {
    fn new(params: GuardedParams) -> Self {
        Self(Guarded::new(params).build().expect("valid parameters"))
    }

    fn run(params: GuardedParams) -> Self {
        let mut guard = Self::new(params);
        guard.0.run().expect("a run without errors");
        guard
    }

    /// The state once everything at `second` has happened.
    fn state_at(&mut self, second: f64) -> CircuitState {
        self.0.run_until(Instant::from_secs_f64(second)).expect("a run without errors");
        self.0.fuse.replicas[0].state()
    }

    /// S, F and R for each request, by its number.
    fn outcomes(&self) -> String {
        let mut done = self.0.caller.replicas[0].done.clone();
        done.sort_by_key(|done| done.number);
        let letter = |outcome| match outcome {
            Ok(()) => 'S',
            Err(Failure::CircuitOpen) => 'R',
            Err(_) => 'F',
        };
        done.iter().map(|done| letter(done.outcome)).collect()
    }

    fn report(&self) -> Report {
        self.0.report()
    }

    fn count(&self, metric: &str) -> u64 {
        self.report().node("fuse").metric(metric).as_count().expect("a count")
    }
}

use CircuitState::{Closed, HalfOpen, Open};

#[test]
fn res_cb_v() {
    let mut guard = Guard::new(default());
    let mut transitions = Vec::new();
    let mut last = Closed;
    for second in 0..100 {
        let time = 0.5 + f64::from(second);
        let state = guard.state_at(time);
        if state != last {
            transitions.push((state, time));
            last = state;
        }
    }
    assert_eq!(transitions, [(Open, 14.5), (HalfOpen, 45.5), (Closed, 46.5)]);
    let expected =
        format!("{}{}{}{}", "S".repeat(10), "F".repeat(5), "R".repeat(30), "S".repeat(55));
    assert_eq!(guard.outcomes(), expected);
    assert_eq!(guard.count("rejected"), 30);
    assert_eq!(
        (guard.count("opened"), guard.count("half opened"), guard.count("closed")),
        (1, 1, 1)
    );
    let report = guard.report();
    let fuse = report.node("fuse");
    assert_eq!(fuse.requests().failed_for("circuit open"), 30);
    assert_eq!(fuse.requests().ok, 65, "a rejected call is no success");
    // Open or half-open from 14.5 to 46.5 s, of 99.5 s.
    assert_within("open", fuse.metric("time open").as_f64(), 32.0 / 99.5, 1e-9);
    assert!(fuse.is_conserved() && report.node("backend").is_conserved());
}

#[test]
fn a_success_begins_the_count_of_failures_anew() {
    let plan: Plan = |number, _, _| {
        if number % 5 == 4 { answers_after(Duration::ZERO) } else { fails_after(Duration::ZERO) }
    };
    let guard = Guard::run(GuardedParams { plan, ..default() });
    assert_eq!(guard.count("opened"), 0);
}

#[test]
fn a_failed_probe_opens_it_again_for_longer_and_longer() {
    let plan: Plan = |_, _, _| fails_after(Duration::ZERO);
    let guard = Guard::run(GuardedParams {
        plan,
        open: Varying::Constant(millis(2_250)),
        growth: Varying::Constant(2.0),
        longest: Some(Varying::Constant(seconds(8))),
        ..default()
    });
    // Opened at 4.5 s for 2.25 s, at 7.5 s for 4.5 s, at 12.5 s for 8 s from then on.
    let expected = [0.5, 1.5, 2.5, 3.5, 4.5, 7.5, 12.5, 20.5, 28.5, 36.5, 44.5, 52.5, 60.5, 68.5];
    assert_times(&guard.0.backend.replicas[0].times()[..14], &expected);
}

#[test]
fn a_late_success_does_not_close_an_open_breaker() {
    // The first call answers at 3 s, after two failures have opened the breaker at 0.2 s.
    let plan: Plan = |number, _, _| match number {
        0 => answers_after(seconds(3)),
        _ => fails_after(Duration::ZERO),
    };
    let params = GuardedParams {
        arrivals: at(&[0.0, 0.1, 0.2, 3.5, 5.0]),
        plan,
        failures: Varying::Constant(2),
        successes: Varying::Constant(1),
        open: Varying::Constant(seconds(10)),
        ..default()
    };
    let guard = Guard::run(params);
    assert_eq!(guard.outcomes(), "SFFRR");
    assert_eq!((guard.count("outdated"), guard.count("closed")), (1, 0));
}

#[test]
fn a_late_success_counts_for_no_half_open_breaker() {
    // Made while closed, answered while half-open: a call at 1.2 s probes and is under way.
    let plan: Plan = |number, _, _| match number {
        0 => answers_after(millis(1_300)),
        3 => fails_after(millis(800)),
        _ => fails_after(Duration::ZERO),
    };
    let params = GuardedParams {
        arrivals: at(&[0.0, 0.1, 0.2, 1.25, 1.4]),
        plan,
        failures: Varying::Constant(2),
        successes: Varying::Constant(1),
        open: Varying::Constant(seconds(1)),
        ..default()
    };
    let mut guard = Guard::new(params);
    assert_eq!(guard.state_at(1.25), HalfOpen);
    assert_eq!(guard.state_at(1.35), HalfOpen, "the late success at 1.3 s says nothing");
    assert_eq!(guard.state_at(2.1), Open);
    assert_eq!(guard.outcomes(), "SFFFR");
}

#[test]
fn a_late_failure_does_not_open_a_new_closed_breaker() {
    // Two slow calls made while closed fail at 3 s; until then the breaker has opened and closed.
    let plan: Plan = |number, _, _| match number {
        0 | 1 => fails_after(seconds(3)),
        2 | 3 => fails_after(Duration::ZERO),
        _ => answers_after(Duration::ZERO),
    };
    let params = GuardedParams {
        arrivals: at(&[0.0, 0.01, 0.1, 0.2, 1.5, 2.0, 4.0]),
        plan,
        failures: Varying::Constant(2),
        open: Varying::Constant(seconds(1)),
        ..default()
    };
    let guard = Guard::run(params);
    assert_eq!(guard.outcomes(), "FFFFSSS");
    assert_eq!((guard.count("opened"), guard.count("closed"), guard.count("outdated")), (1, 1, 2));
}

#[test]
fn half_open_admits_as_many_probes_as_it_may() {
    let plan: Plan = |number, _, _| match number {
        0 => fails_after(Duration::ZERO),
        _ => answers_after(seconds(1)),
    };
    let params = GuardedParams {
        arrivals: at(&[0.0, 2.0, 2.1, 2.2, 2.3, 3.05, 3.15]),
        plan,
        failures: Varying::Constant(1),
        successes: Varying::Constant(3),
        open: Varying::Constant(seconds(1)),
        probes: Varying::Constant(2),
        ..default()
    };
    let mut guard = Guard::new(params);
    assert_eq!(guard.state_at(4.0), HalfOpen, "two successes are not three");
    assert_eq!(guard.state_at(4.06), Closed);
    assert_eq!(guard.state_at(5.0), Closed);
    assert_eq!(guard.outcomes(), "FSSRRSS");
}

#[test]
fn a_probe_that_is_never_answered_frees_its_place() {
    let plan: Plan = |number, _, _| match number {
        0 => fails_after(Duration::ZERO),
        1 => (Duration::ZERO, Err(Failure::Lost)),
        _ => answers_after(Duration::ZERO),
    };
    let params = GuardedParams {
        arrivals: at(&[0.0, 2.0, 2.5, 3.5, 4.7, 4.8]),
        plan,
        failures: Varying::Constant(1),
        open: Varying::Constant(seconds(1)),
        ..default()
    };
    // Without a call timeout, it holds its place for the open time, until 3 s.
    let mut guard = Guard::new(params.clone());
    assert_eq!(guard.state_at(4.6), HalfOpen);
    assert_eq!(guard.state_at(5.0), Closed);
    assert_eq!(guard.outcomes(), "FRSSS", "the caller of the second waits for ever");
    assert_eq!(guard.report().node("fuse").requests().in_flight, 1);
    // With a call timeout of 0.2 s, it ends at 2.2 s.
    let call_timeout = Some(Varying::Constant(millis(200)));
    let mut guard = Guard::new(GuardedParams { call_timeout, ..params });
    assert_eq!(guard.state_at(2.2), Open);
    assert_eq!(guard.state_at(3.5), HalfOpen);
    assert_eq!(guard.state_at(5.0), Closed);
    assert_eq!(guard.outcomes(), "FFRSSS");
}

// The first two probes are let through at 2 s; one of them fails, the other is never answered.
#[test]
fn a_probe_of_an_earlier_half_open_state_holds_no_place_of_this_one() {
    let plan: Plan = |number, _, _| match number {
        1 => (Duration::ZERO, Err(Failure::Lost)),
        0 | 2 => fails_after(millis(100)),
        _ => answers_after(millis(500)),
    };
    let params = GuardedParams {
        arrivals: at(&[0.0, 2.0, 2.0, 4.0, 4.1, 4.2, 5.0]),
        plan,
        failures: Varying::Constant(1),
        open: Varying::Constant(seconds(1)),
        probes: Varying::Constant(2),
        ..default()
    };
    // Half-open again at 4 s, when the lost probe would hold its place, for its 60 s. Two pass all
    // the same, and no third; both answer by 4.6 s and close it.
    let call_timeout = Some(Varying::Constant(seconds(60)));
    let mut guard = Guard::new(GuardedParams { call_timeout, ..params });
    assert_eq!(guard.state_at(4.55), HalfOpen);
    assert_eq!(guard.state_at(4.6), Closed);
    guard.0.run().expect("a run without errors");
    assert_eq!(guard.outcomes(), "FFFSSRS");
    assert_times(&guard.0.backend.replicas[0].times(), &[0.0, 2.0, 2.0, 4.0, 4.1, 5.0]);
    // Its timeout at 62 s says nothing of the breaker of then.
    let lost = guard.0.caller.replicas[0].done.iter().find(|done| done.number == 1);
    assert_eq!(lost.map(|done| (done.ended, done.outcome)), Some((62.0, Err(Failure::TimedOut))));
    assert_eq!((guard.count("outdated"), guard.count("opened")), (1, 2));
    assert_eq!(guard.state_at(63.0), Closed);
}

#[test]
fn a_slow_probe_is_not_a_failed_one() {
    // The backend takes longer than the breaker is open.
    let plan: Plan = |number, _, _| match number {
        0 => fails_after(Duration::ZERO),
        _ => answers_after(seconds(3)),
    };
    let params = GuardedParams {
        arrivals: at(&[0.0, 2.0, 2.5, 3.5]),
        plan,
        failures: Varying::Constant(1),
        open: Varying::Constant(seconds(1)),
        ..default()
    };
    let mut guard = Guard::new(params);
    assert_eq!(guard.state_at(6.4), HalfOpen);
    assert_eq!(guard.state_at(6.6), Closed);
    assert_eq!(guard.outcomes(), "FSRS");
}

#[test]
fn a_cancelled_probe_frees_its_place() {
    topology! {
        /// Callers who wait 100 ms and cancel.
        Hasty {
            source users: at(&[0.0, 2.0, 2.15, 2.3]) emits Job = |arrival| Job { number: arrival.number };
            node caller: Caller;
            node fuse: CircuitBreaker { failure_threshold: 1, success_threshold: 1, timeout: 1s };
            node backend: Backend {
                plan: |number, _, _| match number {
                    0 => fails_after(Duration::ZERO),
                    1 => answers_after(seconds(60)),
                    _ => answers_after(millis(10)),
                },
            };
            users -> caller -> timeout(100ms, cancel) -> fuse -> backend;
        }
    }
    let mut simulation = Hasty::new(default()).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    let outcomes: Vec<_> = simulation.caller.replicas[0].done.iter().map(|it| it.outcome).collect();
    let expected = [Err(Failure::Crashed), Err(Failure::TimedOut), Ok(()), Ok(())];
    assert_eq!(outcomes, expected);
    assert_eq!(simulation.fuse.replicas[0].state(), Closed);
}

#[test]
fn a_failure_rate_opens_it_once_there_are_enough_calls() {
    // Every second call fails, ten a second: never two in a row.
    let plan: Plan = |number, _, _| {
        if number % 2 == 1 { fails_after(Duration::ZERO) } else { answers_after(Duration::ZERO) }
    };
    let times: Vec<f64> = (0..40).map(|tenth| f64::from(tenth) * 0.1).collect();
    let params = |rate: f64, minimum: usize| GuardedParams {
        arrivals: at(&times),
        plan,
        failures: Varying::Constant(2),
        rate: Some(Varying::Constant(Probability::new(rate))),
        minimum: Varying::Constant(minimum),
        ..default()
    };
    // The call with number 19 is the twentieth, and the tenth failure.
    let guard = Guard::run(params(0.5, 20));
    assert_eq!(guard.outcomes(), format!("{}{}", "SF".repeat(10), "R".repeat(20)));
    assert_eq!(Guard::run(params(0.51, 20)).count("opened"), 0);
    assert_eq!(Guard::run(params(0.5, 41)).count("opened"), 0);
}

#[test]
fn the_rate_is_judged_with_every_outcome_once_there_are_enough_calls() {
    // Every second call fails, beginning with the first: the tenth, a success, makes the rate of
    // ten calls one half, and it is they that open it, not the failure that would come next.
    let plan: Plan = |number, _, _| {
        if number % 2 == 0 { fails_after(Duration::ZERO) } else { answers_after(Duration::ZERO) }
    };
    let times: Vec<f64> = (0..20).map(|tenth| f64::from(tenth) * 0.1).collect();
    let guard = Guard::run(GuardedParams {
        arrivals: at(&times),
        plan,
        rate: Some(Varying::Constant(Probability::new(0.5))),
        minimum: Varying::Constant(10),
        ..default()
    });
    assert_eq!(guard.outcomes(), format!("{}{}", "FS".repeat(5), "R".repeat(10)));
    // Nothing that only succeeds opens it, however low the limit is.
    let guard = Guard::run(GuardedParams {
        arrivals: at(&times),
        rate: Some(Varying::Constant(Probability::new(0.0))),
        minimum: Varying::Constant(1),
        ..default()
    });
    assert_eq!(guard.count("opened"), 0);
}

#[test]
fn thresholds_and_times_may_be_profiles() {
    let plan: Plan = |_, _, _| fails_after(Duration::ZERO);
    let guard = Guard::run(GuardedParams {
        arrivals: at(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]),
        plan,
        failures: profile! { hold 10 for 2500ms; hold 2 }.into(),
        open: profile! { hold 1500ms for 4s; hold 2500ms }.into(),
        ..default()
    });
    // The fourth failure, at 3 s, is more than two: open to 4.5 s. The probe at 5 s opens it to
    // 7.5 s.
    assert_eq!(guard.outcomes(), "FFFFRFRRF");
}

#[test]
fn what_counts_as_a_failure_is_a_function() {
    topology! {
        Lenient {
            source users: at(&[0.0, 1.0, 2.0, 3.0, 4.0]) emits Job = |arrival| Job { number: arrival.number };
            node caller: Caller;
            node fuse: CircuitBreaker {
                failure_threshold: 2,
                is_failure: |outcome| matches!(outcome, Err(Failure::Crashed)),
            };
            node backend: Backend {
                plan: |number, _, _| match number {
                    0..2 => (Duration::ZERO, Err(Failure::Application("no such key"))),
                    _ => fails_after(Duration::ZERO),
                },
            };
            users -> caller -> fuse -> backend;
        }
    }
    let mut simulation = Lenient::new(default()).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    let done = &simulation.caller.replicas[0].done;
    let rejected = done.iter().filter(|done| done.outcome == Err(Failure::CircuitOpen)).count();
    assert_eq!(rejected, 1);
}

#[test]
fn wrong_parameters_are_refused_with_their_names() {
    let params = GuardedParams {
        failures: Varying::Constant(0),
        growth: profile! { hold 2 for 1s; hold 0.5 }.into(),
        ..default()
    };
    let error = Guarded::new(params).build().expect_err("two wrong parameters").to_string();
    for part in ["fuse", "`failure_threshold`", "`timeout_growth`", "at least 1"] {
        assert!(error.contains(part), "`{part}` is missing: {error}");
    }
}
