//! How many replicas a wrapper in a chain of arrows has, and whom each of them serves.

#![allow(missing_docs, reason = "entities of a test")]
// The lints count replicas too.
#![deny(deprecated)]

use happysim::prelude::*;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ping(usize);

/// Counts what it answers.
#[entity]
struct Echo {
    #[state]
    from: Vec<usize>,
}

#[entity]
impl Echo {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn echo(&mut self, _cx: &mut Cx<Self>, ping: Ping) -> Outcome<Ping> {
        self.from.push(ping.0);
        Ok(ping)
    }
}

/// Sends the number of its replica, four times.
#[entity]
struct Caller {
    #[port]
    out: Call<Ping, Ping>,
}

#[entity]
impl Caller {
    #[process]
    async fn call(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..4 {
            let _ = self.out.call(Ping(cx.replica())).await;
        }
    }
}

/// How many requests came to each replica of a node.
fn each(report: &Report, path: &str) -> Vec<u64> {
    let node = report.node(path);
    if node.replicas.is_empty() {
        return vec![node.requests().arrived];
    }
    node.replicas.iter().map(|replica| replica.requests().arrived).collect()
}

macro_rules! report {
    ($topology:ident) => {{
        let mut simulation = $topology::new(default()).build().expect("valid");
        simulation.run().expect("runs");
        simulation.report()
    }};
}

topology! {
    BeforeABalancer {
        node a: Caller;
        node lb: LoadBalancer<RoundRobin>;
        node api[2]: Echo;
        a -> timeout(100ms) -> lb -> api[*];
    }
}

#[test]
fn a_wrapper_before_a_balancer_belongs_to_its_caller() {
    let report = report!(BeforeABalancer);
    assert_eq!(each(&report, "a.timeout"), [4]);
    assert_eq!(each(&report, "api"), [2, 2]);
}

topology! {
    OnBothSides {
        node a: Caller;
        node lb: LoadBalancer<RoundRobin>;
        node api[2]: Echo;
        a -> timeout(100ms) -> bulkhead(8) -> lb -> breaker(failures: 5, open: 1s) -> bulkhead(4) -> api[*];
    }
}

#[test]
fn only_wrappers_right_before_the_lanes_are_made_for_each_lane() {
    let report = report!(OnBothSides);
    assert_eq!(each(&report, "a.timeout"), [4]);
    assert_eq!(each(&report, "a.bulkhead"), [4]);
    assert_eq!(each(&report, "lb.breaker"), [2, 2]);
    assert_eq!(each(&report, "lb.bulkhead"), [2, 2]);
}

topology! {
    ManyCallers {
        node a[3]: Caller;
        node lb: LoadBalancer<RoundRobin>;
        node api[2]: Echo;
        a -> timeout(100ms) -> bulkhead(8) -> lb -> bulkhead(4) -> api[*];
    }
}

#[test]
fn each_replica_of_a_caller_has_a_wrapper_of_its_own() {
    let report = report!(ManyCallers);
    assert_eq!(each(&report, "a.timeout"), [4, 4, 4]);
    assert_eq!(each(&report, "a.bulkhead"), [4, 4, 4]);
    assert_eq!(each(&report, "lb.bulkhead"), [6, 6]);
    assert_eq!(each(&report, "api"), [6, 6]);
}

topology! {
    /// The replicated node stands in the middle.
    GoesOn {
        node a: Caller;
        node lb: LoadBalancer<RoundRobin>;
        node client[2]: Client;
        node db: Echo;
        a -> lb -> bulkhead(4) -> client[*] -> timeout(100ms) -> bulkhead(8) -> db;
    }
}

#[test]
fn lanes_in_the_middle_of_a_chain_count_as_at_its_end() {
    let report = report!(GoesOn);
    assert_eq!(each(&report, "lb.bulkhead"), [2, 2]);
    assert_eq!(each(&report, "client"), [2, 2]);
    assert_eq!(each(&report, "client.timeout"), [2, 2]);
    assert_eq!(each(&report, "client.bulkhead"), [2, 2]);
    assert_eq!(each(&report, "db"), [4]);
}

topology! {
    /// Lanes twice in one chain.
    Twice {
        node a: Caller;
        node front: LoadBalancer<RoundRobin>;
        node client[2]: Client;
        node back: LoadBalancer<RoundRobin>;
        node api[4]: Echo;
        a -> front -> bulkhead(4) -> client[*] -> timeout(1s) -> back -> bulkhead(2) -> api[*];
    }
}

#[test]
fn each_lane_is_that_of_the_next_node() {
    let report = report!(Twice);
    assert_eq!(each(&report, "front.bulkhead"), [2, 2]);
    assert_eq!(each(&report, "client.timeout"), [2, 2]);
    assert_eq!(each(&report, "back.bulkhead"), [1, 1, 1, 1]);
    assert_eq!(each(&report, "api"), [1, 1, 1, 1]);
}

topology! {
    PairedAndFixed {
        node a[2]: Caller;
        node client[2]: Client;
        node api[3]: Echo;
        a -> timeout(1s) -> client[same] -> bulkhead(4) -> timeout(1s) -> api[1];
    }
}

#[test]
fn a_wrapper_before_one_replica_belongs_to_its_caller() {
    let mut simulation = PairedAndFixed::new(default()).build().expect("valid");
    simulation.run().expect("runs");
    let report = simulation.report();
    assert_eq!(each(&report, "a.timeout"), [4, 4]);
    assert_eq!(each(&report, "client"), [4, 4]);
    assert_eq!(each(&report, "client.bulkhead"), [4, 4]);
    assert_eq!(each(&report, "client.timeout"), [4, 4]);
    assert_eq!(each(&report, "api"), [0, 8, 0]);
    let callers = &mut simulation.api.replicas[1].from.clone();
    callers.sort_unstable();
    assert_eq!(*callers, [0, 0, 0, 0, 1, 1, 1, 1]);
}

topology! {
    OneOfThree {
        node a: Caller;
        node api[3]: Echo;
        a -> timeout(1s) -> api[2];
    }
}

#[test]
fn a_wrapper_before_one_of_several_is_one() {
    let report = report!(OneOfThree);
    assert_eq!(each(&report, "a.timeout"), [4]);
    assert_eq!(each(&report, "api"), [0, 0, 4]);
}

topology! {
    OverALink {
        node a[2]: Caller;
        node lb: LoadBalancer<RoundRobin>;
        node api[2]: Echo;
        link cable: Link { latency: 1ms };
        link lanes[2]: Link { latency: 1ms };
        a -> timeout(1s) -> cable -> bulkhead(16) -> lb -> bulkhead(4) -> lanes[*] -> bulkhead(4) -> api[same];
    }
}

#[test]
fn links_count_as_the_nodes_that_they_are() {
    let report = report!(OverALink);
    assert_eq!(each(&report, "a.timeout"), [4, 4]);
    assert_eq!(each(&report, "cable.bulkhead"), [8]);
    assert_eq!(each(&report, "lb.bulkhead"), [4, 4]);
    assert_eq!(each(&report, "lanes.bulkhead"), [4, 4]);
    assert_eq!(each(&report, "api"), [4, 4]);
}
