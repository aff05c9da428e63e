//! Timers whose waits have ended: they are no burden, however long they are.

use happysim::model::simulation::Topology;
use happysim::prelude::*;

topology! {
    /// Requests that are answered within milliseconds, under timeouts of any length.
    Quick {
        param timeout: Duration = 30s;
        param max_wait: Duration = 30s;
        source users: poisson(1000/s) emits u64 = |arrival| arrival.number;
        node client: Client { timeout: timeout };
        node server: Server<u64, u64> { concurrency: 4, service: exp(3ms), max_wait: max_wait };
        users -> client -> server;
    }
}

fn run(timeout: Duration, max_wait: Duration) -> Simulation<Quick> {
    let params = QuickParams { timeout, max_wait };
    let mut simulation = Quick::new(params).seed(3).build().unwrap();
    simulation.run_for(minutes(1)).unwrap();
    simulation
}

/// What the report says of the two nodes.
fn outline(simulation: &Simulation<Quick>) -> String {
    let report = simulation.report();
    format!("{:?} {:?}", report.node("client"), report.node("server"))
}

/// 60,000 requests, of which some 45,000 wait for a slot: without sweeping, half of the timers
/// would still be pending.
#[test]
fn the_event_list_does_not_fill_with_timers_that_nobody_waits_for() {
    let simulation = run(seconds(30), seconds(30));
    let report = simulation.report();
    assert!(report.node("server").requests().ok > 59_000);
    assert_eq!(report.node("client").requests().failed, 0);
    let pending = simulation.core().scheduler.pending();
    assert!(pending < 2_500, "{pending} entries");
}

/// No timer is ever reached, so it does not matter how long they are, swept or not.
#[test]
fn sweeping_changes_nothing_else() {
    let outlines = [10, 30, 3_000].map(|length| outline(&run(seconds(length), seconds(length))));
    assert_eq!(outlines[0], outlines[1]);
    assert_eq!(outlines[0], outlines[2]);
}

/// Those that are awaited stay, swept as often as may be: every request times out on time.
#[test]
fn timers_that_are_awaited_stay() {
    topology! {
        Stuck {
            source users: constant(1000/s) emits u64 = |arrival| arrival.number;
            #[allow(happysim::timeout_below_latency)]
            node client: Client { timeout: 20s };
            #[allow(happysim::overload, reason = "nobody is ever served")]
            node server: Server<u64, u64> { service: 1h };
            users -> client -> server;
        }
    }
    let mut simulation = Stuck::new(default()).build().unwrap();
    simulation.run_for(seconds(50)).unwrap();
    let report = simulation.report();
    let requests = report.node("client").requests();
    // All that came in the first 30 s, the first of them at 1 ms.
    assert_eq!(requests.failed_for("timed out"), 30_000);
    assert_eq!(requests.in_flight, 20_000);
    let latency = requests.failed_latency.as_ref().unwrap();
    assert_eq!((latency.min, latency.max), (seconds(20), seconds(20)));
    assert!(simulation.core().scheduler.pending() >= 20_000);
}

/// Tasks that sleep once.
#[entity]
struct Sleepers {
    nap: Distribution,
    #[state]
    awake: u64,
    #[state]
    last: Instant,
}

#[entity]
impl Sleepers {
    #[process]
    #[allow(clippy::unused_async, reason = "a process is async also where it never waits")]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..100_000 {
            cx.spawn(self.sleep(cx));
        }
    }

    async fn sleep(&mut self, cx: &mut Cx<Self>) {
        let due: Instant = cx.now() + self.nap.sample(cx);
        cx.sleep_until(due).await;
        assert!(cx.now() == due && self.last <= due);
        self.last = due;
        self.awake += 1;
    }
}

/// So many that they are looked at before they are resumed: that wakes nobody early, late or twice.
#[test]
fn tasks_that_are_far_apart_in_memory_wake_on_time() {
    topology! {
        Dormitory {
            node sleepers: Sleepers { nap: exp(1h) };
        }
    }
    let mut simulation = Dormitory::new(default()).seed(5).build().unwrap();
    simulation.run_for(minutes(10)).unwrap();
    let mut fork = simulation.fork();
    assert!(simulation.core().scheduler.pending() > 80_000);
    for simulation in [&mut simulation, &mut fork] {
        simulation.run().unwrap();
        assert_eq!(simulation.sleepers.replicas[0].awake, 100_000);
    }
    assert_eq!(simulation.sleepers.replicas[0].last, fork.sleepers.replicas[0].last);
}
