//! Parameters that change in a fork: until then it is the same run, from then on another.

use happysim::prelude::*;
use happysim::queueing::{codel, fifo, lifo, priority};

use crate::record::{Line, Recorder};

topology! {
    /// Customers, a way, a station.
    Shop {
        param arrivals: Arrivals = poisson(8/s);
        source customers: arrivals emits u64 = |arrival| arrival.number;
        node recorder: Recorder;
        link way: Link { latency: exp(5ms), loss: 1% };
        node server: Server<u64> { service: exp(100ms) };
        customers -> recorder -> way -> server;
    }
}

fn exponential(mean: Duration) -> Distribution {
    Distribution::exponential(mean).unwrap()
}

fn started() -> Simulation<Shop> {
    let mut simulation = Shop::new(default()).seed(4).build().unwrap();
    simulation.run_for(minutes(5)).unwrap();
    simulation
}

fn log(simulation: &Simulation<Shop>) -> &[Line] {
    &simulation.recorder.replicas[0].log
}

/// Runs both for five minutes; how many customers had left at the fork, and what each says of
/// those after.
fn apart(mut one: Simulation<Shop>, mut other: Simulation<Shop>) -> (Vec<Line>, Vec<Line>) {
    let forked_at = one.now();
    one.run_for(minutes(5)).unwrap();
    other.run_for(minutes(5)).unwrap();
    let before = log(&one).iter().filter(|line| line.2 <= forked_at).count();
    assert!(before > 2_000);
    assert!(log(&one)[..before] == log(&other)[..before]);
    (log(&one)[before..].to_vec(), log(&other)[before..].to_vec())
}

#[test]
fn the_same_values_change_nothing() {
    let original = started();
    let mut fork = original.fork();
    fork.change(|shop| &mut shop.server, |it| it.service(exponential(millis(100))).concurrency(1))
        .unwrap();
    fork.change(|shop| &mut shop.server, |it| it.queue(fifo()).weight(|_: &u64| 1)).unwrap();
    fork.change(
        |shop| &mut shop.way,
        |it| it.loss(Probability::new(0.01)).latency(exponential(millis(5))),
    )
    .unwrap();
    fork.change(
        |shop| &mut shop.customers,
        |it| it.arrivals(Arrivals::poisson(Rate::per_second(8.0))),
    )
    .unwrap();
    let (one, other) = apart(original, fork);
    assert!(one.len() > 2_000);
    assert!(one == other);
}

#[test]
fn more_slots_make_nobody_wait_longer() {
    let original = started();
    let mut fork = original.fork();
    fork.change(|shop| &mut shop.server, |server| server.concurrency(2)).unwrap();
    let (narrow, wide) = apart(original, fork);
    let arrivals = |log: &[Line]| log.iter().map(|line| line.1).max();
    assert!(arrivals(&narrow) <= arrivals(&wide));
    let sojourn = |log: &[Line]| {
        log.iter().map(|line| line.2.since(line.1).as_secs_f64()).sum::<f64>() / log.len() as f64
    };
    assert!(sojourn(&wide) < 0.6 * sojourn(&narrow), "{} {}", sojourn(&wide), sojourn(&narrow));
}

topology! {
    /// Customers who never wait.
    Beach {
        source customers: poisson(8/s) emits u64 = |arrival| arrival.number;
        node recorder: Recorder;
        node server: Server<u64> { service: exp(100ms), concurrency: 1_000 };
        customers -> recorder -> server;
    }
}

#[test]
fn another_service_time_draws_from_the_same_stream() {
    let mut original = Beach::new(default()).seed(4).build().unwrap();
    original.run_for(minutes(5)).unwrap();
    let forked_at = original.now();
    let mut fork = original.fork();
    fork.change(|beach| &mut beach.server, |it| it.service(exponential(millis(200)))).unwrap();
    original.run_for(minutes(5)).unwrap();
    fork.run_for(minutes(5)).unwrap();
    let (one, other) = (&original.recorder.replicas[0].log, &fork.recorder.replicas[0].log);
    let before = one.iter().filter(|line| line.2 <= forked_at).count();
    assert!(one[..before] == other[..before]);
    let mut doubled = 0;
    for line in &other[before..] {
        let quick = one.iter().find(|quick| quick.0 == line.0).unwrap();
        let factor = if line.1 > forked_at { 2 } else { 1 };
        let (short, long) = (quick.2.since(quick.1), line.2.since(line.1));
        assert!(long.as_nanos().abs_diff(factor * short.as_nanos()) <= 1, "{short} {long}");
        doubled += factor - 1;
    }
    assert!(doubled > 2_000, "{doubled}");
}

#[test]
fn a_line_that_loses_more() {
    let original = started();
    let lost = |simulation: &Simulation<Shop>| simulation.way.replicas[0].requests.lost;
    let before = lost(&original);
    let mut fork = original.fork();
    fork.change(|shop| &mut shop.way, |way| way.loss(0.5)).unwrap();
    assert_eq!(lost(&fork), before);
    let (mut one, mut other) = (original.fork(), fork.fork());
    let (few, many) = apart(original, fork);
    assert!(many.len() * 3 < few.len() * 2, "{} {}", many.len(), few.len());
    one.run_for(minutes(5)).unwrap();
    other.run_for(minutes(5)).unwrap();
    let share = |simulation| (lost(simulation) - before) as f64 / 2_400.0;
    assert!(share(&one) < 0.02 && (0.45..0.55).contains(&share(&other)));
}

#[test]
fn other_arrivals_come_after_the_one_that_is_due() {
    let arrivals = Arrivals::constant(Rate::per_second(2.0));
    let mut simulation = Shop::new(ShopParams { arrivals, ..default() }).build().unwrap();
    simulation.change(|shop| &mut shop.way, |way| way.loss(0.0)).unwrap();
    simulation.run_for(millis(1_200)).unwrap();
    let mut fork = simulation.fork();
    let profile = profile! { hold 10/s };
    fork.change(|shop| &mut shop.customers, |it| it.arrivals(Arrivals::constant(profile.clone())))
        .unwrap();
    simulation
        .change(
            |shop| &mut shop.customers,
            |it| it.arrivals(Arrivals::constant(Rate::per_second(4.0)).limit(2)),
        )
        .unwrap();
    let came = |simulation: &mut Simulation<Shop>| -> Vec<u64> {
        simulation.run_for(seconds(10)).unwrap();
        let mut came: Vec<u64> =
            log(simulation).iter().map(|line| line.1.as_nanos() / 1_000_000).collect();
        came.sort_unstable();
        came
    };
    assert_eq!(came(&mut fork)[..6], [500, 1_000, 1_500, 1_600, 1_700, 1_800]);
    assert_eq!(came(&mut simulation), [500, 1_000, 1_500, 1_750, 2_000]);
}

/// Sends numbers at fixed instants and writes down how each ended.
#[entity]
struct Crowd {
    size: u64,
    #[state]
    ends: Vec<(u64, u64, bool)>,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Crowd {
    #[process]
    async fn come(&mut self, cx: &mut Cx<Self>) {
        for number in 0..self.size {
            cx.spawn(self.one(cx, number));
            cx.sleep(millis(1)).await;
        }
    }

    async fn one(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let outcome = self.next.call(number).await;
        let now = cx.now().as_nanos() / 1_000_000;
        self.ends.push((number, now, outcome.is_ok()));
        Ok(())
    }
}

topology! {
    /// A crowd in front of a counter.
    Queue {
        node crowd: Crowd { size: 5 };
        node server: Server<u64> { service: 100ms };
        crowd.next -> server;
    }
}

/// Five have come, the first is being served, four wait.
fn crowded() -> Simulation<Queue> {
    let mut simulation = Queue::new(default()).build().unwrap();
    simulation.run_for(millis(50)).unwrap();
    simulation
}

fn ends(mut simulation: Simulation<Queue>) -> Vec<(u64, u64, bool)> {
    simulation.run().unwrap();
    simulation.crowd.replicas[0].ends.clone()
}

#[test]
fn raised_capacity_starts_those_who_wait_at_once() {
    let mut simulation = crowded();
    simulation.change(|queue| &mut queue.server, |server| server.concurrency(3)).unwrap();
    let expected = [(0, 100, true), (1, 150, true), (2, 150, true), (3, 200, true), (4, 250, true)];
    assert_eq!(ends(simulation), expected);
}

#[test]
fn a_profile_counts_from_the_start_of_the_run() {
    let mut simulation = crowded();
    let slots = profile! { hold 1 for 130ms; hold 4 };
    simulation.change(|queue| &mut queue.server, |it| it.concurrency(slots.clone())).unwrap();
    let expected = [(0, 100, true), (1, 200, true), (2, 230, true), (3, 230, true), (4, 230, true)];
    assert_eq!(ends(simulation), expected);
}

#[test]
fn another_discipline_takes_over_those_who_wait() {
    let order = |queue: Discipline| {
        let mut simulation = crowded();
        simulation.change(|it| &mut it.server, |server| server.queue(queue.clone())).unwrap();
        ends(simulation).iter().map(|end| end.0).collect::<Vec<_>>()
    };
    assert_eq!(order(fifo()), [0, 1, 2, 3, 4]);
    assert_eq!(order(lifo()), [0, 4, 3, 2, 1]);
    assert_eq!(order(priority()), [0, 1, 2, 3, 4]);
    assert_eq!(order(codel(seconds(5), seconds(10))), [0, 1, 2, 3, 4]);
}

#[test]
fn a_limit_that_was_not_there_holds_for_those_who_come_later() {
    let mut simulation = Queue::new(default()).build().unwrap();
    simulation.run_for(micros(1_500)).unwrap();
    simulation.change(|queue| &mut queue.server, |server| server.queue_capacity(2)).unwrap();
    let expected = [(3, 3, false), (4, 4, false), (0, 100, true), (1, 200, true), (2, 300, true)];
    assert_eq!(ends(simulation), expected);
}

topology! {
    /// What the parameters of other components reach.
    Backend {
        node crowd: Crowd { size: 5 };
        node gate[2]: Gate { permits: 1, work: 10ms };
        crowd.next -> bulkhead(1, max_wait_queue: 9) -> gate[0];
    }
}

/// A parameter that is a resource, and one with a range.
#[entity]
struct Gate {
    permits: Resource,
    #[param(range = 0.001..=1)]
    work: Varying<Duration>,
    #[param(default = None)]
    lag: Option<Distribution>,
}

#[entity]
impl Gate {
    async fn pass(&mut self, cx: &mut Cx<Self>, _number: u64) -> Outcome<()> {
        let _permit: Permit = self.permits.acquire(1).await;
        let lag = self.lag.as_mut().map_or(Duration::ZERO, |lag| lag.sample(cx));
        cx.sleep(self.work.at(cx.now()) + lag).await;
        Ok(())
    }
}

fn backend() -> Simulation<Backend> {
    let mut simulation = Backend::new(default()).build().unwrap();
    simulation.run_for(millis(5)).unwrap();
    simulation
}

#[test]
fn resources_and_what_was_made_of_parameters_follow() {
    let last = |mut simulation: Simulation<Backend>| {
        simulation.run().unwrap();
        simulation.crowd.replicas[0].ends.last().unwrap().1
    };
    assert_eq!(last(backend()), 50);
    let mut both = backend();
    both.change(|it| &mut it.crowd_next_bulkhead, |bulkhead| bulkhead.max_concurrent(5)).unwrap();
    assert_eq!(last(both.fork()), 50, "the gate is still narrow");
    both.change(|it| &mut it.gate, |gate| gate.permits(5)).unwrap();
    assert_eq!(last(both), 15);
    let mut lagging = backend();
    lagging.change(|it| &mut it.gate, |gate| gate.lag(Some(exponential(seconds(1))))).unwrap();
    assert!(last(lagging) > 100, "a part that was not there before is bound");
}

#[test]
fn one_replica_of_several() {
    let mut simulation = backend();
    simulation.change_replica(|it| &mut it.gate, 1, |gate| gate.permits(5)).unwrap();
    let capacity = |replica: usize| simulation.gate.replicas[replica].permits.clone();
    assert_eq!(format!("{:?}", capacity(0)).matches("Constant(1)").count(), 1);
    assert_eq!(format!("{:?}", capacity(1)).matches("Constant(5)").count(), 1);
}

#[test]
fn what_is_out_of_range_is_told_and_changes_nothing() {
    let mut simulation = backend();
    let before = format!("{simulation:?}");
    let error =
        simulation.change(|it| &mut it.gate, |gate| gate.permits(7).work(seconds(2))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the parameters cannot be changed:\n  \
         `work` of `gate[0]` is 2s: it must be from 1ms to 1s\n  \
         `work` of `gate[1]` is 2s: it must be from 1ms to 1s"
    );
    assert_eq!(format!("{simulation:?}"), before);
    let error = simulation.change(|it| &mut it.gate, |gate| gate.permits(-1)).unwrap_err();
    assert!(error.to_string().contains("`permits` of `gate[0]` is -1"), "{error}");
}
