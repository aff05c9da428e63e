//! What `topology!` makes of nodes and arrows: lanes, wrappers, generics, shared objects.

#![allow(missing_docs, reason = "entities of a test")]

use happysim::prelude::*;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ping(u32);

#[derive(Debug, Clone, Default)]
pub struct Line(String);

/// Replies with its message after a delay, and logs it one way.
#[entity]
struct Echo<M: Message> {
    delay: Distribution,
    #[port]
    log: Send<Line>,
}

#[entity]
impl<M: Message> Echo<M> {
    async fn echo(&mut self, cx: &mut Cx<Self>, message: M) -> Outcome<M> {
        cx.sleep(self.delay.sample(cx)).await;
        self.log.send(cx, Line(format!("{}: {message:?} at {}", cx.replica(), cx.now())));
        Ok(message)
    }
}

#[entity]
struct Log {
    #[state]
    lines: Vec<String>,
}

#[entity]
impl Log {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn write(&mut self, _cx: &mut Cx<Self>, line: Line) -> Outcome<()> {
        self.lines.push(line.0);
        Ok(())
    }
}

/// Asks all lanes and waits for some of them.
#[entity]
struct Fan<M: Message> {
    wanted: usize,
    #[state]
    took: Vec<Duration>,
    #[port]
    replicas: Call<M, M>,
}

#[entity]
impl<M: Message> Fan<M> {
    async fn ask(&mut self, cx: &mut Cx<Self>, message: M) -> Outcome<M> {
        let started: Instant = cx.now();
        let mut group: Group<FanReplicas<M>> = Group::new();
        for lane in 0..self.replicas.lanes(cx) {
            group.add(self.replicas.lane(lane).start(cx, message.clone()));
        }
        let gathered = quorum(&mut group, self.wanted).await;
        self.took.push(cx.now() - started);
        if gathered.is_met() { Ok(message) } else { Err(Failure::Unavailable) }
    }
}

topology! {
    /// Generic over the message and the number of replicas.
    Fanned<M: Message + Default, const N: usize> {
        param wanted: usize = 2;
        source users: constant(1/s) emits M;
        node fan: Fan<M> { wanted: wanted };
        node echo[N]: Echo<M> { delay: millis(10 * (replica as u64 + 1)) };
        node log: Log;
        users -> fan -> echo[*];
        echo.log -> log;
    }
}

#[test]
fn a_topology_may_be_generic_over_types_and_constants() {
    let params = FannedParams { wanted: 2, ..default() };
    let mut simulation = Fanned::<Ping, 3>::new(params).build().expect("valid");
    simulation.run_for(millis(1500)).expect("runs");
    assert_eq!(simulation.echo.replicas.len(), 3);
    assert_eq!(simulation.fan.replicas[0].took, [millis(20)]);
    let expected = ["0: Ping(0) at 1.01s", "1: Ping(0) at 1.02s", "2: Ping(0) at 1.03s"];
    assert_eq!(simulation.log.replicas[0].lines, expected);
}

#[test]
fn the_drawing_shows_nodes_ports_and_lanes() {
    let expected = "flowchart LR\n    users([users])\n    fan[\"fan: Fan\"]\n    \
                    echo[\"echo: Echo x n\"]\n    log[\"log: Log\"]\n    users --> fan\n    \
                    fan ==> echo\n    echo -->|log| log\n";
    assert_eq!(Fanned::<Ping, 3>::diagram(), expected);
}

#[test]
fn each_handler_is_drawn_with_its_steps() {
    let diagrams = Fanned::<Ping, 3>::state_diagrams();
    let named: Vec<_> = diagrams.iter().map(|(node, it)| (*node, it.entity, it.function)).collect();
    assert_eq!(named[0].0, "users");
    assert!(named.contains(&("echo", "Echo", "echo")), "{named:?}");
    let expected = "stateDiagram-v2\n    Sleep: cx.sleep(..)\n    [*] --> Sleep\n    \
                    Sleep --> [*]\n";
    assert_eq!(Echo::<Ping>::state_diagrams()[0].mermaid, expected);
}

/// Calls its port once, at a time of its own, and notes the outcome.
#[entity]
struct Caller {
    #[state]
    outcomes: Vec<(Instant, Outcome<Ping>)>,
    #[port]
    out: Call<Ping, Ping>,
}

#[entity]
impl Caller {
    #[process]
    async fn call(&mut self, cx: &mut Cx<Self>) {
        let number = cx.replica() as u32;
        let outcome = self.out.call(Ping(number)).await;
        self.outcomes.push((cx.now(), outcome));
    }
}

/// A relay that a user writes: it counts what passes.
#[entity(relay)]
struct Turnstile<Request: Message, Reply: Message> {
    #[state]
    passed: u32,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Turnstile<Request, Reply> {
    async fn pass(&mut self, _cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        self.passed += 1;
        self.next.call(request).await
    }
}

topology! {
    Paired {
        node caller[3]: Caller;
        node echo[3]: Echo<Ping> { delay: millis(10 * (replica as u64 + 1)) };
        node log: Log;
        caller -> timeout(25ms) -> echo[same];
        echo.log -> log;
    }
}

#[test]
fn same_pairs_replicas_and_a_wrapper_belongs_to_its_caller() {
    let mut simulation = Paired::new(default()).build().expect("valid");
    simulation.run().expect("runs");
    let outcomes: Vec<_> = simulation
        .caller
        .replicas
        .iter()
        .map(|caller| (caller.outcomes[0].0.as_nanos() / 1_000_000, caller.outcomes[0].1.clone()))
        .collect();
    let expected = [(10, Ok(Ping(0))), (20, Ok(Ping(1))), (25, Err(Failure::TimedOut))];
    assert_eq!(outcomes, expected);
    assert_eq!(simulation.report().node("caller.timeout").replicas.len(), 3);
}

topology! {
    Fixed {
        node caller: Caller;
        node echo[3]: Echo<Ping> { delay: millis(10 * (replica as u64 + 1)) };
        node log: Log;
        caller.out -> Turnstile {} -> echo.echo[2];
        echo.log -> log;
    }
}

#[test]
fn an_arrow_may_lead_to_one_replica_through_a_wrapper_of_the_users() {
    let mut simulation = Fixed::new(default()).build().expect("valid");
    simulation.run().expect("runs");
    let caller = &simulation.caller.replicas[0];
    assert_eq!(caller.outcomes, [(Instant::ZERO + millis(30), Ok(Ping(0)))]);
    assert_eq!(simulation.caller_out_turnstile.replicas[0].passed, 1);
}

topology! {
    /// Lanes through wrappers: one breaker and one bulkhead for each replica.
    PerLane {
        source users: constant(10/s) emits Ping;
        node lb: LoadBalancer<RoundRobin>;
        node echo[2]: Echo<Ping> { delay: 1ms };
        node log: Log;
        users -> lb -> breaker(failures: 5, open: 1s) -> bulkhead(4) -> echo[*];
        echo.log -> log;
    }
}

#[test]
fn wrappers_before_lanes_are_made_for_each_lane() {
    let mut simulation = PerLane::new(default()).build().expect("valid");
    simulation.run_for(seconds(1)).expect("runs");
    let report = simulation.report();
    let each = |path: &str| -> Vec<u64> {
        report.node(path).replicas.iter().map(|replica| replica.requests().arrived).collect()
    };
    assert_eq!(each("lb.breaker"), [5, 5]);
    assert_eq!(each("lb.bulkhead"), [5, 5]);
    assert_eq!(each("echo"), [5, 5]);
}

#[test]
fn a_number_of_replicas_below_one_is_refused_by_name() {
    topology! {
        Few {
            param replicas: usize = 0;
            node caller[replicas]: Caller;
            node echo: Echo<Ping> { delay: 1ms };
            node log: Log;
            caller -> echo;
            echo.log -> log;
        }
    }
    let error = Few::new(default()).build().expect_err("no replica").to_string();
    assert!(error.contains("caller") && error.contains("number of replicas"), "{error}");
}

#[test]
fn nodes_may_be_called_like_what_the_macro_makes() {
    topology! {
        /// Nothing in it is called as somebody would call it.
        Odd {
            source params: constant(1/s).limit(3);
            node wires: Client;
            node context: Client;
            node port0: Client;
            node handler0: Client;
            node node: Client;
            node last: Server { service: 10ms };
            params -> wires -> context -> port0 -> handler0 -> node -> last;
        }
    }
    let report = Odd::new(default()).run().unwrap();
    assert_eq!(report.node("last").requests().ok, 3);
}

#[test]
fn a_default_may_be_that_of_the_parameters_type() {
    topology! {
        Idle {
            param limit: u64 = Default::default();
            param pause: Duration = std::default::Default::default();
            param names: Vec<String> = Default::default();
            source users: constant(1/s).limit(limit);
            node last: Server { service: pause };
            users -> last;
        }
    }
    let params = IdleParams::default();
    assert_eq!((params.limit, params.pause, params.names.len()), (0, Duration::ZERO, 0));
    let report = Idle::new(IdleParams { limit: 2, ..params }).run().unwrap();
    assert_eq!(report.node("last").requests().ok, 2);
}

/// Rests for each of its times.
#[entity]
struct Rester {
    times: Vec<Duration>,
    #[state]
    rested: Vec<Instant>,
}

#[entity]
impl Rester {
    #[process]
    async fn rest(&mut self, cx: &mut Cx<Self>) {
        for time in self.times.clone() {
            cx.sleep(time).await;
            self.rested.push(cx.now());
        }
    }
}

#[test]
fn a_list_may_be_given_as_an_array() {
    topology! {
        Rests {
            param pause: Duration = 2s;
            node one: Rester { times: [1s, pause, long_rest()] };
            node none: Rester { times: [] };
            node many[2]: Rester { times: [[1s, 3s][replica]] };
        }
    }
    let mut simulation = Rests::new(default()).build().unwrap();
    simulation.run().unwrap();
    let rested = |rester: &Rester| {
        rester.rested.iter().map(|it| it.since(Instant::ZERO).as_secs_f64()).collect::<Vec<_>>()
    };
    assert_eq!(rested(&simulation.one.replicas[0]), [1.0, 3.0, 7.0]);
    assert_eq!(rested(&simulation.none.replicas[0]), []);
    assert_eq!(rested(&simulation.many.replicas[1]), [3.0]);
}

fn long_rest() -> Duration {
    seconds(4)
}

#[test]
fn durations_may_be_those_of_the_standard_library() {
    use core::time::Duration as Std;

    topology! {
        Standard {
            param pause: Duration = Std::from_millis(10);
            source users: constant(1/s).limit(4);
            link cable: Link { latency: Std::from_millis(5) };
            node last: Server { service: constant(Std::from_millis(20)) };
            users -> timeout(Std::from_secs(1)) -> hedge(Std::from_millis(500)) -> cable -> last;
        }
    }
    let params = StandardParams::default();
    assert_eq!(params.pause, millis(10));
    let report = Standard::new(params).run().unwrap();
    assert_eq!(report.node("last").requests().ok, 4);
}
