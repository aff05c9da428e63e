use happysim::prelude::*;
use suite::scripted::{
    Backend, Caller, Job, answers_after, assert_times, assert_within, at, effort, fails_after,
};

topology! {
    /// A client with a timeout in front of a server with one slot.
    Impatient {
        param arrivals: Arrivals = at(&[0.0, 0.1, 0.2, 0.31]);
        param timeout: Varying<Duration> = 1.2s;
        param giving_up: GivingUp = abandon;
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node client: Client { timeout: timeout, giving_up: giving_up };
        node server: Server<Job> { service: 500ms };
        users -> caller -> client -> server;
    }
}

fn impatient(params: ImpatientParams) -> Simulation<Impatient> {
    let mut simulation = Impatient::new(params).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    simulation
}

fn outcomes(caller: &Caller) -> Vec<(u64, Outcome<()>)> {
    caller.done.iter().map(|done| (done.number, done.outcome)).collect()
}

fn ends(caller: &Caller) -> Vec<f64> {
    caller.done.iter().map(|done| done.ended).collect()
}

#[test]
fn cl_timeout_det_v() {
    let simulation = impatient(default());
    let caller = &simulation.caller.replicas[0];
    let late = Err(Failure::TimedOut);
    assert_eq!(outcomes(caller), [(0, Ok(())), (1, Ok(())), (2, late), (3, late)]);
    assert_times(&ends(caller), &[0.5, 1.0, 1.4, 1.51]);
    // The server works on for those who have left.
    assert_eq!(simulation.now(), Instant::from_secs_f64(2.0));
    let report = simulation.report();
    assert_eq!(report.node("server").requests().ok, 4);
    assert_eq!(report.node("client").requests().failed_for("timed out"), 2);
    assert_eq!(report.node("client").metric("timeouts").as_count(), Some(2));
    for node in ["caller", "client", "server"] {
        assert!(report.node(node).is_conserved(), "{node}");
    }
}

#[test]
fn cancelled_work_frees_the_server_at_that_instant() {
    let timeout = Varying::Constant(millis(600));
    let params = ImpatientParams { timeout, giving_up: GivingUp::Cancel, ..default() };
    let simulation = impatient(params);
    let caller = &simulation.caller.replicas[0];
    let late = Err(Failure::TimedOut);
    // The second is served from 0.5 s on and cancelled at 0.7 s; the third takes over at that
    // instant, is cancelled at 0.8 s, and the fourth is served until 0.91 s.
    assert_eq!(outcomes(caller), [(0, Ok(())), (1, late), (2, late), (3, late)]);
    assert_times(&ends(caller), &[0.5, 0.7, 0.8, 0.91]);
    let report = simulation.report();
    let server = report.node("server");
    assert_eq!((server.requests().ok, server.requests().failed_for("cancelled")), (1, 3));
    assert!(server.is_conserved());
}

#[test]
fn a_reply_at_the_deadline_is_in_time() {
    let params = ImpatientParams {
        arrivals: at(&[0.0]),
        timeout: Varying::Constant(millis(500)),
        ..default()
    };
    assert_eq!(outcomes(&impatient(params).caller.replicas[0]), [(0, Ok(()))]);
}

#[test]
fn a_timeout_may_be_a_profile() {
    let timeout = profile! { hold 400ms for 2s; hold 600ms }.into();
    let params = ImpatientParams { arrivals: at(&[0.0, 2.0]), timeout, ..default() };
    let simulation = impatient(params);
    let caller = &simulation.caller.replicas[0];
    assert_eq!(outcomes(caller), [(0, Err(Failure::TimedOut)), (1, Ok(()))]);
    assert_times(&ends(caller), &[0.4, 2.5]);
}

#[test]
fn a_lost_message_is_silence_until_the_timeout() {
    topology! {
        Lossy {
            source users: at(&[0.0]) emits Job;
            node caller: Caller;
            node client: Client { timeout: 1s, retry: fixed(3, 250ms) };
            node backend: Backend {
                plan: |_, before, _| {
                    let fate = if before == 0 { Err(Failure::Lost) } else { Ok(()) };
                    (millis(10), fate)
                },
            };
            users -> caller -> client -> backend;
        }
    }
    let mut simulation = Lossy::new(default()).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 1.25]);
    let done = simulation.caller.replicas[0].done[0];
    assert_times(&[done.ended], &[1.26]);
    assert_eq!(done.outcome, Ok(()));
}

#[test]
fn late_replies_do_not_answer_later_attempts() {
    topology! {
        Late {
            source users: at(&[0.0]) emits Job;
            node caller: Caller;
            node client: Client { timeout: 100ms, retry: fixed(2, 0s) };
            // The first attempt is answered at 0.15 s, while the second, which fails, is under
            // way until 0.18 s.
            node backend: Backend {
                plan: |_, before, _| match before {
                    0 => answers_after(millis(150)),
                    _ => fails_after(millis(80)),
                },
            };
            users -> caller -> client -> backend;
        }
    }
    let mut simulation = Late::new(default()).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    let done = simulation.caller.replicas[0].done[0];
    assert_eq!(done.outcome, Err(Failure::Crashed));
    assert_times(&[done.ended], &[0.18]);
}

topology! {
    /// Customers who wait one second for an M/M/1 queue.
    Mm1Client {
        param count: u64 = 1_000_000;
        source users: Arrivals::poisson(Rate::per_second(7.0)).limit(count) emits Job;
        node client: Client { timeout: 1s };
        node server: Server<Job> { service: exp(100ms) };
        users -> client -> server;
    }
}

topology! {
    /// The same with the wrapper.
    Mm1Wrapper {
        param count: u64 = 1_000_000;
        source users: Arrivals::poisson(Rate::per_second(7.0)).limit(count) emits Job;
        node caller: Caller;
        node server: Server<Job> { service: exp(100ms) };
        users -> caller -> timeout(1s) -> server;
    }
}

#[track_caller]
fn assert_mm1_with_patience(requests: &happysim::report::HandlerReport, wider: f64) {
    let share = requests.failed_for("timed out") as f64 / requests.arrived as f64;
    assert_within("timed out", share, 0.049_787_068_37, 0.05 * wider);
    let latency = requests.latency.as_ref().expect("some were answered").mean.as_secs_f64();
    assert_within("latency of the others", latency, 0.280_937_636_8, 0.01 * wider);
}

#[test]
fn cl_timeout_v() {
    let (count, wider) = effort(970_000);
    let warm_up = seconds(count / 20 / 7);
    let params = Mm1ClientParams { count };
    let report = Mm1Client::new(params).seed(5).warm_up(warm_up).run().expect("a run");
    assert_mm1_with_patience(report.node("client").requests(), wider);

    let params = Mm1WrapperParams { count };
    let report = Mm1Wrapper::new(params).seed(6).warm_up(warm_up).run().expect("a run");
    assert_mm1_with_patience(report.node("caller").requests(), wider);
}
