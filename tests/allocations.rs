//! After warm-up the event path allocates nothing: tasks, calls, claims and events live in
//! memory that is used again and again.

use happysim::prelude::*;

topology! {
    /// M/M/1.
    Queue {
        source customers: poisson(8/s);
        node server: Server { service: exp(100ms) };
        customers -> server;
    }
}

/// A request that owns nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Page;

/// Works a while and asks the next one, with a timeout.
#[entity]
struct Tier {
    workers: Resource,
    cpu: Distribution,
    patience: Duration,
    #[shared]
    log: Mutex,
    #[port]
    next: Call<Page, Page>,
}

#[entity]
impl Tier {
    async fn handle(&mut self, cx: &mut Cx<Self>, page: Page) -> Outcome<Page> {
        let _worker = self.workers.acquire(1).await;
        cx.sleep(self.cpu.sample(cx)).await;
        let page: Page = self.next.call(page).timeout(self.patience).or_cancel().await?;
        let _log = self.log.lock().timeout(self.patience).await?;
        cx.sleep(micros(10)).await;
        Ok(page)
    }
}

topology! {
    /// A chain of calls, some of which time out and are cancelled.
    Chain {
        source users: poisson(200/s) emits Page;
        shared log: Mutex;
        node web[2]: Tier { workers: 8, cpu: exp(2ms), patience: 150ms };
        node api: Tier { workers: 8, cpu: lognormal(5ms, cv 0.8), patience: 60ms };
        node db: Server<Page, Page> { concurrency: 4, service: exp(15ms), max_wait: 1s };
        users -> web[0];
        web.next -> api;
        api.next -> db;
        web.log -> log;
        api.log -> log;
    }
}

/// Allocations while it runs for `measured`, after it has run for `warm_up`.
fn allocations<T: happysim::model::simulation::Topology>(
    setup: Setup<T>,
    warm_up: Duration,
    measured: Duration,
) -> (u64, u64) {
    let mut simulation = setup.build().unwrap();
    simulation.run_for(warm_up).unwrap();
    let before = simulation.events();
    let run = || simulation.run_for(measured).unwrap();
    let count = allocation_counter::measure(run).count_total;
    (count, simulation.events() - before)
}

#[test]
fn a_queue_allocates_nothing() {
    let (count, events) = allocations(Queue::new(default()).seed(2), hours(20), hours(2));
    assert!(events > 200_000, "{events}");
    assert_eq!(count, 0, "allocations in {events} events");
}

#[test]
fn a_chain_of_calls_allocates_nothing() {
    let setup = Chain::new(default()).seed(2);
    let mut simulation = setup.clone().build().unwrap();
    simulation.run_for(minutes(2)).unwrap();
    let report = simulation.report();
    assert!(report.node("api").requests().failed_for("timed out") > 100);
    assert!(report.node("db").requests().failed_for("cancelled") > 100);
    let (count, events) = allocations(setup, minutes(20), minutes(2));
    assert!(events > 200_000, "{events}");
    assert_eq!(count, 0, "allocations in {events} events");
}

topology! {
    /// Wrappers without a timeout of their own before a line that loses messages.
    Lossy {
        source users: poisson(200/s) emits Page;
        node client: Client { timeout: 150ms };
        link wan: Link { latency: exp(10ms), loss: 3% };
        node db: Server<Page, Page> { concurrency: 8, service: exp(15ms) };
        users -> client -> breaker(failures: 50, open: 1s) -> bulkhead(64) -> wan -> db;
    }
}

#[test]
fn lost_messages_leave_nothing_behind() {
    let setup = Lossy::new(default()).seed(2);
    let (count, events) = allocations(setup, minutes(20), minutes(3));
    assert!(events > 200_000, "{events}");
    assert_eq!(count, 0, "allocations in {events} events");
}

/// Strikes every second.
#[entity]
struct Clock {
    #[state]
    strokes: u64,
}

#[entity]
impl Clock {
    #[process]
    async fn strike(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(seconds(1)).await;
            self.strokes += 1;
        }
    }
}

topology! {
    /// Very many events at one instant, again and again.
    Clocks {
        node clock[1000]: Clock {};
    }
}

#[test]
fn very_many_events_at_one_instant_allocate_nothing() {
    let setup = Clocks::new(default());
    let (count, events) = allocations(setup, minutes(10), minutes(5));
    assert_eq!(events, 300_000);
    assert_eq!(count, 0, "allocations in {events} events");
}

#[test]
fn an_allocation_would_be_seen() {
    let count = allocation_counter::measure(|| drop(Box::new(1_u8))).count_total;
    assert_eq!(count, 1);
}

/// Counts its own strokes in a table that is too large to be copied.
#[entity]
struct Meter {
    #[state]
    highest: u64,
}

#[entity]
impl Meter {
    #[process]
    async fn measure(&mut self, cx: &mut Cx<Self>) {
        let mut table: [u64; 512] = [0; 512];
        loop {
            let place: usize = (self.highest % 512) as usize;
            cx.sleep(millis(1)).await;
            table[place] += 1;
            self.highest = self.highest.max(table.iter().sum());
        }
    }
}

topology! {
    /// Tasks with large frames.
    Meters {
        node meter[10]: Meter {};
    }
}

#[test]
fn a_task_with_a_large_frame_is_resumed_without_allocations() {
    let (count, events) = allocations(Meters::new(default()), seconds(10), seconds(30));
    assert!(events > 200_000, "{events}");
    assert_eq!(count, 0, "allocations in {events} events");
}
