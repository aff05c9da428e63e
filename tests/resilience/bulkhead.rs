use happysim::prelude::*;
use happysim::report::{NodeReport, Report};
use suite::scripted::{
    Backend, Caller, Flaky, Job, answers_after, assert_times, assert_within, at, effort,
};

topology! {
    /// A bulkhead before a backend that takes one second.
    Walled {
        param arrivals: Arrivals = at(&[0.0, 0.1, 0.2, 0.3, 1.05, 1.15]);
        param places: Varying<usize> = 2;
        param room: Option<Varying<usize>> = Some(Varying::Constant(1));
        param patience: Option<Varying<Duration>> = None;
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node wall: Bulkhead {
            max_concurrent: places, max_wait_queue: room, max_wait_time: patience,
        };
        node backend: Backend { plan: |_, _, _| answers_after(seconds(1)) };
        users -> caller -> wall -> backend;
    }
}

fn walled(params: WalledParams) -> Simulation<Walled> {
    let mut simulation = Walled::new(params).build().expect("valid parameters");
    simulation.run_for(minutes(1)).expect("a run without errors");
    simulation
}

#[test]
fn res_bulk_det_v() {
    let simulation = walled(default());
    let backend = &simulation.backend.replicas[0];
    assert_times(&backend.times(), &[0.0, 0.1, 1.0, 1.1, 2.0]);
    let started: Vec<u64> = backend.came.iter().map(|(number, _)| *number).collect();
    assert_eq!(started, [0, 1, 2, 4, 5]);
    let rejected = simulation.caller.replicas[0].done[0];
    assert_eq!((rejected.number, rejected.ended), (3, 0.3), "rejected at once");
    assert_eq!(rejected.outcome, Err(Failure::Rejected(Rejection::QueueFull)));

    let report = simulation.report();
    let wall = report.node("wall");
    assert_eq!((wall.requests().ok, wall.requests().failed_for("queue full")), (5, 1));
    let latency = wall.requests().latency.as_ref().expect("five were answered");
    assert_eq!(latency.count, 5, "a rejected call is no fast success");
    assert_times(&[latency.min.as_secs_f64(), latency.max.as_secs_f64()], &[1.0, 1.85]);
    assert!(wall.is_conserved() && report.node("backend").is_conserved());
}

#[test]
fn a_call_waits_exactly_as_long_as_it_may() {
    let simulation = walled(WalledParams {
        arrivals: at(&[0.0, 0.0, 0.25, 0.65]),
        patience: Some(Varying::Constant(millis(500))),
        ..default()
    });
    let done = &simulation.caller.replicas[0].done;
    assert_eq!((done[0].number, done[0].ended), (3, 0.65), "the queue is full until 0.75 s");
    assert_eq!(done[0].outcome, Err(Failure::Rejected(Rejection::QueueFull)));
    assert_eq!((done[1].number, done[1].ended), (2, 0.75));
    assert_eq!(done[1].outcome, Err(Failure::Rejected(Rejection::WaitedTooLong)));
}

#[test]
fn raised_places_let_waiting_calls_through_at_that_instant() {
    let simulation = walled(WalledParams {
        arrivals: at(&[0.0, 0.1, 0.2, 0.3]),
        places: profile! { hold 1 for 500ms; hold 3 for 900ms; hold 1 }.into(),
        room: None,
        ..default()
    });
    // 1, 2 come through at 0.5 s, 3 when the first is done; lowered places drain.
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 0.5, 0.5, 1.0]);
}

topology! {
    /// Poisson calls to a backend behind a bulkhead; each takes an exponential time.
    Loss {
        param count: u64 = 1;
        param rate: Rate = 1/s;
        param places: usize = 1;
        param room: Option<Varying<usize>> = Some(Varying::Constant(0));
        param time: Distribution = exp(100ms);
        source users: Arrivals::poisson(rate).limit(count) emits Job;
        node wall: Bulkhead { max_concurrent: places, max_wait_queue: room };
        node backend: Server<Job> { concurrency: 1_000_000, service: time };
        users -> wall -> backend;
    }
}

struct Run {
    report: Report,
    wider: f64,
}

impl Run {
    fn new(params: LossParams, full: u64) -> Self {
        let (count, wider) = effort(full);
        let warm_up = Duration::from_secs_f64(count as f64 * 0.05 / params.rate.get());
        let setup = Loss::new(LossParams { count, ..params }).seed(17).warm_up(warm_up);
        Self { report: setup.run().expect("a run without errors"), wider }
    }

    fn wall(&self) -> &NodeReport {
        self.report.node("wall")
    }

    fn share(&self, reason: &str) -> f64 {
        let requests = self.wall().requests();
        requests.failed_for(reason) as f64 / requests.arrived as f64
    }
}

#[test]
fn q_erlb_1v() {
    let params = LossParams { rate: Rate::per_second(70.0), places: 10, ..default() };
    let run = Run::new(params, 1_700_000);
    assert_within("rejected", run.share("queue full"), 0.078_740_882_97, 0.02 * run.wider);
    let busy = run.report.node("backend").requests().in_flight_mean;
    assert_within("busy", busy, 6.448_813_819, 0.02 * run.wider);
}

#[test]
fn q_erlb_2v() {
    let params = LossParams {
        rate: Rate::per_second(30.0),
        places: 5,
        time: Distribution::constant(millis(100)),
        ..default()
    };
    let run = Run::new(params, 540_000);
    assert_within("rejected", run.share("queue full"), 0.110_054_347_8, 0.02 * run.wider);
    let busy = run.report.node("backend").requests().in_flight_mean;
    assert_within("busy", busy, 2.669_836_957, 0.02 * run.wider);
}

#[test]
fn res_bulk_5_3_v() {
    let params = LossParams {
        rate: Rate::per_second(45.0),
        places: 5,
        room: Some(Varying::Constant(3)),
        ..default()
    };
    let run = Run::new(params, 1_900_000);
    assert_within("rejected", run.share("queue full"), 0.111_231_977_8, 0.02 * run.wider);
    let busy = run.report.node("backend").requests().in_flight_mean;
    assert_within("active", busy, 3.999_456_1, 0.02 * run.wider);
    let latency = |node: &str| {
        let latency = run.report.node(node).requests().latency;
        latency.expect("some were answered").mean.as_secs_f64()
    };
    let waited = latency("wall") - latency("backend");
    assert_within("waited", waited, 0.017_957_480_15, 0.02 * run.wider);
}

topology! {
    /// Callers with 50 ms of patience before four places.
    Patient {
        param count: u64 = 1;
        source users: Arrivals::poisson(Rate::per_second(36.0)).limit(count)
            emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node wall: Bulkhead { max_concurrent: 4, max_wait_queue: None, max_wait_time: 50ms };
        node backend: Flaky { time: exp(100ms), failure: Chance::default() };
        users -> caller -> wall -> backend;
    }
}

#[test]
fn res_bulk_maxwait_v() {
    let (count, wider) = effort(880_000);
    let params = PatientParams { count };
    let mut simulation = Patient::new(params).seed(17).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    // Who came to the backend at the instant at which it was sent did not wait.
    let mut sent = vec![0.0; count as usize];
    let mut gave_up = 0;
    for done in &simulation.caller.replicas[0].done {
        sent[done.number as usize] = done.sent;
        gave_up += u64::from(done.outcome.is_err());
    }
    let came = &simulation.backend.replicas[0].came;
    let at_once = came.iter().filter(|(number, at)| *at <= sent[*number as usize]).count() as u64;
    let share = |part: u64| part as f64 / count as f64;
    assert_within("gave up", share(gave_up), 0.153_730_505_1, 0.02 * wider);
    assert_within("had to wait", share(count - at_once), 0.494_094_083_4, 0.02 * wider);
}
