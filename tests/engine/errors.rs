//! What is wrong in a model is named while it runs, and what came before is not lost.

use happysim::model::parameter::IntoParameter;
use happysim::prelude::*;

/// Sends everything back at once.
#[entity]
struct Wall {
    #[state]
    bounces: u64,
    #[port]
    back: Send<u64>,
}

#[entity]
impl Wall {
    async fn bounce(&mut self, cx: &mut Cx<Self>, ball: u64) -> Outcome<()> {
        self.bounces += 1;
        self.back.send(cx, ball);
        Ok(())
    }
}

topology! {
    Squash {
        source balls: constant(1/s) emits u64 = |arrival| arrival.number;
        node left: Wall;
        node right[2]: Wall;
        balls -> left;
        left -> right[1];
        right -> left;
    }
}

#[test]
fn an_instant_without_an_end_is_named() {
    let result = Squash::new(default()).events_per_instant(1_000).run_for(seconds(10));
    let Err(SimError::EndlessInstant { place, events, report }) = result else {
        panic!("time stands still: {result:?}")
    };
    assert_eq!(place.at, Instant::ZERO + seconds(1));
    assert!(["left", "right[1]"].contains(&place.node.as_str()), "{place}");
    assert_eq!((place.handler.as_str(), place.step.as_str()), ("bounce", "the start"));
    assert_eq!(events, 1_001);
    assert!(report.node("left").requests().arrived > 400);
}

/// Lets everybody else go first, for ever.
#[entity]
struct Polite {
    after: Duration,
}

#[entity]
impl Polite {
    #[process]
    async fn wait(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.after).await;
        loop {
            cx.yield_now().await;
        }
    }
}

topology! {
    Etiquette {
        node polite: Polite { after: 3s };
    }
}

#[test]
fn a_task_that_only_yields_is_named_with_its_step() {
    let result = Etiquette::new(default()).events_per_instant(1_000).run();
    let Err(SimError::EndlessInstant { place, .. }) = result else {
        panic!("time stands still: {result:?}")
    };
    assert_eq!(place.to_string(), "`polite.wait` at `cx.yield_now()`, after 3s",);
}

/// Starts itself again and again, without an event in between.
#[entity]
struct Rabbits {
    #[state]
    born: u64,
}

#[entity]
impl Rabbits {
    #[process]
    async fn settle(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(seconds(1)).await;
        cx.spawn(self.multiply(cx));
    }

    async fn multiply(&mut self, cx: &mut Cx<Self>) {
        self.born += 1;
        cx.spawn(self.multiply(cx));
    }
}

topology! {
    Meadow {
        node rabbits: Rabbits;
    }
}

#[test]
fn a_task_that_spawns_itself_is_named() {
    let mut simulation = Meadow::new(default()).events_per_instant(1_000).build().unwrap();
    let result = simulation.run();
    let Err(SimError::EndlessInstant { place, .. }) = result else {
        panic!("time stands still: {result:?}")
    };
    assert_eq!(place.to_string(), "`rabbits.multiply` at `the start`, after 1s");
    assert!((900..=1_000).contains(&simulation.rabbits.replicas[0].born));
}

#[test]
fn many_events_in_one_instant_are_no_error() {
    let result = Squash::new(default()).events_per_instant(1_000).run_for(millis(999));
    assert!(result.is_ok(), "{result:?}");
}

/// Breaks at its tenth request.
#[entity]
struct Fragile {
    slots: Resource,
    #[state]
    count: u64,
}

#[entity]
impl Fragile {
    async fn work(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let _slot = self.slots.acquire(1).await;
        cx.sleep(millis(10)).await;
        self.count += 1;
        assert!(self.count < 10, "request {number} was one too many");
        Ok(())
    }
}

/// Always the last.
#[entity]
struct Last {
    #[port]
    backends: Call<u64, ()>,
}

#[entity]
impl Last {
    async fn pass(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let lane = self.backends.lanes(cx) - 1;
        self.backends.lane(lane).call(number).await
    }
}

topology! {
    Breakable {
        source users: constant(10/s) emits u64 = |arrival| arrival.number;
        node last: Last;
        node worker[3]: Fragile { slots: 1 };
        users -> last -> worker[*];
    }
}

#[test]
fn a_panic_is_an_error_with_its_place_and_the_report_up_to_then() {
    let mut simulation = Breakable::new(default()).build().unwrap();
    let result = simulation.run_for(seconds(10));
    let Err(SimError::Panic { place, message, report }) = result else {
        panic!("a panic is an error: {result:?}")
    };
    assert_eq!(message, "request 9 was one too many");
    assert_eq!(
        (place.node.as_str(), place.handler.as_str(), place.at),
        ("worker[2]", "work", Instant::ZERO + millis(1_010))
    );
    assert!(place.step.contains("cx.sleep"), "{}", place.step);
    assert_eq!(report.node("worker[2]").requests().ok, 9);
    assert_eq!(report.node("last").requests().ok, 9);
    assert_eq!(report.facts.simulated, millis(1_010));
}

topology! {
    Wrong {
        param replicas: i32 = 0;
        // Literals would be refused when the test is compiled.
        param concurrency: i32 = -1;
        param queue_capacity: i32 = -3;
        param variation: f64 = -2.0;
        param slow: Duration = 20s;
        source users: poisson(1/s);
        node server: Server {
            concurrency: concurrency,
            service: lognormal(10ms, cv(variation)),
            queue_capacity: queue_capacity,
        };
        node many[replicas]: Server;
        node ranged[2]: Ranged { share: if replica == 1 { 1.5 } else { 0.5 }, pace: profile! {
            hold 1s for 1s; ramp to slow over 1s
        } };
        users -> server;
        ranged -> many[*];
    }
}

/// Parameters with ranges.
#[entity]
struct Ranged {
    #[param(default = 0.5, range = 0..=1)]
    share: Varying<f64>,
    #[param(default = seconds(1), range = ..=10)]
    pace: Varying<Duration>,
    #[port]
    next: Call<(), ()>,
}

#[entity]
impl Ranged {
    #[background]
    async fn ask(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.pace.at(cx.now()).mul_f64(self.share.at(cx.now()))).await;
        let _outcome = self.next.call(()).await;
    }
}

topology! {
    /// Whose parameters are valid or not by more than one number.
    Compound {
        param eviction: Eviction = Eviction::Lru;
        param path: Path = 1ms;
        param partitions: Vec<Partition> = Vec::new();
        param paths: Paths = Paths::default();
        param connections: Resource = 4;
        param strategy: ConsistentHash = ConsistentHash::default();
        param weights: Weights = Weights::default();
        source users: poisson(1/s) emits usize = |arrival| arrival.number as usize;
        source readers: poisson(1/s) emits KeyValueRequest = |arrival| KeyValueRequest::get(arrival.number);
        source askers: poisson(1/s);
        node balancer: LoadBalancer<ConsistentHash> {
            strategy: strategy,
            weights: weights,
            key: |number| *number as u64,
        };
        node network[2]: Network {
            route: |message| (0, *message),
            default_path: path,
            paths: paths,
            partitions: partitions,
        };
        node host[3]: Server<usize>;
        node cache: CachedStore { capacity: 10, eviction: eviction };
        node store: KVStore { eviction: eviction };
        node database: Database { connections: connections, query: 1ms };
        users -> balancer -> network[*];
        network -> host[*];
        readers -> cache -> store;
        askers -> database;
    }
}

/// What is said of these, each by itself.
fn refused(params: CompoundParams) -> Vec<String> {
    match Compound::new(params).build() {
        Ok(_) => Vec::new(),
        Err(SimError::Build(errors)) => errors.iter().map(ToString::to_string).collect(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_wrong_part_of_a_parameter_is_told_likewise() {
    assert_eq!(refused(default()), Vec::<String>::new());
    for (share, text) in [(0.0, "0"), (1.0, "1"), (1.5, "1.5"), (-0.5, "-0.5"), (f64::NAN, "NaN")] {
        let policies = [
            ("slru", Eviction::Slru { share }),
            ("s3_fifo", Eviction::S3Fifo { share }),
            ("two_queue", Eviction::TwoQueue { share, ghosts: 0.5 }),
        ];
        for (policy, eviction) in policies {
            let expected = ["cache", "store"].map(|node| {
                format!(
                    "`eviction` of `{node}` is `{policy}`, whose share is {text}: it must be above 0 \
                     and below 1"
                )
            });
            assert_eq!(refused(CompoundParams { eviction, ..default() }), expected);
        }
    }
    let eviction = Eviction::TwoQueue { share: 0.5, ghosts: f64::INFINITY };
    assert_eq!(
        refused(CompoundParams { eviction, ..default() })[0],
        "`eviction` of `cache` is `two_queue`, whose share of remembered keys is inf: it must be above \
         0 and finite"
    );

    let none = Bandwidth::default();
    let narrow = || Path::new(millis(1)).bandwidth(profile! { hold 1Mbps for 1s; hold none });
    let connections = Resource::new(4).queue(happysim::queueing::codel(millis(5), Duration::ZERO));
    let found = refused(CompoundParams {
        path: Path::new(millis(1)).bandwidth(Bandwidth::default()),
        paths: Paths::new([((0, 1), Path::default()), ((2, 1), narrow())]),
        partitions: vec![Partition::between([0], [1]).during(seconds(6)..seconds(2))],
        connections,
        strategy: ConsistentHash::virtual_nodes(0),
        weights: [f64::INFINITY, 1.0].into_parameter().unwrap(),
        ..default()
    });
    let network = |replica: usize| {
        [
            "default_path` of `network[#]` is a path, whose bandwidth is 0bps: it must be at least 1bps",
            "paths` of `network[#]` is the path from 2 to 1, whose bandwidth is a profile that reaches \
             0bps: it must be at least 1bps",
            "partitions` of `network[#]` is a partition during 6s..2s: it must end after it begins",
        ]
        .map(|line| format!("`{}", line.replace('#', &replica.to_string())))
    };
    let mut expected = vec![
        "`strategy` of `balancer` is a consistent hash whose number of virtual nodes is 0: it must be at \
         least 1"
            .to_owned(),
        "`weights` of `balancer` is inf: a weight must be finite".to_owned(),
    ];
    expected.extend(network(0));
    expected.extend(network(1));
    expected.push(
        "`connections` of `database` is `codel`, whose interval is 0s: it must be at least 1ns"
            .to_owned(),
    );
    assert_eq!(found, expected);
    let strategy = ConsistentHash::default().bounded(0.5);
    assert_eq!(
        refused(CompoundParams { strategy, ..default() }),
        [
            "`strategy` of `balancer` is a consistent hash whose bound of the load is 0.5: it must be at \
          least 1"
        ]
    );
}

#[test]
fn hosts_that_do_not_exist_are_told_when_it_is_built() {
    let partitions = vec![Partition::between([0], [1, 2]), Partition::one_way([1], [0, 3])];
    let paths = Paths::new([((0, 2), Path::default()), ((3, 0), Path::default())]);
    let lines = |replica: usize| {
        [
            format!(
                "`paths` of `network[{replica}]` is a path from 3 to 0: a host must be from 0 to 2, as \
                 there are 3"
            ),
            format!(
                "`partitions` of `network[{replica}]` is a partition of host 3: a host must be from 0 to \
                 2, as there are 3"
            ),
        ]
    };
    let params = CompoundParams { partitions: partitions.clone(), paths, ..default() };
    assert_eq!(refused(params), [lines(0), lines(1)].concat());

    let mut simulation = Compound::new(default()).build().unwrap();
    let changed = simulation.change_replica(
        |compound| &mut compound.network,
        1,
        |network| network.partitions(partitions.clone()),
    );
    let error = changed.unwrap_err();
    assert!(matches!(error, SimError::Change(_)));
    let told = error.to_string();
    assert!(told.contains(&lines(1)[1]) && !told.contains("paths"), "{told}");
}

#[test]
fn every_wrong_parameter_is_told_with_node_value_and_range() {
    let result = Wrong::new(default()).build();
    let Err(SimError::Build(errors)) = result else { panic!("nothing of that can be built") };
    let text = SimError::Build(errors).to_string();
    let expected = "the topology cannot be built:
  `number of replicas` of `many` is 0: it must be at least 1
  `concurrency` of `server` is -1: it must be from 0 to 9007199254740992
  `service` of `server` is a lognormal distribution with -2 as `cv`: `cv` must be from 0 to 1e6
  `queue_capacity` of `server` is -3: it must be from 0 to 9007199254740992
  `pace` of `ranged[0]` is a profile that reaches 20s: it must be at most 10s
  `share` of `ranged[1]` is 1.5: it must be from 0 to 1
  `pace` of `ranged[1]` is a profile that reaches 20s: it must be at most 10s";
    assert_eq!(text, expected);
}
