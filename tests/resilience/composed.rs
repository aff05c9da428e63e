use happysim::prelude::*;
use suite::scripted::{Backend, Caller, Fate, Job, answers_after, assert_times, at, fails_after};

topology! {
    /// All wrappers in one chain before a server with two slots.
    Wrapped {
        source users: Arrivals::poisson(Rate::per_second(50.0)).limit(20_000) emits Job;
        node caller: Caller;
        node server: Server<Job> { concurrency: 2, service: lognormal(35ms, cv 1.5) };
        users -> caller
            -> retry(exponential(3, 5ms..50ms, full_jitter))
            -> breaker(failures: 20, open: 500ms, successes: 3)
            -> bulkhead(16, queue: 8, wait: 100ms)
            -> hedge(80ms, up_to: 1, giving_up: cancel)
            -> timeout(250ms, cancel)
            -> server;
    }
}

#[test]
fn a_chain_of_wrappers_conserves_requests_and_forks_run_alike() {
    let mut simulation = Wrapped::new(default()).seed(21).build().expect("valid parameters");
    simulation.run_for(seconds(100)).expect("a run without errors");
    let mut fork = simulation.fork();
    simulation.run().expect("a run without errors");
    fork.run().expect("a run without errors");
    let report = simulation.report();
    for node in report.all_nodes() {
        assert!(node.is_conserved(), "{}", node.path);
        assert!(node.handlers.iter().all(|handler| handler.in_flight == 0), "{}", node.path);
    }
    assert_eq!(report.node("caller").requests().arrived, 20_000);
    assert_eq!(simulation.caller.replicas[0].done, fork.caller.replicas[0].done);
    let failed = report.node("caller").requests().failed;
    assert!(failed > 0 && failed < 20_000, "an overload that is survived: {failed} failed");
}

#[test]
fn wrappers_see_the_true_latency() {
    topology! {
        /// A server of one second behind every wrapper.
        Honest {
            source users: at(&[0.0]) emits Job;
            node breaker_node: CircuitBreaker;
            node wall: Bulkhead { max_concurrent: 1 };
            node limit: Timeout { timeout: 2s };
            #[allow(happysim::hedge_too_late, reason = "it is to do nothing")]
            node double: Hedge { delay: 3s };
            node again: Retry { policy: fixed(2, 1s) };
            node server: Server<Job> { service: 1s };
            users -> breaker_node -> wall -> limit -> double -> again -> server;
        }
    }
    let report = Honest::new(default()).run().expect("a run without errors");
    for node in ["breaker_node", "wall", "limit", "double", "again", "server"] {
        let latency = report.node(node).requests().latency.as_ref().expect("one answer").mean;
        assert_eq!(latency, seconds(1), "{node}");
    }
}

topology! {
    /// A timeout of each attempt behind the retries, and one over all of them before.
    Layered {
        param plan: fn(u64, u64, Instant) -> Fate =
            (|_, _, _| answers_after(seconds(5))) as fn(u64, u64, Instant) -> Fate;
        source users: at(&[0.0]) emits Job;
        node caller: Caller;
        node again: Retry { policy: fixed(10, 100ms) };
        node backend: Backend { plan: plan };
        #[allow(happysim::timeout_below_retries, reason = "to see it end them")]
        users -> caller -> timeout(1s, cancel) -> again -> timeout(250ms, cancel) -> backend;
    }
}

#[test]
fn the_order_of_wrappers_is_their_meaning() {
    let mut simulation = Layered::new(default()).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    assert_times(&simulation.backend.replicas[0].times(), &[0.0, 0.35, 0.7]);
    let done = simulation.caller.replicas[0].done[0];
    assert_eq!(done.outcome, Err(Failure::TimedOut));
    assert_times(&[done.ended], &[1.0]);
    let report = simulation.report();
    assert_eq!(report.node("backend").requests().failed_for("cancelled"), 3);
    assert_eq!(report.node("again").requests().failed_for("cancelled"), 1);
    assert_eq!(report.node("again").metric("retries").as_count(), Some(3), "the last one waits");

    let plan: fn(u64, u64, Instant) -> Fate = |_, before, _| {
        if before < 2 { fails_after(millis(10)) } else { answers_after(millis(10)) }
    };
    let mut simulation = Layered::new(LayeredParams { plan }).build().expect("valid parameters");
    simulation.run().expect("a run without errors");
    assert_times(&[simulation.caller.replicas[0].done[0].ended], &[0.23]);
}
