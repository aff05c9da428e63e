//! One event at a time, and in pieces, as in one run.

use happysim::prelude::*;

fn at(millis: u64) -> Instant {
    Instant::ZERO + happysim::time::millis(millis)
}

/// Waits for very many calls at once.
#[entity]
struct Burst {
    many: u64,
    #[port]
    slow: Call<u64, ()>,
}

#[entity]
impl Burst {
    #[process]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(10)).await;
        let mut group: Group<BurstSlow> = Group::new();
        for number in 0..self.many {
            group.add(self.slow.call(number).timeout(millis(500)).start(cx));
        }
        all(&mut group).await;
    }
}

/// Leaves two timers behind that nobody waits for, both for the instant at which the burst comes.
#[entity]
struct Early {
    #[state]
    woke: Vec<Instant>,
    #[port]
    quick: Call<u64, ()>,
}

#[entity]
impl Early {
    #[process]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        let _ = self.quick.call(1).timeout(millis(10)).await;
        let _ = self.quick.call(1).timeout(millis(9)).await;
        cx.sleep_until(at(15)).await;
        self.woke.push(cx.now());
    }
}

#[entity]
struct Slow {
    nap: Duration,
}

#[entity]
impl Slow {
    async fn handle(&mut self, cx: &mut Cx<Self>, _number: u64) -> Outcome<()> {
        cx.sleep(self.nap).await;
        Ok(())
    }
}

topology! {
    Crowd {
        param many: u64 = 1_200;
        node burst: Burst { many: many };
        node early: Early;
        node slow: Slow { nap: 50ms };
        node quick: Slow { nap: 1ms };
        burst.slow -> slow;
        early.quick -> quick;
    }
}

#[test]
fn a_crowded_list_is_not_looked_through_in_the_middle_of_an_instant() {
    for many in [10, 990, 1_000, 1_200, 3_000] {
        let mut whole = Crowd::new(CrowdParams { many }).build().unwrap();
        whole.run_until(at(40)).unwrap();
        let mut stepped = Crowd::new(CrowdParams { many }).build().unwrap();
        while stepped.early.replicas[0].woke.is_empty() {
            assert!(stepped.step().unwrap());
        }
        stepped.run_until(at(40)).unwrap();
        assert_eq!(stepped.early.replicas[0].woke, [at(15)]);
        assert_eq!(whole.early.replicas[0].woke, [at(15)]);
        assert_eq!(stepped.events(), whole.events());
    }
}

#[test]
fn a_run_to_an_earlier_instant_does_nothing() {
    let mut simulation = Crowd::new(CrowdParams { many: 5 }).build().unwrap();
    while simulation.now() < at(60) {
        assert!(simulation.step().unwrap());
    }
    let events = simulation.events();
    simulation.run_until(at(20)).unwrap();
    assert_eq!((simulation.events(), simulation.now()), (events, at(60)));
}

#[entity]
struct Polite {}

#[entity]
impl Polite {
    #[process]
    async fn wait(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.yield_now().await;
        }
    }
}

topology! {
    Etiquette {
        node polite: Polite;
    }
}

#[test]
fn an_endless_instant_ends_a_step() {
    let setup = Etiquette::new(default()).events_per_instant(100);
    let mut simulation = setup.build().unwrap();
    let error = loop {
        match simulation.step() {
            Ok(goes_on) => assert!(goes_on),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, SimError::EndlessInstant { .. }), "{error}");
}

#[entity]
struct Crossing {
    one: Mutex,
    other: Mutex,
}

#[entity]
impl Crossing {
    #[process]
    async fn there(&mut self, cx: &mut Cx<Self>) {
        let _one = self.one.lock().await;
        cx.sleep(millis(1)).await;
        let _other = self.other.lock().await;
    }

    #[process]
    async fn back(&mut self, cx: &mut Cx<Self>) {
        let _other = self.other.lock().await;
        cx.sleep(millis(1)).await;
        let _one = self.one.lock().await;
    }
}

topology! {
    Narrow {
        node crossing: Crossing { one: Mutex::new(), other: Mutex::new() };
    }
}

#[test]
fn a_deadlock_ends_the_steps() {
    let mut simulation = Narrow::new(default()).build().unwrap();
    let error = loop {
        match simulation.step() {
            Ok(goes_on) => assert!(goes_on),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, SimError::Deadlock { .. }), "{error}");
}

topology! {
    Plain {
        source users: constant(100/s) emits u64 = |arrival| arrival.number;
        node slow: Slow { nap: 5ms };
        users -> slow;
    }
}

#[test]
fn the_warm_up_ends_between_two_steps() {
    let setup = || Plain::new(default()).warm_up(seconds(1)).build().unwrap();
    let mut stepped = setup();
    while stepped.now() < at(2_000) {
        assert!(stepped.step().unwrap());
    }
    stepped.run_until(at(3_000)).unwrap();
    let mut whole = setup();
    whole.run_until(at(3_000)).unwrap();
    let (stepped, whole) = (stepped.report(), whole.report());
    assert_eq!(stepped.node("slow").requests().arrived, 200);
    assert_eq!(stepped.to_string(), whole.to_string());
}

/// Background work takes the lock meanwhile.
#[entity]
struct Notified {
    lock: Mutex,
    told: Condition,
}

#[entity]
impl Notified {
    #[process]
    async fn wait(&mut self, _cx: &mut Cx<Self>) {
        let permit = self.lock.lock().await;
        let (_permit, _is_told) = self.told.wait(permit).timeout(millis(10)).await;
    }

    #[background]
    async fn hold(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(2)).await;
        let _permit = self.lock.lock().await;
        cx.sleep(seconds(100)).await;
    }
}

topology! {
    Background {
        node notified: Notified { lock: Mutex::new(), told: Condition::new() };
    }
}

#[test]
fn a_wait_that_ends_at_its_deadline_is_something_that_happens() {
    let mut simulation = Background::new(default()).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.now(), at(10));
}

/// One unit is held by background work, until some instant.
#[entity]
struct Borrowing {
    lock: Mutex,
    units: Semaphore,
    #[state]
    done: Vec<Instant>,
}

#[entity]
impl Borrowing {
    #[background]
    async fn keep(&mut self, cx: &mut Cx<Self>) {
        let _unit = self.units.acquire(1).await;
        cx.sleep(millis(100)).await;
    }

    #[process]
    async fn there(&mut self, cx: &mut Cx<Self>) {
        let _unit = self.units.acquire(1).await;
        cx.sleep(millis(1)).await;
        let _lock = self.lock.lock().await;
        self.done.push(cx.now());
    }

    #[process]
    async fn back(&mut self, cx: &mut Cx<Self>) {
        let _lock = self.lock.lock().await;
        cx.sleep(millis(1)).await;
        let _unit = self.units.acquire(1).await;
        self.done.push(cx.now());
    }
}

topology! {
    Lender {
        node borrowing: Borrowing { lock: Mutex::new(), units: Semaphore::new(2) };
    }
}

#[test]
fn who_waits_for_background_work_is_no_part_of_a_deadlock() {
    let mut simulation = Lender::new(default()).build().unwrap();
    simulation.run_until(at(50)).unwrap();
    simulation.run_until(at(200)).unwrap();
    assert_eq!(simulation.borrowing.replicas[0].done, [at(100), at(100)]);
}
