//! Messages that are lost behind wrappers: whose wait ends, when, and with what.

use happysim::prelude::*;
use happysim::report::NodeReport;
use suite::scripted::{Caller, Job, assert_times, at};

/// Calls what is next without a timeout, with a permit in hand.
#[entity]
struct Careless {
    workers: Resource,
    #[port]
    next: Call<Job, ()>,
}

#[entity]
impl Careless {
    async fn handle(&mut self, _cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        let _worker = self.workers.acquire(1).await;
        self.next.call(job).await
    }
}

topology! {
    /// A client with a timeout, a breaker without, and a line that loses everything at first.
    Partition {
        param arrivals: Arrivals = at(&[0.0, 0.1, 0.2, 0.3, 0.4, 0.45, 0.7]);
        param patience: Option<Varying<Duration>> = Some(Varying::Constant(millis(200)));
        param call_timeout: Option<Varying<Duration>> = None;
        param healed: Duration = 1h;
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node client: Client { timeout: patience };
        node fuse: CircuitBreaker { failure_threshold: 5, timeout: 2s, call_timeout: call_timeout };
        link wan: Link {
            latency: 10ms,
            loss: profile! { hold 100% for healed; hold 0% },
        };
        node server: Server<Job> { service: 10ms, concurrency: 100 };
        users -> caller -> client -> fuse -> wan -> server;
    }
}

fn opened_at(simulation: &mut Simulation<Partition>) -> f64 {
    while simulation.fuse.replicas[0].state() == CircuitState::Closed {
        assert!(simulation.step().unwrap(), "it opens at last");
    }
    simulation.now().as_secs_f64()
}

#[test]
fn a_breaker_learns_of_a_lost_message_when_its_caller_gives_up() {
    let mut simulation = Partition::new(default()).build().unwrap();
    assert_times(&[opened_at(&mut simulation)], &[0.6]);
    simulation.run().unwrap();
    let report = simulation.report();
    let fuse = report.node("fuse");
    assert_eq!(fuse.requests().failed_for("lost"), 6);
    assert_eq!(fuse.requests().failed_for("circuit open"), 1);
    assert_eq!(fuse.metric("outdated").as_count(), Some(1), "the one at 0.45 s");
    assert!(report.all_nodes().all(|node| node.handlers.iter().all(|it| it.in_flight == 0)));
    assert!(report.stuck.is_empty());
    let ends: Vec<f64> = simulation.caller.replicas[0].done.iter().map(|done| done.ended).collect();
    assert_times(&ends, &[0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7]);
    assert_eq!(report.node("client").requests().failed_for("timed out"), 6);
    let late = |metric: &happysim::report::Metric| metric.name.starts_with("late");
    assert!(!report.node("client").metrics.iter().any(late), "what never comes is not late");
}

#[test]
fn its_own_timeout_comes_first_where_it_is_shorter() {
    let call_timeout = Some(Varying::Constant(millis(150)));
    let params = PartitionParams { call_timeout, ..default() };
    let mut simulation = Partition::new(params).build().unwrap();
    assert_times(&[opened_at(&mut simulation)], &[0.55]);
    simulation.run().unwrap();
    let report = simulation.report();
    assert_eq!(report.node("fuse").requests().failed_for("timed out"), 6);
    assert_eq!(report.node("client").requests().failed_for("timed out"), 6);
}

#[test]
fn a_reply_that_only_comes_late_is_late_and_no_loss() {
    // Nothing is lost, but the way there and back takes longer than the client waits.
    let patience = Some(Varying::Constant(millis(25)));
    let arrivals = at(&[0.1, 0.2, 0.3]);
    let params = PartitionParams { patience, healed: millis(1), arrivals, ..default() };
    let mut simulation = Partition::new(params).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    assert_eq!(report.node("fuse").requests().ok, 3);
    assert_eq!(report.node("client").metric("late replies to next").as_count(), Some(3));
    assert_eq!(report.node("client").requests().failed_for("timed out"), 3);
}

#[test]
fn a_caller_that_waits_for_ever_leaves_the_breaker_waiting() {
    let params = PartitionParams { patience: None, arrivals: at(&[0.0]), ..default() };
    let mut simulation = Partition::new(params).build().unwrap();
    simulation.run_for(minutes(1)).unwrap();
    let report = simulation.report();
    for node in ["caller", "client", "fuse"] {
        assert_eq!(report.node(node).requests().in_flight, 1, "{node}");
    }
    assert_eq!(report.stuck.len(), 3, "{:?}", report.stuck);
}

#[test]
fn what_stands_for_lost_messages_does_not_grow_with_their_number() {
    let arrivals = Arrivals::constant(Rate::per_second(100.0));
    let params = PartitionParams { arrivals, ..default() };
    let mut simulation = Partition::new(params).build().unwrap();
    simulation.run_for(seconds(10)).unwrap();
    let early = format!("{:?}", *simulation).matches("OpenCall {").count();
    simulation.run_for(minutes(10)).unwrap();
    assert_eq!(format!("{:?}", *simulation).matches("OpenCall {").count(), early);
    let in_flight = |node: &NodeReport| node.handlers.iter().map(|it| it.in_flight).sum::<u64>();
    let all: u64 = simulation.report().all_nodes().map(in_flight).sum();
    assert!(all <= 3 * 21, "{all} in flight");
}

topology! {
    /// Several wrappers before a line that loses everything for a while.
    Deep {
        param arrivals: Arrivals = at(&[0.0, 0.1, 0.25, 0.5]);
        source users: arrivals emits Job = |arrival| Job { number: arrival.number };
        node caller: Caller;
        node client: Client { timeout: 200ms };
        node again: Retry { policy: fixed(3, 10ms) };
        node wall: Bulkhead { max_concurrent: 1 };
        node other: Fallback;
        link wan: Link { loss: profile! { hold 100% for 240ms; hold 0% } };
        link lan: Link;
        node server: Server<Job> { service: 10ms };
        node spare: Server<Job> { service: 10ms };
        users -> caller -> client -> again -> wall -> other;
        other.primary -> lan -> wan -> server;
        other.fallback -> spare;
    }
}

#[test]
fn the_whole_chain_behind_the_one_who_gives_up_is_free_at_that_instant() {
    let mut simulation = Deep::new(default()).build().unwrap();
    simulation.run_until(Instant::from_secs_f64(0.199_999_999)).unwrap();
    let place =
        |simulation: &Simulation<Deep>| simulation.report().node("wall").requests().in_flight;
    assert_eq!(place(&simulation), 1, "the place is held to the end");
    simulation.run_until(Instant::from_secs_f64(0.2)).unwrap();
    assert_eq!(place(&simulation), 0);
    simulation.run().unwrap();
    let ends: Vec<f64> = simulation.caller.replicas[0].done.iter().map(|done| done.ended).collect();
    // The second finds the only place taken, three times.
    assert_times(&ends, &[0.12, 0.2, 0.26, 0.51]);
    let report = simulation.report();
    for node in ["again", "wall", "other", "lan"] {
        assert_eq!(report.node(node).requests().failed_for("lost"), 1, "{node}");
        assert_eq!(report.node(node).requests().in_flight, 0, "{node}");
    }
    assert_eq!(report.node("again").metric("retries").as_count(), Some(2), "of the second only");
    assert_eq!(report.node("other").metric("fallbacks").as_count(), Some(0));
    assert_eq!(report.node("spare").requests().arrived, 0);
    let sent_back = report.node("lan").metric("replies sent").as_count();
    assert_eq!(sent_back, Some(2), "what was lost is not carried back");
}

topology! {
    /// A hedge over a line that loses the first message, or all.
    Hedged {
        param good_from: Duration = 50ms;
        source users: at(&[0.0]) emits Job;
        node caller: Caller;
        node client: Client { timeout: 300ms };
        node twice: Hedge { delay: 100ms };
        link wan: Link {
            loss: profile! { hold 100% for good_from; hold 0% },
        };
        node server: Server<Job> { service: 10ms };
        users -> caller -> client -> twice -> wan -> server;
    }
}

#[test]
fn a_race_is_over_when_all_of_it_is_lost_and_nobody_waits() {
    for (good_from, end, lost) in [(millis(50), 0.11, 0), (seconds(1), 0.3, 1)] {
        let mut simulation = Hedged::new(HedgedParams { good_from }).build().unwrap();
        simulation.run().unwrap();
        assert_times(&[simulation.caller.replicas[0].done[0].ended], &[end]);
        let report = simulation.report();
        let twice = report.node("twice").requests();
        assert_eq!((twice.failed_for("lost"), twice.in_flight), (lost, 0));
    }
}

topology! {
    /// An application without a timeout between the breaker and the line.
    Stuck {
        source users: at(&[0.0, 0.1, 0.2]) emits Job;
        node caller: Caller;
        node client: Client { timeout: 200ms };
        node fuse: CircuitBreaker;
        node careless: Careless { workers: 2 };
        link wan: Link { loss: 100% };
        node server: Server<Job>;
        users -> caller -> client -> fuse -> careless -> wan -> server;
    }
}

#[test]
fn what_is_no_relay_waits_for_ever_but_the_breaker_before_it_does_not() {
    let mut simulation = Stuck::new(default()).build().unwrap();
    simulation.run_for(minutes(1)).unwrap();
    let report = simulation.report();
    // The two that hold a worker are lost; the third waits for a worker, who knows how long.
    assert_eq!(report.node("fuse").requests().failed_for("lost"), 2);
    assert_eq!(report.node("fuse").requests().in_flight, 1);
    assert_eq!(report.node("careless").requests().in_flight, 3);
    assert!((report.node("careless").resource("workers").in_use_mean - 2.0).abs() < 0.01);
}

#[test]
fn where_nobody_waits_a_relay_is_told_at_once() {
    topology! {
        Open {
            source users: at(&[0.0, 1.0]) emits Job;
            #[allow(
                happysim::balancer_of_one, happysim::no_timeout_over_loss,
                reason = "a relay that waits in vain"
            )]
            node lb: LoadBalancer;
            link wan: Link { latency: 10ms, loss: profile! { hold 100% for 500ms; hold 0% } };
            node server: Server<Job> { service: 10ms };
            users -> lb -> wan -> server;
        }
    }
    let mut simulation = Open::new(default()).build().unwrap();
    simulation.run_until(Instant::ZERO).unwrap();
    let report = simulation.report();
    let lb = report.node("lb").handler("handle");
    assert_eq!((lb.failed_for("lost"), lb.in_flight), (1, 0));
    simulation.run().unwrap();
    assert_eq!(simulation.report().node("lb").handler("handle").ok, 1);
}
