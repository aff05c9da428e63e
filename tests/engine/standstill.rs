//! Waits for a capacity that changes for ever and never lets anybody in: the run comes to its end.

use std::sync::mpsc;
use std::thread;

use happysim::components::sync::RwLock;
use happysim::prelude::*;

/// Jobs that take some units and never give them back, or give them back at once.
#[entity]
struct Store {
    units: Resource,
    /// When each comes, in milliseconds, how many units it needs, and whether it keeps them.
    plan: Vec<(u64, u64, bool)>,
    #[state]
    served: Vec<(u64, u64)>,
    #[state]
    never: Condition,
    #[state]
    lock: Mutex,
}

#[entity]
impl Store {
    #[process]
    async fn come(&mut self, cx: &mut Cx<Self>) {
        let plan: Vec<(u64, u64, bool)> = self.plan.clone();
        for (at, units, stays) in plan {
            cx.sleep_until(Instant::ZERO + millis(at)).await;
            cx.spawn(self.visit(cx, units, stays));
        }
    }

    async fn visit(&mut self, cx: &mut Cx<Self>, units: u64, stays: bool) {
        let _held: Permit = self.units.acquire(units).await;
        self.served.push((cx.now().since(Instant::ZERO).as_nanos() / 1_000_000, units));
        if stays {
            let lock: Permit = self.lock.lock().await;
            let _lock: Permit = self.never.wait(lock).await;
        }
    }
}

topology! {
    Depot {
        param units: Resource;
        param plan: Vec<(u64, u64, bool)>;
        node store: Store { units: units, plan: plan };
    }
}

/// Runs to the end, of which it is told if there is none.
fn ended<T: std::marker::Send + 'static>(
    run: impl FnOnce() -> T + std::marker::Send + 'static,
) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(run()));
    receiver.recv_timeout(std::time::Duration::from_mins(1)).expect("it comes to an end")
}

/// When the run ended, who was served when, and the steps at which the others wait.
fn run(
    units: Profile<usize>,
    plan: Vec<(u64, u64, bool)>,
) -> (Duration, Vec<(u64, u64)>, Vec<String>) {
    let params = DepotParams { units: Resource::new(units), plan };
    ended(move || {
        let mut simulation = Depot::new(params).build().unwrap();
        simulation.run().unwrap();
        let stuck = simulation.report().stuck.into_iter().map(|task| task.step).collect();
        let served = simulation.store.replicas[0].served.clone();
        (simulation.now().since(Instant::ZERO), served, stuck)
    })
}

const WAITS: &str = "self.units.acquire(..)";
const STAYS: &str = "self.never.wait(..)";

#[test]
fn a_head_that_does_not_fit_beside_a_holder_is_stuck_and_so_are_those_behind_it() {
    let units: Profile<usize> = profile! { repeat { hold 1 for 10ms; hold 2 for 10ms } };
    let (end, served, stuck) = run(units, vec![(0, 1, true), (3, 2, false), (5, 1, false)]);
    assert_eq!((end, served), (millis(5), vec![(0, 1)]));
    assert_eq!(stuck, [STAYS, WAITS, WAITS]);
}

#[test]
fn what_a_profile_had_once_is_nothing_to_wait_for() {
    // 3 would do, but that is over; from then on it is 1 and 2 for ever.
    let units: Profile<usize> =
        profile! { hold 3 for 4ms; repeat { hold 1 for 10ms; hold 2 for 10ms } };
    let (end, served, stuck) = run(units, vec![(0, 1, true), (5, 2, false)]);
    assert_eq!((end, served), (millis(5), vec![(0, 1)]));
    assert_eq!(stuck, [STAYS, WAITS]);
}

#[test]
fn a_head_that_fits_at_the_largest_capacity_is_waited_for() {
    let units: Profile<usize> =
        profile! { repeat { hold 1 for 10ms; hold 2 for 10ms; hold 3 for 10ms } };
    let plan = vec![(0, 1, true), (3, 2, false), (5, 1, false)];
    let (end, served, stuck) = run(units, plan);
    assert_eq!((end, served), (millis(20), vec![(0, 1), (20, 2), (20, 1)]));
    assert_eq!(stuck, [STAYS]);
}

/// A reader that never leaves, and a writer, which needs the lock for itself.
#[entity]
struct Shelf {
    #[param(default = RwLock::new())]
    lock: RwLock,
    #[state]
    never: Condition,
    #[state]
    door: Mutex,
    #[state]
    written: bool,
}

#[entity]
impl Shelf {
    #[process]
    async fn read(&mut self, _cx: &mut Cx<Self>) {
        let _reads: Permit = self.lock.read().await;
        let door: Permit = self.door.lock().await;
        let _door: Permit = self.never.wait(door).await;
    }

    #[process]
    async fn write(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(7)).await;
        let _writes: Permit = self.lock.write().await;
        self.written = true;
    }
}

topology! {
    Library {
        param lock: RwLock;
        node shelf: Shelf { lock: lock };
    }
}

#[test]
fn a_writer_waits_for_no_number_of_readers() {
    let readers: Profile<usize> = profile! { repeat { hold 2 for 10ms; hold 4 for 10ms } };
    let lock = RwLock::with_max_readers(readers);
    let (end, written, stuck) = ended(move || {
        let mut simulation = Library::new(LibraryParams { lock }).build().unwrap();
        simulation.run().unwrap();
        let stuck: Vec<String> = simulation.stuck().into_iter().map(|task| task.step).collect();
        (simulation.now(), simulation.shelf.replicas[0].written, stuck)
    });
    assert_eq!((end, written), (Instant::ZERO + millis(7), false));
    assert_eq!(stuck, ["self.lock.write()"]);
}

/// What is only delayed is not stuck, however long a run was.
#[test]
fn who_is_let_in_later_is_not_stuck() {
    let units: Profile<usize> = profile! { hold 1 for 1s; hold 3 };
    let plan = vec![(0, 1, true), (3, 2, false)];
    let params = DepotParams { units: Resource::new(units), plan };
    let mut simulation = Depot::new(params).build().unwrap();
    simulation.run_for(millis(500)).unwrap();
    assert!(simulation.stuck().is_empty());
    simulation.run().unwrap();
    assert_eq!(simulation.store.replicas[0].served, [(0, 1), (1_000, 2)]);
}
