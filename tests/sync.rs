//! Locks, semaphores and conditions: as fields of an entity and shared by several entities, to
//! the nanosecond; deadlocks; and that no permit is ever lost.

#[path = "sync/waits.rs"]
mod waits;
#[path = "sync/watch.rs"]
mod watch;

use happysim::model::simulation::Topology as _;
use happysim::prelude::*;
use happysim::report::NodeKind;

fn at(time: f64) -> Instant {
    Instant::from_secs_f64(time)
}

fn spans(spans: &[(f64, f64)]) -> Vec<(Instant, Instant)> {
    spans.iter().map(|&(from, to)| (at(from), at(to))).collect()
}

/// A wish to hold something: when, and for how long.
#[derive(Clone, Copy, Debug)]
struct Visit {
    at: f64,
    amount: u64,
    hold: f64,
}

fn visit(at: f64, hold: f64) -> Visit {
    Visit { at, amount: 1, hold }
}

/// Goes to the vault at given times and works there.
#[entity]
struct Teller {
    visits: Vec<Visit>,
    /// When the vault was locked and when it was released.
    #[state]
    held: Vec<(Instant, Instant)>,
    /// The most who waited for it.
    #[state]
    queue: usize,
    #[shared]
    vault: Mutex,
}

#[entity]
impl Teller {
    #[process]
    async fn work(&mut self, cx: &mut Cx<Self>) {
        let visits: Vec<Visit> = self.visits.clone();
        for visit in visits {
            cx.sleep_until(at(visit.at)).await;
            cx.spawn(self.enter(cx, visit));
        }
    }

    async fn enter(&mut self, cx: &mut Cx<Self>, visit: Visit) {
        let waiters = self.vault.waiters(cx) + usize::from(self.vault.is_locked(cx));
        self.queue = self.queue.max(waiters);
        let _vault = self.vault.lock().await;
        let since: Instant = cx.now();
        cx.sleep(Duration::from_secs_f64(visit.hold)).await;
        self.held.push((since, cx.now()));
    }
}

/// Looks into the vault, if nobody is there.
#[entity]
struct Auditor {
    visits: Vec<Visit>,
    #[state]
    held: Vec<(Instant, Instant)>,
    /// When it found the vault locked.
    #[state]
    refused: Vec<Instant>,
    #[shared]
    vault: Mutex,
}

#[entity]
impl Auditor {
    #[process]
    async fn audit(&mut self, cx: &mut Cx<Self>) {
        let visits: Vec<Visit> = self.visits.clone();
        for visit in visits {
            cx.sleep_until(at(visit.at)).await;
            match self.vault.try_lock(cx) {
                None => self.refused.push(cx.now()),
                Some(vault) => {
                    let _vault: Permit = vault;
                    let since: Instant = cx.now();
                    cx.sleep(Duration::from_secs_f64(visit.hold)).await;
                    self.held.push((since, cx.now()));
                }
            }
        }
    }
}

topology! {
    /// Two kinds of entities that share a lock.
    Bank {
        param visits: Vec<Visit> = Vec::new();
        param audits: Vec<Visit> = Vec::new();
        shared vault: Mutex;
        node teller: Teller { visits: visits };
        node auditor: Auditor { visits: audits };
        teller.vault -> vault;
        auditor.vault -> vault;
    }
}

// SYN-MUTEX.
#[test]
fn a_mutex_is_handed_on_in_the_order_of_asking() {
    let times = [(0.0, 1.0), (0.1, 0.5), (0.2, 0.25), (3.0, 1.0), (3.5, 0.1)];
    let visits = times.map(|(at, hold)| visit(at, hold)).to_vec();
    let mut bank = Bank::new(BankParams { visits, ..default() }).build().unwrap();
    bank.run().unwrap();
    let teller = &bank.teller.replicas[0];
    let expected = [(0.0, 1.0), (1.0, 1.5), (1.5, 1.75), (3.0, 4.0), (4.0, 4.1)];
    assert_eq!(teller.held, spans(&expected));
    assert_eq!(teller.queue, 2);
}

#[test]
fn the_report_shows_what_is_shared() {
    let times = [(0.0, 1.0), (0.1, 0.5), (0.2, 0.25), (3.0, 1.0), (3.5, 0.1)];
    let visits = times.map(|(at, hold)| visit(at, hold)).to_vec();
    let report = Bank::new(BankParams { visits, ..default() }).run_for(seconds(5)).unwrap();
    let node = report.node("vault");
    assert_eq!((node.entity.as_str(), node.kind), ("Mutex", NodeKind::Shared));
    let vault = node.resource("vault");
    // Held for 1 + 0.5 + 0.25 + 1 + 0.1 s; waited for 0.9 + 1.3 + 0.5 s by three of five.
    assert!((vault.utilisation.unwrap() - 2.85 / 5.0).abs() < 1e-9, "{vault:?}");
    assert!((vault.queue_mean - 2.7 / 5.0).abs() < 1e-9, "{vault:?}");
    assert_eq!((vault.served, vault.queue_max), (5, 2.0));
    assert_eq!((vault.wait_mean, vault.wait_max), (millis(540), millis(1_300)));
    let text = report.to_string();
    assert!(text.contains("\nvault: Mutex (shared)\n  resources"), "{text}");
}

#[test]
fn a_mutex_is_shared_by_two_kinds_of_entities() {
    let visits = vec![visit(0.0, 1.0), visit(2.5, 1.0), visit(2.6, 1.0)];
    let audits = vec![visit(0.5, 1.0), visit(2.0, 2.0), visit(5.0, 1.0), visit(7.0, 1.0)];
    let mut bank = Bank::new(BankParams { visits, audits }).build().unwrap();
    bank.run().unwrap();
    let (teller, auditor) = (&bank.teller.replicas[0], &bank.auditor.replicas[0]);
    // The auditor's visit from 2 s to 4 s makes the tellers wait.
    assert_eq!(teller.held, spans(&[(0.0, 1.0), (4.0, 5.0), (5.0, 6.0)]));
    assert_eq!(auditor.held, spans(&[(2.0, 4.0), (7.0, 8.0)]));
    assert_eq!(auditor.refused, [at(0.5), at(5.0)]);
}

/// Takes permits of a semaphore at given times.
#[entity]
struct Crew {
    visits: Vec<Visit>,
    /// Permits that are there.
    permits: Semaphore,
    #[state]
    held: Vec<(Instant, Instant)>,
    /// How many were free before each request.
    #[state]
    free: Vec<u64>,
}

#[entity]
impl Crew {
    #[process]
    async fn work(&mut self, cx: &mut Cx<Self>) {
        for number in 0..self.visits.len() {
            let visit: Visit = self.visits[number];
            cx.sleep_until(at(visit.at)).await;
            self.held.push((Instant::MAX, Instant::MAX));
            self.free.push(self.permits.available(cx));
            cx.spawn(self.enter(cx, number, visit));
        }
    }

    async fn enter(&mut self, cx: &mut Cx<Self>, number: usize, visit: Visit) {
        let _permits = self.permits.acquire(visit.amount).await;
        self.held[number].0 = cx.now();
        cx.sleep(Duration::from_secs_f64(visit.hold)).await;
        self.held[number].1 = cx.now();
    }
}

topology! {
    /// A semaphore.
    Yard {
        param visits: Vec<Visit> = Vec::new();
        param permits: Profile<usize> = Profile::constant(3);
        node crew: Crew { visits: visits, permits: permits };
    }
}

// SYN-SEM: a large request at the head of the queue is not overtaken.
#[test]
fn a_semaphore_is_strictly_first_in_first_out() {
    let requests = [(0.0, 1, 2.0), (0.1, 2, 1.0), (0.2, 1, 1.0), (0.3, 3, 0.5), (0.4, 1, 1.0)];
    let visits = requests.map(|(at, amount, hold)| Visit { at, amount, hold }).to_vec();
    let mut yard = Yard::new(YardParams { visits, ..default() }).build().unwrap();
    yard.run().unwrap();
    let crew = &yard.crew.replicas[0];
    let expected = [(0.0, 2.0), (0.1, 1.1), (1.1, 2.1), (2.1, 2.6), (2.6, 3.6)];
    assert_eq!(crew.held, spans(&expected));
    assert_eq!(crew.free, [3, 2, 0, 0, 0]);
}

#[test]
fn the_permits_of_a_semaphore_follow_a_profile() {
    let visits = vec![visit(0.0, 4.0), visit(0.0, 4.0), visit(2.0, 1.0), visit(2.0, 1.0)];
    let permits = profile! { hold 2 for 1s; hold 1 for 4s; hold 3 };
    let mut yard = Yard::new(YardParams { visits, permits }).build().unwrap();
    yard.run().unwrap();
    let crew = &yard.crew.replicas[0];
    // At 4 s both permits come back, and one is there; at 5 s there are three.
    assert_eq!(crew.held, spans(&[(0.0, 4.0), (0.0, 4.0), (4.0, 5.0), (5.0, 6.0)]));
    // More are out than there are: none is free.
    assert_eq!(crew.free, [2, 1, 0, 0]);
}

/// Reads or writes under a lock.
#[entity]
struct Library {
    visits: Vec<(Visit, bool)>,
    #[param(default = RwLock::new())]
    lock: RwLock,
    #[state]
    held: Vec<(Instant, Instant)>,
}

#[entity]
impl Library {
    #[process]
    async fn open(&mut self, cx: &mut Cx<Self>) {
        for number in 0..self.visits.len() {
            let (visit, is_writer): (Visit, bool) = self.visits[number];
            cx.sleep_until(at(visit.at)).await;
            self.held.push((Instant::MAX, Instant::MAX));
            cx.spawn(self.enter(cx, number, visit, is_writer));
        }
    }

    async fn enter(&mut self, cx: &mut Cx<Self>, number: usize, visit: Visit, is_writer: bool) {
        if is_writer {
            let _lock = self.lock.write().await;
            assert!(self.lock.is_write_locked(cx));
            self.hold(cx, number, visit.hold).await;
        } else {
            let _lock = self.lock.read().await;
            assert!(self.lock.is_held(cx) && !self.lock.is_write_locked(cx));
            self.hold(cx, number, visit.hold).await;
        }
    }

    async fn hold(&mut self, cx: &mut Cx<Self>, number: usize, hold: f64) {
        self.held[number].0 = cx.now();
        cx.sleep(Duration::from_secs_f64(hold)).await;
        self.held[number].1 = cx.now();
    }
}

topology! {
    /// Readers and writers.
    Town {
        param visits: Vec<(Visit, bool)> = Vec::new();
        param lock: RwLock = RwLock::new();
        node library: Library { visits: visits, lock: lock };
    }
}

fn readers_and_writers(requests: &[(f64, bool, f64)], lock: RwLock) -> Vec<(Instant, Instant)> {
    let visits = requests.iter().map(|&(at, is_writer, hold)| (visit(at, hold), is_writer));
    let params = TownParams { visits: visits.collect(), lock };
    let mut town = Town::new(params).build().unwrap();
    town.run().unwrap();
    town.library.replicas[0].held.clone()
}

const READS: bool = false;
const WRITES: bool = true;

// SYN-RW, fair: the FIFO variant of Courtois, Heymans, Parnas (1971).
#[test]
fn readers_share_and_writers_do_not() {
    let requests = [
        (0.0, READS, 1.0),
        (0.2, READS, 1.5),
        (0.5, WRITES, 1.0),
        (0.8, READS, 1.0),
        (1.1, WRITES, 0.5),
        (1.3, READS, 0.4),
    ];
    let expected = [(0.0, 1.0), (0.2, 1.7), (1.7, 2.7), (2.7, 3.7), (3.7, 4.2), (4.2, 4.6)];
    assert_eq!(readers_and_writers(&requests, RwLock::new()), spans(&expected));
}

// SYN-RW-starve, fair.
#[test]
fn a_stream_of_readers_does_not_starve_a_writer() {
    let mut requests: Vec<_> =
        (0..50).map(|reader| (f64::from(reader) * 0.6, READS, 1.0)).collect();
    requests.insert(2, (1.1, WRITES, 0.5));
    assert_eq!(readers_and_writers(&requests, RwLock::new())[2].0, at(1.6));
}

/// Looks things up in a table that others write to.
#[entity]
struct Reader {
    visits: Vec<Visit>,
    #[state]
    held: Vec<(Instant, Instant)>,
    #[shared]
    table: RwLock,
}

#[entity]
impl Reader {
    #[process]
    async fn work(&mut self, cx: &mut Cx<Self>) {
        let visits: Vec<Visit> = self.visits.clone();
        for visit in visits {
            cx.sleep_until(at(visit.at)).await;
            cx.spawn(self.read(cx, visit));
        }
    }

    async fn read(&mut self, cx: &mut Cx<Self>, visit: Visit) {
        let _table = self.table.read().await;
        let since: Instant = cx.now();
        cx.sleep(Duration::from_secs_f64(visit.hold)).await;
        self.held.push((since, cx.now()));
    }
}

/// Changes a table that others read, if it gets to do so in time.
#[entity]
struct Writer {
    visits: Vec<Visit>,
    patience: Duration,
    #[state]
    held: Vec<(Instant, Instant)>,
    /// When it gave up.
    #[state]
    left: Vec<Instant>,
    #[shared]
    table: RwLock,
}

#[entity]
impl Writer {
    #[process]
    async fn work(&mut self, cx: &mut Cx<Self>) {
        let visits: Vec<Visit> = self.visits.clone();
        for visit in visits {
            cx.sleep_until(at(visit.at)).await;
            match self.table.write().timeout(self.patience).await {
                Err(_) => self.left.push(cx.now()),
                Ok(table) => {
                    let _table: Permit = table;
                    let since: Instant = cx.now();
                    cx.sleep(Duration::from_secs_f64(visit.hold)).await;
                    self.held.push((since, cx.now()));
                }
            }
        }
    }
}

#[test]
fn a_read_write_lock_is_shared_by_two_kinds_of_entities() {
    topology! {
        /// Two readers and a writer, each a node of its own.
        Archive {
            shared table: RwLock;
            node early: Reader { visits: vec![visit(0.0, 1.0), visit(0.4, 1.0), visit(5.0, 3.0)] };
            node late: Reader { visits: vec![visit(0.6, 0.5), visit(5.5, 1.0), visit(6.0, 0.5)] };
            node writer: Writer {
                visits: vec![visit(0.5, 2.0), visit(5.2, 1.0)],
                patience: seconds(1),
            };
            early.table -> table;
            late.table -> table;
            writer.table -> table;
        }
    }
    let mut archive = Archive::new(default()).build().unwrap();
    archive.run().unwrap();
    let early = &archive.early.replicas[0].held;
    assert_eq!(*early, spans(&[(0.0, 1.0), (0.4, 1.4), (5.0, 8.0)]));
    // The writer waits for both readers, and who came after it waits for the writer. Later it gives
    // up at 6.2 s, and those behind it start together at that very instant.
    let writer = &archive.writer.replicas[0];
    assert_eq!((&writer.held, &writer.left), (&spans(&[(1.4, 3.4)]), &vec![at(6.2)]));
    let late = &archive.late.replicas[0].held;
    assert_eq!(*late, spans(&[(3.4, 3.9), (6.2, 6.7), (6.2, 7.2)]));
}

#[test]
#[should_panic(expected = "for at most 0 readers")]
fn a_lock_for_no_readers_is_refused() {
    let _lock = RwLock::with_max_readers(0);
}

#[test]
fn the_number_of_readers_can_be_limited() {
    let requests = [(0.0, READS, 1.0), (0.0, READS, 2.0), (0.0, READS, 1.0), (0.5, WRITES, 1.0)];
    let expected = [(0.0, 1.0), (0.0, 2.0), (1.0, 2.0), (2.0, 3.0)];
    let held = readers_and_writers(&requests, RwLock::with_max_readers(2));
    assert_eq!(held, spans(&expected));
}

#[test]
fn the_number_of_readers_may_be_a_profile() {
    let readers = profile! { hold 1 for 2s; hold 3 for 4s; hold 1 for 14s; hold 5 };
    let requests = [
        (0.0, READS, 8.0),
        (0.0, READS, 8.0),
        (0.0, READS, 5.0),
        (7.0, READS, 1.0),
        (8.5, WRITES, 13.5),
        (15.0, READS, 1.0),
        (16.0, READS, 1.0),
    ];
    let held = readers_and_writers(&requests, RwLock::with_max_readers(readers));
    // Two begin when it grows at 2 s; the fourth waits until fewer than one of them are left. The
    // writer begins then, and holds the lock over the instant at which five might read.
    let expected = [
        (0.0, 8.0),
        (2.0, 10.0),
        (2.0, 7.0),
        (10.0, 11.0),
        (11.0, 24.5),
        (24.5, 25.5),
        (24.5, 25.5),
    ];
    assert_eq!(held, spans(&expected));
}

#[test]
#[should_panic(expected = "for at most 0 readers")]
fn a_profile_that_lets_nobody_read_is_refused() {
    let _lock = RwLock::with_max_readers(profile! { hold 3 for 1s; hold 0 for 1s; hold 3 });
}

/// Changes the lock of a town to one for so many readers after 2 s.
fn changed_at_two(requests: &[(f64, bool, f64)], first: usize, then: usize) -> Simulation<Town> {
    let visits = requests.iter().map(|&(at, is_writer, hold)| (visit(at, hold), is_writer));
    let lock = RwLock::with_max_readers(first);
    let params = TownParams { visits: visits.collect(), lock };
    let mut town = Town::new(params).build().unwrap();
    town.run_until(at(2.0)).unwrap();
    let lock = || RwLock::with_max_readers(then);
    town.change(|town| &mut town.library, |library| library.lock(lock())).unwrap();
    town.run().unwrap();
    town
}

#[test]
fn a_writer_keeps_readers_out_when_more_of_them_may_read() {
    let requests = [(0.0, WRITES, 4.0), (1.0, READS, 2.0), (1.0, READS, 2.0), (3.0, WRITES, 1.0)];
    let town = changed_at_two(&requests, 1, 3);
    let expected = [(0.0, 4.0), (4.0, 6.0), (4.0, 6.0), (6.0, 7.0)];
    assert_eq!(town.library.replicas[0].held, spans(&expected));
    // It holds all there is, before and after: in use are 1 of 1 for 2 s, 3 of 3 for 2 s, 2 of 3 for
    // 2 s and 3 of 3 for 1 s.
    let report = town.report();
    let lock = report.node("library").resource("lock");
    assert!((lock.in_use_mean - 15.0 / 7.0).abs() < 1e-9, "{lock:?}");
    assert!((lock.utilisation.unwrap() - 15.0 / 17.0).abs() < 1e-9, "{lock:?}");
}

#[test]
fn a_writer_keeps_readers_out_when_fewer_of_them_may_read() {
    let requests = [(0.0, WRITES, 4.0), (1.0, READS, 2.0), (1.0, READS, 2.0), (3.0, WRITES, 1.0)];
    let town = changed_at_two(&requests, 3, 1);
    let expected = [(0.0, 4.0), (4.0, 6.0), (6.0, 8.0), (8.0, 9.0)];
    assert_eq!(town.library.replicas[0].held, spans(&expected));
}

/// What a task does with a condition and its lock.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// Locks, waits, and holds the lock for so long after that.
    Wait(f64),
    /// The same, with a timeout of the wait.
    WaitFor { timeout: f64, hold: f64 },
    /// Locks with a timeout that is never reached, then waits twice, once with a timeout.
    WaitTwice { lock_timeout: f64, timeout: f64 },
    /// Locks, notifies one, and holds the lock for so long after that.
    One(f64),
    /// Locks, notifies all, and holds the lock for so long after that.
    All(f64),
    /// Notifies one without the lock.
    Ring,
    /// Locks and holds.
    Hold(f64),
}

/// Waits and notifies as written.
#[entity]
struct Stage {
    parts: Vec<(f64, Part)>,
    /// When each wait returned, and whether it was notified in time.
    #[state]
    returned: Vec<(usize, Instant, bool)>,
    #[shared]
    lock: Mutex,
    #[shared]
    ready: Condition,
}

fn secs(time: f64) -> Duration {
    Duration::from_secs_f64(time)
}

#[entity]
impl Stage {
    #[process]
    async fn play(&mut self, cx: &mut Cx<Self>) {
        for number in 0..self.parts.len() {
            let (time, part): (f64, Part) = self.parts[number];
            cx.sleep_until(at(time)).await;
            cx.spawn(self.act(cx, number, part));
        }
    }

    async fn act(&mut self, cx: &mut Cx<Self>, number: usize, part: Part) {
        match part {
            Part::Wait(hold) => {
                let hold: f64 = hold;
                let lock = self.lock.lock().await;
                let _lock = self.ready.wait(lock).await;
                self.returned.push((number, cx.now(), true));
                cx.sleep(secs(hold)).await;
            }
            Part::WaitFor { timeout, hold } => {
                let (timeout, hold): (f64, f64) = (timeout, hold);
                let lock = self.lock.lock().await;
                let (_lock, notified) = self.ready.wait(lock).timeout(secs(timeout)).await;
                self.returned.push((number, cx.now(), notified));
                cx.sleep(secs(hold)).await;
            }
            Part::WaitTwice { lock_timeout, timeout } => {
                let timeout: f64 = timeout;
                let Ok(lock) = self.lock.lock().timeout(secs(lock_timeout)).await else { return };
                let (lock, notified) = self.ready.wait(lock).timeout(secs(timeout)).await;
                self.returned.push((number, cx.now(), notified));
                let _lock = self.ready.wait(lock).await;
                self.returned.push((number, cx.now(), true));
            }
            Part::One(hold) => {
                let hold: f64 = hold;
                let _lock = self.lock.lock().await;
                self.ready.notify_one(cx);
                cx.sleep(secs(hold)).await;
            }
            Part::All(hold) => {
                let hold: f64 = hold;
                let _lock = self.lock.lock().await;
                self.ready.notify_all(cx);
                cx.sleep(secs(hold)).await;
            }
            Part::Ring => {
                self.ready.notify_one(cx);
            }
            Part::Hold(hold) => {
                let hold: f64 = hold;
                let _lock = self.lock.lock().await;
                cx.sleep(secs(hold)).await;
            }
        }
    }
}

topology! {
    /// A condition with its lock.
    Theatre {
        param parts: Vec<(f64, Part)> = Vec::new();
        shared lock: Mutex;
        shared ready: Condition;
        node stage: Stage { parts: parts };
        stage.lock -> lock;
        stage.ready -> ready;
    }
}

fn play(parts: &[(f64, Part)]) -> Vec<(usize, Instant, bool)> {
    let mut theatre = Theatre::new(TheatreParams { parts: parts.to_vec() }).build().unwrap();
    theatre.run().unwrap();
    theatre.stage.replicas[0].returned.clone()
}

// SYN-COND: Mesa semantics (Lampson, Redell 1980), first in first out.
#[test]
fn a_notified_waiter_joins_the_queue_of_its_lock() {
    let waits = [0.1, 0.2, 0.3].map(|time| (time, Part::Wait(0.4)));
    let mut parts = waits.to_vec();
    parts.extend([(1.0, Part::One(0.5)), (3.0, Part::All(0.25))]);
    assert_eq!(play(&parts), [(0, at(1.5), true), (1, at(3.25), true), (2, at(3.65), true)]);
}

#[test]
fn a_wait_times_out_on_time() {
    let part = Part::WaitFor { timeout: 1.0, hold: 0.0 };
    assert_eq!(play(&[(0.25, part)]), [(0, at(1.25), false)]);
    // The lock is taken when the time is over: the wait returns when it is free.
    assert_eq!(play(&[(0.25, part), (1.0, Part::Hold(2.0))]), [(0, at(3.0), false)]);
    // A notification just before, and at the very instant.
    assert_eq!(play(&[(0.25, part), (1.0, Part::Ring)]), [(0, at(1.0), true)]);
    assert_eq!(play(&[(0.25, part), (1.25, Part::Ring)]), [(0, at(1.25), true)]);
}

#[test]
fn the_report_counts_the_waits_of_a_shared_condition() {
    let timed = Part::WaitFor { timeout: 1.0, hold: 0.0 };
    let parts = [(0.0, timed), (0.1, Part::Wait(0.0)), (0.2, Part::Wait(0.0)), (2.0, Part::Ring)];
    let parts = parts.to_vec();
    let setup = Theatre::new(TheatreParams { parts: parts.clone() });
    let report = setup.run_for(seconds(5)).unwrap();
    let text = report.to_string();
    let expected = "\nready: Condition (shared)\n  metrics: waits 3, notified 1, waiting 1\n";
    assert!(text.contains(expected), "{text}");
    // Those who wait at the end of a warm-up are carried over.
    let setup = Theatre::new(TheatreParams { parts }).warm_up(millis(1_500));
    let report = setup.run_for(seconds(5)).unwrap();
    let count = |name: &str| report.node("ready").metric(name).as_count();
    let counts = ["waits", "notified", "waiting"].map(count);
    assert_eq!(counts, [Some(2), Some(1), Some(1)]);
}

#[test]
fn a_waiter_notified_in_time_waits_for_its_lock_as_long_as_it_takes() {
    let part = Part::WaitFor { timeout: 1.0, hold: 0.0 };
    assert_eq!(play(&[(0.25, part), (1.0, Part::One(5.0))]), [(0, at(6.0), true)]);
}

#[test]
fn the_timeout_of_an_earlier_wait_is_over_with_it() {
    let part = Part::WaitTwice { lock_timeout: 3.0, timeout: 2.0 };
    let parts = [(0.0, part), (1.0, Part::Ring), (10.0, Part::Ring)];
    assert_eq!(play(&parts), [(0, at(1.0), true), (0, at(10.0), true)]);
    // The first wait times out before the lock's own timeout would have ended.
    let part = Part::WaitTwice { lock_timeout: 9.0, timeout: 2.0 };
    assert_eq!(
        play(&[(0.0, part), (10.0, Part::Ring)]),
        [(0, at(2.0), false), (0, at(10.0), true)]
    );
}

#[test]
fn nobody_is_notified_where_nobody_waits() {
    assert_eq!(
        play(&[(0.0, Part::All(0.0)), (1.0, Part::WaitFor { timeout: 1.0, hold: 0.0 })]),
        [(1, at(2.0), false)]
    );
}

/// Thinks, takes the left fork, thinks, takes the right fork, eats.
#[entity]
struct Philosopher {
    starts: Duration,
    #[state]
    meals: u64,
    #[shared]
    left: Mutex,
    #[shared]
    right: Mutex,
}

#[entity]
impl Philosopher {
    #[process]
    async fn dine(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.starts).await;
        let _left = self.left.lock().await;
        cx.sleep(seconds(1)).await;
        let _right = self.right.lock().await;
        cx.sleep(seconds(1)).await;
        self.meals += 1;
    }
}

/// Looks after the table and is never done.
#[entity]
struct Waiter {
    #[state]
    rounds: u64,
}

#[entity]
impl Waiter {
    #[background]
    async fn serve(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(seconds(10)).await;
            self.rounds += 1;
        }
    }
}

topology! {
    /// Five philosophers; where the last one is left-handed, nobody starves.
    Dinner {
        shared f0: Mutex;
        shared f1: Mutex;
        shared f2: Mutex;
        shared f3: Mutex;
        shared f4: Mutex;
        node p0: Philosopher { starts: 0s };
        node p1: Philosopher { starts: 100ms };
        node p2: Philosopher { starts: 200ms };
        node p3: Philosopher { starts: 300ms };
        node p4: Philosopher { starts: 400ms };
        node waiter: Waiter;
        p0.left -> f0;
        p0.right -> f1;
        p1.left -> f1;
        p1.right -> f2;
        p2.left -> f2;
        p2.right -> f3;
        p3.left -> f3;
        p3.right -> f4;
        p4.left -> f4;
        p4.right -> f0;
    }
}

fn assert_dining(result: Result<(), SimError>, meals: u64) {
    let Err(SimError::Deadlock { at: since, tasks, cycle: Some(cycle), report }) = result else {
        panic!("a deadlock is an error: {result:?}")
    };
    assert_eq!((since, meals), (at(1.4), 0));
    assert_eq!(tasks.len(), 5);
    for (task, fork) in tasks.iter().zip([1, 2, 3, 4, 0]) {
        assert!(task.waits_on.contains(&format!("f{fork}")), "{}", task.waits_on);
    }
    let order: Vec<usize> =
        (0..5).map(|name| cycle.find(&format!("p{name}.dine")).expect("all are named")).collect();
    assert!(order.is_sorted(), "{cycle}");
    assert!(cycle.contains("waits for `f1` of f1, held by p1.dine"), "{cycle}");
    // The diners, the waiter, and the forks.
    assert_eq!(report.nodes.len(), 11);
}

// SYN-DINING-dead: Dijkstra (1971): everyone holds a fork by 0.4 s.
#[test]
fn philosophers_who_starve_are_named() {
    let mut dinner = Dinner::new(default()).build().unwrap();
    let result = dinner.run();
    let meals = dinner.p0.replicas[0].meals + dinner.p4.replicas[0].meals;
    assert_dining(result, meals);
    let mut dinner = Dinner::new(default()).build().unwrap();
    let result = dinner.run_for(seconds(1_000));
    assert_dining(result, dinner.p2.replicas[0].meals);
}

/// Takes and gives back whatever there is, sometimes without patience, and calls itself.
#[entity]
struct Guest {
    random: Random,
    #[param(default = 4)]
    seats: Semaphore,
    #[param(default = 3)]
    tables: Resource,
    #[state]
    door: Mutex,
    #[state]
    books: RwLock,
    #[state]
    bell: Condition,
    #[port]
    friend: Call<u32, ()>,
}

#[entity]
impl Guest {
    async fn visit(&mut self, cx: &mut Cx<Self>, depth: u32) -> Outcome<()> {
        let amount: u64 = 1 + self.random.below(3);
        let patience = micros(self.random.below(5_000));
        let _seats = self.seats.acquire(amount).timeout(patience).await?;
        cx.sleep(micros(self.random.below(3_000))).await;
        let kind: u64 = self.random.below(6);
        if kind == 0 {
            let _books = self.books.write().await;
            cx.sleep(micros(self.random.below(1_000))).await;
        } else if kind == 1 {
            let _books = self.books.read().timeout(patience).await?;
            cx.sleep(micros(self.random.below(1_000))).await;
        } else if kind == 2 {
            let door = self.door.lock().await;
            let (_door, _) = self.bell.wait(door).timeout(patience).await;
            cx.sleep(micros(self.random.below(1_000))).await;
        } else if kind == 3 {
            self.bell.notify_one(cx);
        } else {
            let claim = Claim::of(amount).patience(Some(patience));
            let _table = self.tables.enter(claim).await?;
            cx.sleep(micros(self.random.below(1_000))).await;
        }
        if depth == 0 {
            return Ok(());
        }
        let patience = micros(self.random.below(10_000));
        let giving_up = if self.random.chance(0.5) { GivingUp::Cancel } else { GivingUp::Abandon };
        self.friend.call(depth - 1).timeout(patience).giving_up(giving_up).await
    }
}

topology! {
    /// Guests who come in their thousands, and give up at any point.
    Restaurant {
        param guests: Arrivals = poisson(1200/s);
        source street: guests emits u32 = |arrival| arrival.random.below(4) as u32;
        node guest: Guest { random: Random::new(0, "", "") };
        street -> guest;
        guest.friend -> guest;
    }
}

#[test]
fn no_permit_is_ever_lost() {
    let mut failures = 0;
    for seed in 0..40 {
        let guests = Arrivals::poisson(Rate::per_second(1_200.0)).limit(1_000);
        let setup = Restaurant::new(RestaurantParams { guests }).seed(seed);
        let mut restaurant = setup.build().unwrap();
        restaurant.run().unwrap();
        for station in &restaurant.core().stations {
            let (name, in_use, waiting) = (&station.name, station.in_use(), station.waiting());
            assert_eq!((in_use, waiting), (0, 0), "`{name}` with seed {seed}");
        }
        let report = restaurant.report();
        let visits = report.node("guest").requests();
        assert!(visits.is_conserved() && visits.in_flight == 0, "seed {seed}: {visits:?}");
        assert!(report.stuck.is_empty());
        failures += visits.failed;
        for reason in ["timed out", "waited too long", "cancelled"] {
            assert!(visits.failed_for(reason) > 0, "seed {seed} has no visit that {reason}");
        }
    }
    assert!(failures > 1_000, "{failures}");
}
