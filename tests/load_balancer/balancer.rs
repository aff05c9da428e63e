//! The balancer itself: marks, waiting, timeouts, what it counts.

use super::support::{Backend, Job, Users, jobs, secs, steady};
use happysim::prelude::*;

/// Sends marks at given times.
#[entity]
pub(crate) struct Operator {
    script: Vec<(f64, Mark)>,
    #[port]
    marks: Send<Mark>,
}

#[entity]
impl Operator {
    #[process]
    async fn run(&mut self, cx: &mut Cx<Self>) {
        let script: Vec<(f64, Mark)> = self.script.clone();
        for (at, mark) in script {
            cx.sleep_until(Instant::from_secs_f64(at)).await;
            self.marks.send(cx, mark);
        }
    }
}

topology! {
    Farm {
        param script: Vec<(f64, Job)> = Vec::new();
        param marks: Vec<(f64, Mark)> = Vec::new();
        param patience: Option<Duration> = None;
        param giving_up: GivingUp = GivingUp::Abandon;
        param active: Option<Varying<usize>> = None;
        param timeout: Option<Varying<Duration>> = None;
        param hold: Varying<usize> = 0;
        param hold_time: Duration = 30s;
        param refuses: Chance = 0%;

        node users: Users { script: script, patience: patience, giving_up: giving_up };
        node operator: Operator { script: marks };
        node lb: LoadBalancer<LeastConnections> {
            active: active,
            timeout: timeout,
            giving_up: giving_up,
            hold: hold,
            hold_time: hold_time,
        };
        node api[3]: Backend { refuses: refuses };
        users -> lb -> api[*];
        operator.marks -> lb.mark;
    }
}

struct Run(Simulation<Farm>);

impl Run {
    fn new(params: FarmParams) -> Self {
        let mut simulation = Farm::new(params).build().unwrap();
        simulation.run().unwrap();
        let report = simulation.report();
        assert!(report.node("lb").is_conserved() && report.node("api").is_conserved());
        Self(simulation)
    }

    /// Number, time and outcome of each job, by number.
    fn outcomes(&self) -> Vec<(f64, Outcome<usize>)> {
        let mut outcomes = self.0.users.replicas[0].outcomes.clone();
        outcomes.sort_by_key(|outcome| outcome.0);
        outcomes.into_iter().map(|(_, at, outcome)| (at, outcome)).collect()
    }

    fn backends(&self) -> Vec<Option<usize>> {
        self.outcomes().into_iter().map(|(_, outcome)| outcome.ok()).collect()
    }
}

#[test]
fn the_balancer_sees_the_true_latency_and_outcome() {
    let run = Run::new(FarmParams { script: steady(5, 1.0), ..default() });
    let report = run.0.report();
    let requests = report.node("lb").handler("handle");
    assert_eq!(requests.ok, 5);
    let latency = requests.latency.as_ref().unwrap();
    assert_eq!((latency.min, latency.max), (seconds(1), seconds(1)));
}

#[test]
fn a_refusal_is_a_failure_that_the_caller_is_told() {
    let refuses = Chance::new(Probability::new(1.0));
    let run = Run::new(FarmParams { script: steady(4, 1.0), refuses, ..default() });
    let full = Err(Failure::Rejected(Rejection::QueueFull));
    assert_eq!(run.outcomes()[3], (3.0, full));
    let report = run.0.report();
    assert_eq!(report.node("lb").handler("handle").failed_for("queue full"), 4);
    assert_eq!(report.node("lb").handler("handle").ok, 0);
}

#[test]
fn an_unhealthy_or_drained_backend_gets_no_new_requests_and_ends_those_it_has() {
    use Mark::{Admit, Drain, Healthy, Unhealthy};
    // Least connections, first of equals: job 0 is with backend 0 when that is drained.
    let marks = vec![
        (0.5, Drain(0)),
        (1.5, Unhealthy(1)),
        (2.5, Healthy(1)),
        (3.5, Drain(1)),
        (4.5, Healthy(0)),
        (5.5, Admit(0)),
    ];
    let mut script = steady(7, 0.1);
    script[0].1.takes = secs(2.2);
    let run = Run::new(FarmParams { script, marks, ..default() });
    let expected = [0, 1, 2, 1, 2, 2, 0].map(Some);
    assert_eq!(run.backends(), expected);
    assert_eq!(run.outcomes()[0].0, 2.2);
    let changes = run.0.report().node("lb").metric("changes").as_count();
    assert_eq!(changes, Some(5), "`Healthy(0)` told nothing new");
    assert_eq!(run.0.lb.replicas[0].pool.available(), [0, 2]);
}

#[test]
fn a_profile_adds_and_removes_backends() {
    let active = Some(Varying::from(profile! { hold 1 for 2500ms; hold 3 for 2s; hold 2 }));
    // All stay in flight: the fewest are at 0 of 1, at 1, at 2, at 1 and again at 1 of 2.
    let run = Run::new(FarmParams { script: steady(7, 100.0), active, ..default() });
    assert_eq!(run.backends(), [0, 0, 0, 1, 2, 1, 1].map(Some));
}

#[test]
fn with_no_backend_a_request_is_rejected_at_once() {
    let marks = (0..3).map(|backend| (0.5, Mark::Unhealthy(backend))).collect();
    let run = Run::new(FarmParams { script: steady(2, 0.1), marks, ..default() });
    assert_eq!(run.outcomes()[1], (1.0, Err(Failure::Unavailable)));
    let report = run.0.report();
    assert_eq!(report.node("lb").handler("handle").failed_for("unavailable"), 1);
    assert_eq!(report.node("lb").metric("unavailable").as_count(), Some(1));
}

/// All backends are down from 0.5 s; two requests may wait, 4 s each.
fn holding(marks: &[(f64, Mark)]) -> Run {
    let down = (0..3).map(|backend| (0.5, Mark::Unhealthy(backend)));
    let marks = down.chain(marks.iter().copied()).collect();
    let script = jobs(&[(1.0, 0.1), (2.0, 0.2), (3.0, 0.3), (6.0, 0.4)]);
    let (hold, hold_time) = (Varying::Constant(2), seconds(4));
    Run::new(FarmParams { script, marks, hold, hold_time, ..default() })
}

#[test]
fn held_requests_go_at_the_instant_a_backend_is_back() {
    let run = holding(&[(4.0, Mark::Healthy(1))]);
    let outcomes = run.outcomes();
    assert_eq!(outcomes[0], (4.1, Ok(1)));
    assert_eq!(outcomes[1], (4.2, Ok(1)));
    assert_eq!(outcomes[2], (3.0, Err(Failure::Rejected(Rejection::QueueFull))));
    assert_eq!(outcomes[3], (6.4, Ok(1)));
    // In the order in which they came.
    assert_eq!(run.0.api.replicas[1].jobs, [(0, 4.0), (1, 4.0), (3, 6.0)]);
}

#[test]
fn the_lock_behind_those_who_are_held_is_no_part_of_the_report() {
    let report = holding(&[(4.0, Mark::Healthy(1))]).0.report();
    let gate = report.node("lb").resource("gate");
    assert!(gate.is_inner && gate.served > 0, "{gate:?}");
    assert!(!report.to_string().contains("gate"), "{report}");
}

#[test]
fn held_requests_wait_no_longer_than_they_may() {
    let run = holding(&[]);
    let late = Err(Failure::Rejected(Rejection::WaitedTooLong));
    let outcomes = run.outcomes();
    assert_eq!(outcomes[0], (5.0, late));
    assert_eq!(outcomes[1], (6.0, late));
    assert_eq!(outcomes[3], (10.0, late));
}

#[test]
fn a_request_that_is_held_anew_keeps_its_deadline() {
    // Backend 2 is back for an instant, which is enough for the first of those who wait.
    let run = holding(&[(4.0, Mark::Healthy(2)), (4.0, Mark::Unhealthy(2))]);
    let outcomes = run.outcomes();
    assert_eq!(outcomes[0], (4.1, Ok(2)));
    assert_eq!(outcomes[1], (6.0, Err(Failure::Rejected(Rejection::WaitedTooLong))));
}

#[test]
fn a_held_request_that_is_cancelled_frees_its_place() {
    let marks = (0..3).map(|backend| (0.5, Mark::Unhealthy(backend)));
    let marks = marks.chain([(4.0, Mark::Healthy(0))]).collect();
    let script = jobs(&[(1.0, 0.1), (1.5, 0.1), (2.5, 0.1), (3.6, 0.1)]);
    let run = Run::new(FarmParams {
        script,
        marks,
        hold: Varying::Constant(1),
        patience: Some(seconds(1)),
        giving_up: GivingUp::Cancel,
        ..default()
    });
    let outcomes = run.outcomes();
    assert_eq!(outcomes[0], (2.0, Err(Failure::TimedOut)));
    assert_eq!(outcomes[1], (1.5, Err(Failure::Rejected(Rejection::QueueFull))));
    assert_eq!(outcomes[2], (3.5, Err(Failure::TimedOut)));
    assert_eq!(outcomes[3], (4.1, Ok(0)));
}

#[test]
fn a_profile_that_brings_backends_serves_those_who_wait() {
    let active = Some(Varying::from(profile! { hold 0 for 2s; hold 1 }));
    let hold = Varying::Constant(9);
    let run = Run::new(FarmParams { script: steady(2, 0.5), active, hold, ..default() });
    assert_eq!(run.outcomes(), [(2.5, Ok(0)), (2.5, Ok(0))]);
}

#[test]
fn a_change_that_brings_backends_serves_those_who_wait() {
    let (active, hold) = (Some(Varying::Constant(0)), Varying::Constant(9));
    let params = FarmParams { script: steady(2, 0.5), active, hold, ..default() };
    let mut simulation = Farm::new(params).build().unwrap();
    simulation.run_for(secs(3.0)).unwrap();
    simulation.change(|farm| &mut farm.lb, |lb| lb.active(2)).unwrap();
    simulation.run().unwrap();
    let run = Run(simulation);
    assert_eq!(run.outcomes(), [(3.5, Ok(0)), (3.5, Ok(1))]);
}

#[test]
fn a_backend_that_takes_too_long_is_abandoned_or_cancelled() {
    let timeout = Some(seconds(1).into());
    let params = FarmParams { script: steady(1, 5.0), timeout, ..default() };
    let run = Run::new(params.clone());
    assert_eq!(run.outcomes(), [(1.0, Err(Failure::TimedOut))]);
    assert_eq!(run.0.report().node("api").handler("handle").ok, 1);
    let run = Run::new(FarmParams { giving_up: GivingUp::Cancel, ..params });
    assert_eq!(run.outcomes(), [(1.0, Err(Failure::TimedOut))]);
    assert_eq!(run.0.report().node("api").handler("handle").failed_for("cancelled"), 1);
}

#[test]
fn cancelled_requests_are_no_longer_in_flight() {
    // Two requests of 100 s are called off after 1 s; the next finds backend 0 as idle as all.
    let script = jobs(&[(0.0, 100.0), (0.1, 100.0), (2.0, 0.5)]);
    let params = FarmParams { script, patience: Some(seconds(1)), ..default() };
    let run = Run::new(FarmParams { giving_up: GivingUp::Cancel, ..params.clone() });
    assert_eq!(run.outcomes()[2], (2.5, Ok(0)));
    // Abandoned ones still are: the third backend is the idle one.
    let run = Run::new(params);
    assert_eq!(run.outcomes()[2], (2.5, Ok(2)));
}

#[test]
fn each_replica_of_a_balancer_counts_its_own_requests() {
    topology! {
        Tier {
            param script: Vec<(f64, Job)> = Vec::new();
            node users[2]: Users { script: script };
            node lb[2]: LoadBalancer<LeastConnections>;
            node api[3]: Backend {};
            users -> lb[same];
            lb -> api[*];
        }
    }
    let script = jobs(&[(0.0, 9.0), (1.0, 9.0), (2.0, 9.0)]);
    let mut simulation = Tier::new(TierParams { script }).build().unwrap();
    simulation.run().unwrap();
    for replica in 0..2 {
        assert_eq!(simulation.lb.replicas[replica].sent_to, [1, 1, 1]);
    }
}

#[test]
fn a_balancer_stands_behind_a_link_and_in_front_of_wrappers() {
    topology! {
        Composed {
            param script: Vec<(f64, Job)> = Vec::new();
            node users: Users { script: script };
            link internet: Link { latency: 100ms };
            node lb: LoadBalancer<PowerOfTwoChoices>;
            node api[2]: Backend { refuses: 100% };
            users -> internet -> lb -> breaker(failures: 2, open: 1h) -> api[*];
        }
    }
    let script = steady(50, 0.1);
    let mut simulation = Composed::new(ComposedParams { script }).build().unwrap();
    simulation.run().unwrap();
    let outcomes = &simulation.users.replicas[0].outcomes;
    assert_eq!(outcomes.len(), 50);
    assert_eq!(outcomes[0], (0, 0.2, Err(Failure::Rejected(Rejection::QueueFull))));
    assert_eq!(outcomes[49].2, Err(Failure::CircuitOpen));
    let report = simulation.report();
    assert_eq!(report.node("lb").handler("handle").failed_for("queue full"), 4);
    assert_eq!(report.node("lb").handler("handle").failed_for("circuit open"), 46);
}
