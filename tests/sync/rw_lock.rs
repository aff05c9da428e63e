//! Read-write locks.

use happysim::prelude::*;

use crate::{Visit, at, spans, visit};

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
