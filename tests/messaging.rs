//! Behaviour of message queues.
#![allow(missing_docs, reason = "a test suite")]
#![allow(unreachable_pub, reason = "what `#[entity]` makes is public")]
#![allow(clippy::float_cmp, reason = "exact where all numbers are exact")]

#[path = "datastore/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the data stores")]
mod support;

use happysim::prelude::*;
use happysim::report::Report;
use suite::oracle::scaled;
use support::{Recorder, assert_near, micros_of};

/// What the consumer does with a message, delivery by delivery; the last one from then on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Acknowledge,
    Requeue,
    Discard,
    Crash,
    /// Acknowledges after so many milliseconds.
    Work(u64),
    Silent,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    id: u64,
    acts: &'static [Act],
}

fn job(id: u64, acts: &'static [Act]) -> Job {
    Job { id, acts }
}

#[entity]
pub struct Worker {
    /// When it got what: microseconds, id.
    #[state]
    pub log: Vec<(u64, u64)>,
}

#[entity]
impl Worker {
    async fn handle(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<u64> {
        let before = self.log.iter().filter(|(_, id)| *id == job.id).count();
        self.log.push((micros_of(cx.now()), job.id));
        let act: Act = job.acts[before.min(job.acts.len() - 1)];
        match act {
            Act::Acknowledge => Ok(job.id),
            Act::Requeue => Err(MessageQueue::<Job, u64>::REQUEUE),
            Act::Discard => Err(MessageQueue::<Job, u64>::DISCARD),
            Act::Crash => Err(Failure::Crashed),
            Act::Silent => Err(Failure::Lost),
            Act::Work(ms) => {
                cx.sleep(millis(ms)).await;
                Ok(job.id)
            }
        }
    }
}

topology! {
    Orders {
        param script: Vec<(Duration, Job)> = Vec::new();
        param workers: usize = 1;
        param prefetch: Varying<usize> = 1;
        param capacity: Option<Varying<usize>> = None;
        param visibility: Varying<Duration> = 30s;
        param delay: Varying<Duration> = 0s;
        param redeliveries: Varying<usize> = 3;
        param on_failure: OnFailure = OnFailure::Requeue;
        param stored: Option<Varying<usize>> = None;
        param retention: Option<Varying<Duration>> = None;

        node app: Recorder { script: script };
        node queue: MessageQueue {
            prefetch: prefetch, capacity: capacity, visibility_timeout: visibility,
            redelivery_delay: delay, max_redeliveries: redeliveries, on_failure: on_failure,
        };
        node worker[workers]: Worker;
        node dead: DeadLetterQueue<Job> { capacity: stored, retention: retention };
        app -> queue;
        queue.dead_letters -> dead;
        queue.consumers -> worker[*];
    }
}

struct Run {
    simulation: Simulation<Orders>,
    report: Report,
}

fn run(params: OrdersParams) -> Run {
    let mut simulation = Orders::new(params).seed(1).build().unwrap();
    simulation.run_for(minutes(10)).unwrap();
    let report = simulation.report();
    assert!(report.node("queue").is_conserved() && report.node("dead").is_conserved());
    Run { simulation, report }
}

impl Run {
    fn log(&self, worker: usize) -> &[(u64, u64)] {
        &self.simulation.worker.replicas[worker].log
    }

    fn dead(&self) -> Vec<(u64, u64, Undelivered, u64)> {
        let letters = self.simulation.dead.replicas[0].letters();
        letters.map(|(at, it)| (micros_of(*at), it.message.id, it.reason, it.deliveries)).collect()
    }

    fn count(&self, metric: &str) -> u64 {
        self.report.node("queue").metric(metric).as_count().unwrap()
    }
}

fn at(ms: u64, job: Job) -> (Duration, Job) {
    (millis(ms), job)
}

/// MSG-REDEL-v: the visibility timeout begins with the delivery.
#[test]
fn a_message_that_is_never_acknowledged_is_delivered_four_times_and_then_dead() {
    let run = run(OrdersParams { script: vec![at(0, job(1, &[Act::Silent]))], ..default() });
    let times: Vec<u64> = run.log(0).iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [1_000, 30_002_000, 60_003_000, 90_004_000]);
    let reason = Undelivered::TooManyDeliveries(Failure::TimedOut);
    assert_eq!(run.dead(), [(120_004_000, 1, reason, 4)]);
    assert_eq!((run.count("deliveries"), run.count("redeliveries")), (4, 3));
    assert_eq!((run.count("timed out"), run.count("dead")), (4, 1));
}

/// MSG-REJECT-v.
#[test]
fn a_rejected_message_is_dead_without_requeue_and_delivered_again_with_it() {
    let b = job(2, &[Act::Requeue, Act::Requeue, Act::Acknowledge]);
    let run =
        run(OrdersParams { script: vec![at(0, job(1, &[Act::Discard])), at(10, b)], ..default() });
    assert_eq!(run.log(0), [(1_000, 1), (11_000, 2), (12_000, 2), (13_000, 2)]);
    let discard = MessageQueue::<Job, u64>::DISCARD;
    assert_eq!(run.dead(), [(1_000, 1, Undelivered::Rejected(discard), 1)]);
    assert_eq!((run.count("rejected"), run.count("acknowledged")), (3, 1));
}

#[test]
fn any_other_failure_means_what_the_queue_says() {
    let script = vec![at(0, job(1, &[Act::Crash, Act::Acknowledge]))];
    let params = OrdersParams { script, ..default() };
    assert_eq!(run(params.clone()).log(0).len(), 2);
    let run = run(OrdersParams { on_failure: OnFailure::DeadLetter, ..params });
    assert_eq!(run.dead(), [(1_000, 1, Undelivered::Rejected(Failure::Crashed), 1)]);
}

#[test]
fn a_redelivery_waits_for_its_delay() {
    let script = vec![at(0, job(1, &[Act::Requeue, Act::Acknowledge]))];
    let delay = Varying::Constant(millis(50));
    assert_eq!(run(OrdersParams { script, delay, ..default() }).log(0), [(1_000, 1), (52_000, 1)]);
}

#[test]
fn without_redeliveries_one_failure_is_the_end() {
    let script = vec![at(0, job(1, &[Act::Requeue]))];
    let run = run(OrdersParams { script, redeliveries: 0.into(), ..default() });
    assert_eq!((run.log(0).len(), run.dead().len()), (1, 1));
}

#[test]
fn a_consumer_works_on_no_more_than_its_prefetch() {
    let script: Vec<_> = (0..4).map(|id| at(0, job(id, &[Act::Work(10)]))).collect();
    let one = run(OrdersParams { script: script.clone(), ..default() });
    assert_eq!(one.log(0), [(1_000, 0), (12_000, 1), (23_000, 2), (34_000, 3)]);
    let two = run(OrdersParams { script: script.clone(), prefetch: 2.into(), ..default() });
    assert_eq!(two.log(0), [(1_000, 0), (1_000, 1), (12_000, 2), (12_000, 3)]);
    // Raised while messages wait: used at that very instant.
    let prefetch = Varying::from(profile! { hold 0 for 5ms; hold 1 for 2ms; hold 3 });
    let raised = run(OrdersParams { script, prefetch, ..default() });
    assert_eq!(raised.log(0), [(6_000, 0), (8_000, 1), (8_000, 2), (17_000, 3)]);
}

#[test]
fn a_changed_prefetch_is_used_at_the_instant_of_the_change() {
    let script: Vec<_> = (0..4).map(|id| at(0, job(id, &[Act::Work(10)]))).collect();
    let mut simulation = Orders::new(OrdersParams { script, ..default() }).build().unwrap();
    simulation.run_for(millis(5)).unwrap();
    let mut fork = simulation.fork();
    simulation.change(|orders| &mut orders.queue, |queue| queue.prefetch(3)).unwrap();
    simulation.run_for(seconds(1)).unwrap();
    let log = &simulation.worker.replicas[0].log;
    assert_eq!(*log, [(1_000, 0), (6_000, 1), (6_000, 2), (12_000, 3)]);
    // Two changes, of which the first says more of later; that holds no longer.
    let early: Profile<usize> = profile! { hold 1 for 7ms; hold 9 };
    let late: Profile<usize> = profile! { hold 1 for 8ms; hold 2 };
    fork.change(|orders| &mut orders.queue, |queue| queue.prefetch(early.clone())).unwrap();
    fork.change(|orders| &mut orders.queue, |queue| queue.prefetch(late.clone())).unwrap();
    fork.run_for(seconds(1)).unwrap();
    assert_eq!(fork.worker.replicas[0].log, [(1_000, 0), (9_000, 1), (12_000, 2), (20_000, 3)]);
}

#[test]
fn competing_consumers_take_turns_and_each_message_goes_to_one() {
    let script: Vec<_> = (0..6).map(|id| at(id, job(id, &[Act::Work(4)]))).collect();
    let run = run(OrdersParams { script, workers: 3, ..default() });
    assert_eq!(run.log(0), [(1_000, 0), (6_000, 3)]);
    assert_eq!(run.log(1), [(2_000, 1), (7_000, 4)]);
    assert_eq!(run.log(2), [(3_000, 2), (8_000, 5)]);
}

#[test]
fn another_consumer_gets_what_one_has_rejected() {
    let script = vec![at(0, job(1, &[Act::Requeue]))];
    let run = run(OrdersParams { script, workers: 2, ..default() });
    assert_eq!(run.log(0), [(1_000, 1), (3_000, 1)]);
    assert_eq!(run.log(1), [(2_000, 1), (4_000, 1)]);
}

#[test]
fn a_message_that_comes_back_has_its_old_place() {
    let script = vec![
        at(0, job(1, &[Act::Requeue, Act::Acknowledge])),
        at(0, job(2, &[Act::Acknowledge])),
        at(0, job(3, &[Act::Acknowledge])),
    ];
    let run = run(OrdersParams { script, ..default() });
    let order: Vec<u64> = run.log(0).iter().map(|(_, id)| *id).collect();
    assert_eq!(order, [1, 1, 2, 3]);
}

#[test]
fn a_late_acknowledgement_changes_nothing() {
    // The first consumer needs 50 ms, but the message is visible again after 20.
    let script = vec![at(0, job(1, &[Act::Work(50)]))];
    let visibility = Varying::Constant(millis(20));
    let run = run(OrdersParams { script, visibility, redeliveries: 1.into(), ..default() });
    assert_eq!(run.log(0), [(1_000, 1), (22_000, 1)]);
    assert_eq!((run.count("acknowledged"), run.dead().len()), (0, 1));
    assert_eq!(run.report.node("worker").requests().ok, 2);
}

#[test]
fn a_full_queue_rejects_what_is_published_and_takes_what_comes_back() {
    let mut script: Vec<_> =
        (0..4).map(|id| at(0, job(id, &[Act::Requeue, Act::Work(10)]))).collect();
    script.push(at(100, job(9, &[Act::Acknowledge])));
    let run = run(OrdersParams { script, capacity: Some(2.into()), ..default() });
    let records = &run.simulation.app.replicas[0].records;
    let full = Err(Failure::Rejected(Rejection::QueueFull));
    assert_eq!(records[3], (0, full));
    assert_eq!(records.iter().filter(|(_, outcome)| outcome.is_ok()).count(), 4);
    assert_eq!(run.report.node("queue").requests().failed_for("queue full"), 1);
    assert_eq!(run.count("acknowledged"), 4);
    assert_eq!(run.simulation.queue.replicas[0].waiting(), 0);
}

#[test]
fn dead_letters_have_room_and_a_time() {
    let discarded = |ms, id| at(ms, job(id, &[Act::Discard]));
    let script = vec![discarded(0, 1), discarded(10, 2), discarded(20, 3), discarded(30, 4)];
    let ids = |run: &Run| -> Vec<u64> { run.dead().iter().map(|letter| letter.1).collect() };
    let params = OrdersParams { script, ..default() };
    let full = run(OrdersParams { stored: Some(2.into()), ..params.clone() });
    assert_eq!(ids(&full), [3, 4]);
    assert_eq!(full.report.node("dead").metric("overflowed").as_count(), Some(2));
    let old = run(OrdersParams { retention: Some(millis(10).into()), ..params });
    assert_eq!(ids(&old), [3, 4]);
    assert_eq!(old.report.node("dead").metric("expired").as_count(), Some(2));
}

/// Fails one delivery in five.
#[entity]
pub struct Unreliable {
    failure: Chance,
}

#[entity]
impl Unreliable {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn handle(&mut self, cx: &mut Cx<Self>, _message: u64) -> Outcome<()> {
        if self.failure.hits(cx) { Err(Failure::Crashed) } else { Ok(()) }
    }
}

topology! {
    Amplified {
        param count: u64 = 1_000;
        source app: constant(1_000/s).limit(count) emits u64 = |arrival| arrival.number;
        node queue: MessageQueue { prefetch: 10 };
        node worker: Unreliable { failure: 20% };
        node dead: DeadLetterQueue<u64> { capacity: 0 };
        app -> queue;
        queue.dead_letters -> dead;
        queue.consumers -> worker;
    }
}

/// MSG-AMP-v.
#[test]
fn one_failure_in_five_makes_so_many_deliveries_and_dead_letters() {
    let (count, factor) = scaled(200_000, 20_000);
    let report = Amplified::new(AmplifiedParams { count }).seed(4).run().unwrap();
    let queue = report.node("queue");
    let number = |metric: &str| queue.metric(metric).as_f64();
    let total = count as f64;
    assert_near("deliveries", number("deliveries") / total, 1.248, 0.01 * factor);
    let sigma = (total * 0.0016 * (1.0 - 0.0016)).sqrt();
    assert!((number("dead") - total * 0.0016).abs() <= 4.0 * sigma, "{}", number("dead"));
    assert_eq!(number("acknowledged") + number("dead"), total);
    assert_eq!(report.node("dead").requests().ok as f64, number("dead"));
}

topology! {
    Competing {
        param count: u64 = 1_000;
        source app: poisson(30/s).limit(count) emits ();
        node queue: MessageQueue { delivery_latency: 0s };
        node worker[4]: Server { service: exp(100ms) };
        node dead: DeadLetterQueue;
        app -> queue;
        queue.consumers -> worker[*];
        queue.dead_letters -> dead;
    }
}

/// MSG-CONS-v: M/M/4.
#[test]
fn competing_consumers_are_the_queue_of_erlang() {
    let (count, factor) = scaled(4_400_000, 150_000);
    let warm_up = Duration::from_secs_f64(count as f64 / 30.0 * 0.05);
    let params = CompetingParams { count };
    let report = Competing::new(params).seed(9).warm_up(warm_up).run().unwrap();
    let (queue, tolerance) = (report.node("queue"), 0.02 * factor);
    assert_near("Wq", queue.metric("wait mean").as_f64(), 0.050_943_396_23, tolerance);
    assert_near("Lq", queue.metric("waiting").as_f64(), 1.528_301_887, tolerance);
    assert_near("busy", queue.metric("delivered").as_f64(), 4.0 * 0.75, tolerance);
}
