//! Conditions and their locks.

use happysim::prelude::*;

use crate::at;

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
