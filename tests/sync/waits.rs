//! Waits that end or are over, and who is next.

use happysim::prelude::*;
use happysim::queueing::{Class, Discipline, fifo, lifo, priority};

/// Waits for one condition until its time is up, and then for another with the same permit.
#[entity]
struct Patient {
    lock: Mutex,
    one: Condition,
    other: Condition,
    #[state]
    log: Vec<String>,
}

#[entity]
impl Patient {
    #[process]
    async fn wait(&mut self, cx: &mut Cx<Self>) {
        let first: Permit = self.lock.lock().await;
        let (second, is_told): (Permit, bool) = self.one.wait(first).timeout(millis(1)).await;
        assert!(!is_told);
        let _third: Permit = self.other.wait(second).await;
        self.log.push(format!("told at {}", cx.now()));
    }

    #[process]
    async fn tell(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(5)).await;
        let (told, waiting) = (self.one.notify_all(cx), self.one.waiters(cx));
        self.log.push(format!("{told} told, {waiting} wait"));
        cx.sleep(millis(5)).await;
        self.other.notify_one(cx);
    }
}

topology! {
    Waiting {
        node patient: Patient {
            lock: Mutex::new(), one: Condition::new(), other: Condition::new(),
        };
    }
}

#[test]
fn who_has_timed_out_waits_for_that_condition_no_more() {
    let mut simulation = Waiting::new(default()).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.patient.replicas[0].log, ["0 told, 0 wait", "told at 10ms"]);
}

/// Waits again and again, and nobody tells.
#[entity]
struct Forlorn {
    lock: Mutex,
    told: Condition,
}

#[entity]
impl Forlorn {
    #[process]
    async fn wait(&mut self, _cx: &mut Cx<Self>) {
        loop {
            let permit: Permit = self.lock.lock().await;
            let (_permit, _is_told) = self.told.wait(permit).timeout(millis(1)).await;
        }
    }
}

topology! {
    Lonely {
        node forlorn: Forlorn { lock: Mutex::new(), told: Condition::new() };
    }
}

#[test]
fn waits_that_ended_are_forgotten() {
    let mut simulation = Lonely::new(default()).build().unwrap();
    simulation.run_for(seconds(100)).unwrap();
    let shown = format!("{:?}", *simulation);
    assert!(shown.matches("ClaimKey").count() < 50, "{}", shown.matches("ClaimKey").count());
}

/// Three places, of which claims take one or two.
#[entity]
struct Hall {
    places: Resource,
    #[state]
    log: Vec<String>,
}

#[entity]
impl Hall {
    #[process]
    async fn work(&mut self, cx: &mut Cx<Self>) {
        cx.spawn(self.enter(cx, "a", 2, 0));
        cx.sleep(millis(1)).await;
        cx.spawn(self.enter(cx, "b", 2, 5));
        cx.sleep(millis(1)).await;
        cx.spawn(self.enter(cx, "c", 1, 0));
        assert!(self.places.try_acquire(cx, u64::MAX - 1).is_none());
    }

    async fn enter(&mut self, cx: &mut Cx<Self>, name: &'static str, amount: u64, priority: i64) {
        let class: Class = Class { priority, ..Class::default() };
        let granted = self.places.enter(Claim::of(amount).class(&class)).await;
        let _permit: Permit = granted.unwrap();
        self.log.push(format!("{name} {}", cx.now()));
        cx.sleep(millis(100)).await;
    }
}

topology! {
    Festival {
        param queue: Discipline = fifo();
        node hall: Hall { places: Resource::new(3).queue(queue) };
    }
}

#[test]
fn who_is_next_and_fits_does_not_wait() {
    let log = |queue| {
        let mut simulation = Festival::new(FestivalParams { queue }).build().unwrap();
        simulation.run().unwrap();
        simulation.hall.replicas[0].log.clone()
    };
    // The first in that order is not overtaken.
    assert_eq!(log(fifo()), ["a 0s", "b 100ms", "c 100ms"]);
    assert_eq!(log(lifo()), ["a 0s", "c 2ms", "b 100ms"]);
    assert_eq!(log(priority()), ["a 0s", "c 2ms", "b 100ms"]);
}

/// Writes, with a wait for a condition in between.
#[entity]
struct Author {
    table: RwLock,
    told: Condition,
    #[state]
    log: Vec<String>,
}

#[entity]
impl Author {
    #[process]
    async fn write(&mut self, cx: &mut Cx<Self>) {
        let permit: Permit = self.table.write().await;
        let (_permit, _): (Permit, bool) = self.told.wait(permit).timeout(millis(10)).await;
        cx.sleep(millis(10)).await;
        self.log.push(format!("written {}", cx.now()));
    }

    #[process]
    async fn read(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(12)).await;
        let _permit: Permit = self.table.read().await;
        self.log.push(format!("read {}", cx.now()));
    }
}

topology! {
    Archive {
        param readers: Profile<usize> = Profile::constant(4);
        node author: Author { table: RwLock::with_max_readers(readers), told: Condition::new() };
    }
}

#[test]
fn a_writer_that_has_waited_for_a_condition_is_alone_again() {
    let more = profile! { hold 2 for 5ms; hold 4 };
    let fewer = profile! { hold 4 for 5ms; hold 2 };
    for readers in [more, fewer] {
        let mut simulation = Archive::new(ArchiveParams { readers }).build().unwrap();
        simulation.run().unwrap();
        assert_eq!(simulation.author.replicas[0].log, ["written 20ms", "read 20ms"]);
    }
}
