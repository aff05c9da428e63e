//! What comes first, what time it is, and when a run ends.

use happysim::prelude::*;

fn at(nanos: u64) -> Instant {
    Instant::from_nanos(nanos)
}

/// Three tasks of one instant; the first sends a message.
#[entity]
struct Ties {
    #[state]
    log: Vec<char>,
    #[port]
    own: Send<char>,
}

#[entity]
impl Ties {
    #[process]
    async fn start(&mut self, cx: &mut Cx<Self>) {
        cx.spawn(self.wake(cx, 'A'));
        cx.spawn(self.wake(cx, 'B'));
        cx.sleep(millis(400)).await;
        cx.spawn(self.wake(cx, 'C'));
    }

    async fn wake(&mut self, cx: &mut Cx<Self>, name: char) {
        cx.sleep_until(at(1_000_000_000)).await;
        self.log.push(name);
        if name == 'A' {
            self.own.send(cx, 'D');
            cx.yield_now().await;
            self.log.push('E');
        }
    }

    async fn receive(&mut self, cx: &mut Cx<Self>, name: char) -> Outcome<()> {
        assert_eq!(cx.now(), at(1_000_000_000));
        self.log.push(name);
        Ok(())
    }
}

topology! {
    SameInstant {
        node ties: Ties;
        ties.own -> ties;
    }
}

// ENG-TIE.
#[test]
fn events_of_one_instant_run_in_the_order_of_scheduling() {
    let mut simulation = SameInstant::new(default()).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.ties.replicas[0].log, ['A', 'B', 'C', 'D', 'E']);
}

/// Sleeps a number of times.
#[entity]
struct Sleeper {
    nap: Duration,
    count: u64,
    #[state]
    woke: Option<Instant>,
}

#[entity]
impl Sleeper {
    #[process]
    async fn sleep(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..self.count {
            cx.sleep(self.nap).await;
        }
        self.woke = Some(cx.now());
    }
}

topology! {
    Sleepers {
        node short: Sleeper { nap: 100ms, count: 10 };
        node long: Sleeper { nap: 1ms, count: 1_000_000 };
    }
}

// ENG-TIME: time is a whole number of nanoseconds and does not drift.
#[test]
fn time_does_not_drift() {
    let mut simulation = Sleepers::new(default()).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.short.replicas[0].woke, Some(at(1_000_000_000)));
    assert_eq!(simulation.long.replicas[0].woke, Some(at(1_000_000_000_000)));
    assert_eq!(simulation.now(), at(1_000_000_000_000));
}

/// Does something every second for ever.
#[entity]
struct Ticker {
    #[state]
    ticks: Vec<Instant>,
}

#[entity]
impl Ticker {
    #[process]
    async fn tick(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(seconds(1)).await;
            self.ticks.push(cx.now());
        }
    }
}

topology! {
    Ticking {
        source endless: poisson(100/s);
        node sink: Sink<()>;
        node ticker: Ticker;
        endless -> sink;
    }
}

#[test]
fn nothing_happens_later_than_the_end() {
    let mut simulation = Ticking::new(default()).build().unwrap();
    simulation.run_until(at(4_999_999_999)).unwrap();
    assert_eq!(simulation.ticker.replicas[0].ticks.len(), 4);
    assert_eq!(simulation.now(), at(4_999_999_999));
    // What is due at the very end still happens, and it happens once.
    simulation.run_for(nanos(1)).unwrap();
    assert_eq!(simulation.ticker.replicas[0].ticks.len(), 5);
    simulation.run_until(at(5_000_000_000)).unwrap();
    simulation.run_until(at(3_000_000_000)).unwrap();
    assert_eq!(simulation.ticker.replicas[0].ticks.last(), Some(&at(5_000_000_000)));
    assert_eq!(simulation.now(), at(5_000_000_000));
    let mut whole = Ticking::new(default()).build().unwrap();
    whole.run_until(at(5_000_000_000)).unwrap();
    assert_eq!(whole.report().to_string(), simulation.report().to_string());
}

#[test]
fn single_steps_are_the_same_run() {
    let mut simulation = Ticking::new(default()).build().unwrap();
    while simulation.ticker.replicas[0].ticks.len() < 3 {
        assert!(simulation.step().unwrap());
    }
    assert_eq!(simulation.now(), at(3_000_000_000));
    let mut whole = Ticking::new(default()).build().unwrap();
    whole.run_until(at(3_000_000_000)).unwrap();
    assert_eq!(whole.report().to_string(), simulation.report().to_string());
}

topology! {
    /// Much of what happens falls on one instant, and most timers are never needed.
    Coinciding {
        source users: constant(500/s);
        source others: constant(333/s);
        node client: Client { timeout: 30s };
        #[allow(happysim::timeout_below_latency)]
        node hasty: Client { timeout: 14ms };
        link wan: Link { latency: 5ms };
        node server: Server { concurrency: 8, service: 6ms };
        node ticker[20]: Ticker;
        users -> client -> wan;
        others -> hasty -> wan;
        wan -> server;
    }
}

#[test]
fn single_steps_and_forks_within_an_instant_are_the_same_run() {
    let setup = Coinciding::new(default());
    let mut whole = setup.clone().build().unwrap();
    whole.run_until(at(5_000_000_000)).unwrap();
    assert!(whole.report().node("hasty").requests().failed_for("timed out") > 0);
    let mut simulation = setup.build().unwrap();
    let mut forks = Vec::new();
    while simulation.now() < at(5_000_000_000) {
        // Every so often, wherever that is within an instant.
        if simulation.events().is_multiple_of(9_973) {
            forks.push(simulation.fork());
        }
        assert!(simulation.step().unwrap());
    }
    assert!(forks.len() > 2 && simulation.events() > 30_000, "{}", simulation.events());
    for simulation in forks.iter_mut().chain([&mut simulation]) {
        simulation.run_until(at(5_000_000_000)).unwrap();
        assert_eq!(simulation.events(), whole.events());
        assert_eq!(simulation.report().to_string(), whole.report().to_string());
    }
}

/// Asks its server over and over, in the background.
#[entity]
struct Prober {
    #[state]
    probes: Vec<Instant>,
    #[port]
    target: Call<(), ()>,
}

#[entity]
impl Prober {
    #[background]
    async fn probe(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(seconds(10)).await;
            let outcome = self.target.call(()).timeout(seconds(100)).await;
            assert_eq!(outcome, Ok(()));
            self.probes.push(cx.now());
        }
    }
}

topology! {
    Probed {
        param arrivals: Arrivals = poisson(1/s);
        source users: arrivals;
        node prober: Prober;
        node server: Server { service: 1500ms };
        users -> server;
        prober -> server;
    }
}

#[test]
fn a_run_ends_when_only_background_work_is_left() {
    let users = [seconds(1), seconds(24)].map(|time| Instant::ZERO + time);
    let arrivals = Arrivals::replay(users).unwrap();
    let mut simulation = Probed::new(ProbedParams { arrivals }).build().unwrap();
    simulation.run().unwrap();
    // A probe that is under way does not keep the run alive either.
    assert_eq!(simulation.now(), at(25_500_000_000));
    assert_eq!(simulation.prober.replicas[0].probes, [at(11_500_000_000), at(23_000_000_000)]);
    let server = simulation.report();
    assert_eq!(server.node("server").requests().ok, 4);
}

/// Asks once, in the background, and has no patience at all.
#[entity]
struct Hasty {
    at: Duration,
    #[state]
    outcomes: Vec<(Instant, Outcome<()>)>,
    #[port]
    target: Call<(), ()>,
}

#[entity]
impl Hasty {
    #[background]
    async fn ask(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.at).await;
        let outcome = self.target.call(()).timeout(Duration::ZERO).await;
        self.outcomes.push((cx.now(), outcome));
    }
}

topology! {
    Hurry {
        param arrivals: Arrivals = poisson(1/s);
        param at: Duration = 0s;
        source users: arrivals;
        node hasty: Hasty { at: at };
        node server: Server { service: 1500ms, concurrency: 9 };
        users -> server;
        hasty -> server;
    }
}

/// Background work that comes to its deadline at the last instant of a run is told so, as it is
/// where the run is to end at that instant.
#[test]
fn the_last_instant_of_a_run_is_a_whole_one() {
    let run = |asks_at: Duration, run: fn(&mut Simulation<Hurry>)| {
        let arrivals = Arrivals::replay([Instant::ZERO + seconds(1)]).unwrap();
        let params = HurryParams { arrivals, at: asks_at };
        let mut simulation = Hurry::new(params).build().unwrap();
        run(&mut simulation);
        (simulation.hasty.replicas[0].outcomes.clone(), simulation.now(), simulation.events())
    };
    let last = at(2_500_000_000);
    let to_the_end = run(millis(2_500), |simulation| simulation.run().unwrap());
    assert_eq!((&*to_the_end.0, to_the_end.1), (&[(last, Err(Failure::TimedOut))][..], last));
    let until = run(millis(2_500), |it| it.run_until(at(2_500_000_000)).unwrap());
    assert_eq!(to_the_end, until);
    // What is later does not happen.
    let (outcomes, end, _) = run(millis(2_501), |simulation| simulation.run().unwrap());
    assert_eq!((outcomes, end), (vec![], last));
}

/// A call that may be answered at the very instant of its deadline.
#[entity]
struct Caller {
    patience: Duration,
    #[state]
    outcomes: Vec<(Instant, Outcome<()>)>,
    #[port]
    server: Call<(), ()>,
}

#[entity]
impl Caller {
    #[process]
    async fn call(&mut self, cx: &mut Cx<Self>) {
        let outcome = self.server.call(()).timeout(self.patience).await;
        self.outcomes.push((cx.now(), outcome));
        let mut handle: Handle<CallerServer> =
            self.server.call(()).timeout(self.patience).start(cx);
        cx.sleep(nanos(1)).await;
        let outcome = handle.await;
        self.outcomes.push((cx.now(), outcome));
        let mut handles: Vec<Handle<CallerServer>> = Vec::new();
        handles.push(self.server.start(cx, ()));
        let outcome: Option<(usize, Outcome<()>)> =
            first(&mut handles).timeout(self.patience).await;
        self.outcomes.push((cx.now(), outcome.map_or(Err(Failure::TimedOut), |(_, done)| done)));
    }
}

/// Passes calls on at once.
#[entity]
struct Hop {
    #[port]
    next: Call<(), ()>,
}

#[entity]
impl Hop {
    async fn pass(&mut self, _cx: &mut Cx<Self>, request: ()) -> Outcome<()> {
        self.next.call(request).await
    }
}

topology! {
    Deadline {
        param patience: Duration = 10ms;
        node caller: Caller { patience: patience };
        node near: Hop;
        node far: Hop;
        node server: Server { service: 10ms, concurrency: 8 };
        caller -> near -> far -> server;
    }
}

#[test]
fn a_reply_at_the_instant_of_the_deadline_is_in_time() {
    let mut simulation = Deadline::new(default()).build().unwrap();
    simulation.run().unwrap();
    let expected = [10_000_000, 20_000_000, 30_000_000].map(|time| (at(time), Ok(())));
    assert_eq!(simulation.caller.replicas[0].outcomes, expected);
    assert_eq!(simulation.now(), at(30_000_000));
}

#[test]
fn a_reply_a_nanosecond_later_is_not() {
    let patience = nanos(9_999_999);
    let mut simulation = Deadline::new(DeadlineParams { patience }).build().unwrap();
    simulation.run().unwrap();
    let expected = [1, 2, 3].map(|call| (at(call * 9_999_999), Err(Failure::TimedOut)));
    assert_eq!(simulation.caller.replicas[0].outcomes, expected);
    // The server works on for nobody.
    assert_eq!(simulation.report().node("server").requests().ok, 3);
    assert_eq!(simulation.now(), at(2 * 9_999_999 + 10_000_000));
}

#[test]
fn a_run_ends_with_the_last_that_happens_not_with_timers_of_the_past() {
    let patience = hours(1);
    let mut simulation = Deadline::new(DeadlineParams { patience }).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.now(), at(30_000_000));
    let use_of_slots = simulation.report().node("server").resource("slots").in_use_mean;
    assert!((use_of_slots - 1.0).abs() < 1e-9, "{use_of_slots}");
}
