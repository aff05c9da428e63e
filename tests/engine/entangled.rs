//! Requests that wait for each other are named while others go on, and only those.

use std::collections::BTreeSet;

use happysim::prelude::*;
use happysim::queueing::codel;

/// Takes two locks, in one order or in the other.
#[entity]
struct Ledger {
    #[state]
    left: Mutex,
    #[state]
    right: Mutex,
}

#[entity]
impl Ledger {
    async fn transfer(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let is_backwards = number == 2;
        let _first: Permit =
            if is_backwards { self.right.lock().await } else { self.left.lock().await };
        cx.sleep(millis(150)).await;
        let _second: Permit =
            if is_backwards { self.left.lock().await } else { self.right.lock().await };
        Ok(())
    }
}

topology! {
    /// Transfers every 100 ms, the third of which goes backwards; and somebody who has nothing to do with
    /// them.
    Bank {
        source transfers: constant(10/s) emits u64 = |arrival| arrival.number;
        source others: constant(10/s);
        node ledger: Ledger;
        node door: Server { concurrency: 1, service: 1ms };
        transfers -> ledger;
        others -> door;
    }
}

#[test]
fn a_circle_of_two_is_named_with_all_who_wait_behind_it() {
    let mut bank = Bank::new(default()).build().unwrap();
    bank.run_for(millis(300)).unwrap();
    assert!(
        bank.stuck().is_empty(),
        "the second and the third have one lock each: {:?}",
        bank.stuck()
    );
    bank.run_for(millis(700)).unwrap();
    let report = bank.report();
    let found: Vec<(&str, &str, Duration)> = report
        .stuck
        .iter()
        .map(|task| (task.node.as_str(), task.step.as_str(), task.since.since(Instant::ZERO)))
        .collect();
    let (left, right) = ("self.left.lock()", "self.right.lock()");
    let (second, third) = (("ledger", right, millis(200)), ("ledger", left, millis(300)));
    assert!(found.contains(&second) && found.contains(&third), "{found:?}");
    // All others wait for the left one, which the second holds.
    assert_eq!(found.len() as u64, report.node("ledger").requests().in_flight);
    assert!(found.iter().all(|&it| it == second || it.1 == left), "{found:?}");
    assert!(report.to_string().contains("waits on `right` of ledger, held by ledger.transfer"));
    assert_eq!(report.node("door").requests().ok, 9);
}

/// Works with a permit, and asks the next with it in its hand.
#[entity]
struct Stage {
    workers: Resource,
    /// How long it waits for a worker, and for the next; 0 where that has no end.
    patience: Duration,
    takes_back: bool,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Stage {
    async fn work(&mut self, cx: &mut Cx<Self>, depth: u64) -> Outcome<()> {
        let limit: Option<Duration> = (self.patience > Duration::ZERO).then_some(self.patience);
        let _worker: Permit = self.workers.acquire(1).await;
        cx.sleep(millis(10)).await;
        if depth > 0 {
            let giving_up = if self.takes_back { GivingUp::Cancel } else { GivingUp::Abandon };
            self.next.call(depth - 1).timeout_if(limit).giving_up(giving_up).await?;
        }
        Ok(())
    }
}

topology! {
    /// Two stages that ask each other.
    Loop {
        param workers: Resource = 1;
        param patience: Duration = 0s;
        param takes_back: bool = false;
        source users: constant(1/s).limit(1) emits u64 = |_| 2;
        source others: constant(10/s);
        node one: Stage { workers: workers, patience: patience, takes_back: takes_back };
        node two: Stage { workers: 1, patience: 0s, takes_back: false };
        node door: Server { concurrency: 1, service: 1ms };
        users -> one -> two -> one;
        others -> door;
    }
}

fn stuck_in_loop(params: LoopParams) -> Vec<String> {
    let mut simulation = Loop::new(params).build().unwrap();
    simulation.run_for(seconds(2)).unwrap();
    simulation.stuck().into_iter().map(|task| format!("{} {}", task.node, task.step)).collect()
}

#[test]
fn a_call_that_comes_back_to_a_worker_that_waits_for_it_is_named() {
    let mut found = stuck_in_loop(default());
    found.sort_unstable();
    let call = "self.next.call(..).timeout_if(..).giving_up(..)";
    let claim = "one self.workers.acquire(..)".to_owned();
    assert_eq!(found, [format!("one {call}"), claim, format!("two {call}")]);
}

#[test]
fn what_something_else_may_end_is_not_named() {
    let free: Vec<String> = Vec::new();
    let room = LoopParams { workers: Resource::new(2), ..default() };
    assert_eq!(stuck_in_loop(room), free);
    // The timeout is far off, but it will come.
    let patience = LoopParams { patience: seconds(100), ..default() };
    assert_eq!(stuck_in_loop(patience), free);
    let later =
        LoopParams { workers: Resource::new(profile! { hold 1 for 10s; hold 2 }), ..default() };
    assert_eq!(stuck_in_loop(later), free);
    let drops =
        LoopParams { workers: Resource::new(1).queue(codel(millis(5), millis(100))), ..default() };
    assert_eq!(stuck_in_loop(drops), free);
}

/// Asks with the lock in its hand, and keeps what it asks for in a field.
#[entity]
struct Keeper {
    #[state]
    lock: Mutex,
    #[state]
    asked: Group<KeeperNext>,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Keeper {
    async fn serve(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let _lock: Permit = self.lock.lock().await;
        let handle: Handle<KeeperNext> = self.next.start(cx, number);
        self.asked.add(handle);
        all(&mut self.asked).await;
        Ok(())
    }
}

topology! {
    Office {
        source users: constant(10/s).limit(3) emits u64 = |arrival| arrival.number;
        node keeper: Keeper;
        node slow: Server<u64> { concurrency: 1, service: 10s };
        users -> keeper -> slow;
    }
}

#[test]
fn replies_to_calls_that_were_started_may_come() {
    let mut office = Office::new(default()).build().unwrap();
    office.run_for(seconds(5)).unwrap();
    assert!(office.stuck().is_empty(), "{:?}", office.stuck());
    office.run().unwrap();
    assert_eq!(office.report().node("keeper").requests().ok, 3);
}

/// Does a little of everything that can be waited for.
#[entity]
struct Clerk {
    random: Random,
    b: Resource,
    #[state]
    a: Resource,
    #[state]
    c: Mutex,
    #[state]
    told: Condition,
    #[state]
    shelf: Vec<Permit>,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Clerk {
    async fn serve(&mut self, cx: &mut Cx<Self>, depth: u64) -> Outcome<()> {
        let mut held: Vec<Permit> = Vec::new();
        let rounds: u64 = 1 + self.random.below(3);
        for _ in 0..rounds {
            let kind: u64 = self.random.below(12);
            let lane: usize = self.random.below(self.next.lanes(cx) as u64) as usize;
            let patience: Duration = millis(self.random.below(40));
            match kind {
                0 => held.push(self.a.acquire(1).await),
                1 => held.push(self.b.acquire(1).await),
                2 => held.push(self.b.acquire(2).await),
                3 => held.push(self.c.lock().await),
                4 => {
                    let permit: Permit = self.a.acquire(1).timeout(patience).await?;
                    held.push(permit);
                }
                5 => {
                    let permit: Permit = self.b.acquire(1).await;
                    self.shelf.push(permit);
                }
                6 => {
                    let lock: Permit = self.c.lock().await;
                    let lock: Permit = self.told.wait(lock).await;
                    held.push(lock);
                }
                7 => self.shelf.clear(),
                8 if depth > 0 => self.next.lane(lane).call(depth - 1).await?,
                9 if depth > 0 => {
                    self.next.lane(lane).call(depth - 1).timeout(patience).or_cancel().await?;
                }
                10 if depth > 0 => {
                    let mut calls: Group<ClerkNext> = Group::new();
                    calls.add(self.next.lane(lane).start(cx, depth - 1));
                    calls.add(self.next.lane(0).start(cx, depth - 1));
                    all(&mut calls).await;
                }
                _ => drop(self.told.notify_one(cx)),
            }
            cx.sleep(millis(self.random.below(10))).await;
        }
        Ok(())
    }
}

topology! {
    Bureau {
        param b: usize = 3;
        source users: poisson(200/s).limit(60) emits u64 = |arrival| arrival.number % 4;
        node clerk[3]: Clerk { random: Random::new(0, "", ""), b: b };
        users -> clerk[0];
        clerk -> clerk[*];
    }
}

/// A task by its place and its beginning.
fn names(simulation: &Simulation<Bureau>) -> BTreeSet<String> {
    simulation
        .stuck()
        .into_iter()
        .map(|task| format!("{} {} {}", task.node, task.step, task.since))
        .collect()
}

/// Who is named while others go on has not gone on when nothing is left.
#[test]
fn who_is_named_never_goes_on() {
    let mut named = 0;
    for seed in 0..50 {
        let params = BureauParams { b: 2 + seed as usize % 3 };
        let mut simulation = Bureau::new(params).seed(seed).build().unwrap();
        let mut earlier = BTreeSet::new();
        for _ in 0..40 {
            simulation.run_for(millis(20)).ok();
            let now = names(&simulation);
            assert!(earlier.is_subset(&now), "seed {seed}: {earlier:?} and then {now:?}");
            earlier = now;
        }
        named += earlier.len();
    }
    assert!(named > 250, "{named}");
}
