//! What is wrong in a model is named while it runs, and what came before is not lost.

use happysim::prelude::*;

/// Sends everything back at once.
#[entity]
struct Wall {
    #[state]
    bounces: u64,
    #[port]
    back: Send<u64>,
}

#[entity]
impl Wall {
    async fn bounce(&mut self, cx: &mut Cx<Self>, ball: u64) -> Outcome<()> {
        self.bounces += 1;
        self.back.send(cx, ball);
        Ok(())
    }
}

topology! {
    Squash {
        source balls: constant(1/s) emits u64 = |arrival| arrival.number;
        node left: Wall;
        node right[2]: Wall;
        balls -> left;
        left -> right[1];
        right -> left;
    }
}

#[test]
fn an_instant_without_an_end_is_named() {
    let result = Squash::new(default()).events_per_instant(1_000).run_for(seconds(10));
    let Err(SimError::EndlessInstant { place, events, report }) = result else {
        panic!("time stands still: {result:?}")
    };
    assert_eq!(place.at, Instant::ZERO + seconds(1));
    assert!(["left", "right[1]"].contains(&place.node.as_str()), "{place}");
    assert_eq!((place.handler.as_str(), place.step.as_str()), ("bounce", "the start"));
    assert_eq!(events, 1_001);
    assert!(report.node("left").requests().arrived > 400);
}

/// Lets everybody else go first, for ever.
#[entity]
struct Polite {
    after: Duration,
}

#[entity]
impl Polite {
    #[process]
    async fn wait(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.after).await;
        loop {
            cx.yield_now().await;
        }
    }
}

topology! {
    Etiquette {
        node polite: Polite { after: 3s };
    }
}

#[test]
fn a_task_that_only_yields_is_named_with_its_step() {
    let result = Etiquette::new(default()).events_per_instant(1_000).run();
    let Err(SimError::EndlessInstant { place, .. }) = result else {
        panic!("time stands still: {result:?}")
    };
    assert_eq!(place.to_string(), "`polite.wait` at `cx.yield_now()`, after 3s",);
}

/// Starts itself again and again, without an event in between.
#[entity]
struct Rabbits {
    #[state]
    born: u64,
}

#[entity]
impl Rabbits {
    #[process]
    async fn settle(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(seconds(1)).await;
        cx.spawn(self.multiply(cx));
    }

    async fn multiply(&mut self, cx: &mut Cx<Self>) {
        self.born += 1;
        cx.spawn(self.multiply(cx));
    }
}

topology! {
    Meadow {
        node rabbits: Rabbits;
    }
}

#[test]
fn a_task_that_spawns_itself_is_named() {
    let mut simulation = Meadow::new(default()).events_per_instant(1_000).build().unwrap();
    let result = simulation.run();
    let Err(SimError::EndlessInstant { place, .. }) = result else {
        panic!("time stands still: {result:?}")
    };
    assert_eq!(place.to_string(), "`rabbits.multiply` at `the start`, after 1s");
    assert!((900..=1_000).contains(&simulation.rabbits.replicas[0].born));
}

#[test]
fn many_events_in_one_instant_are_no_error() {
    let result = Squash::new(default()).events_per_instant(1_000).run_for(millis(999));
    assert!(result.is_ok(), "{result:?}");
}

/// Breaks at its tenth request.
#[entity]
struct Fragile {
    slots: Resource,
    #[state]
    count: u64,
}

#[entity]
impl Fragile {
    async fn work(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let _slot = self.slots.acquire(1).await;
        cx.sleep(millis(10)).await;
        self.count += 1;
        assert!(self.count < 10, "request {number} was one too many");
        Ok(())
    }
}

/// Always the last.
#[entity]
struct Last {
    #[port]
    backends: Call<u64, ()>,
}

#[entity]
impl Last {
    async fn pass(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let lane = self.backends.lanes(cx) - 1;
        self.backends.lane(lane).call(number).await
    }
}

topology! {
    Breakable {
        source users: constant(10/s) emits u64 = |arrival| arrival.number;
        node last: Last;
        node worker[3]: Fragile { slots: 1 };
        users -> last -> worker[*];
    }
}

#[test]
fn a_panic_is_an_error_with_its_place_and_the_report_up_to_then() {
    let mut simulation = Breakable::new(default()).build().unwrap();
    let result = simulation.run_for(seconds(10));
    let Err(SimError::Panic { place, message, report }) = result else {
        panic!("a panic is an error: {result:?}")
    };
    assert_eq!(message, "request 9 was one too many");
    assert_eq!(
        (place.node.as_str(), place.handler.as_str(), place.at),
        ("worker[2]", "work", Instant::ZERO + millis(1_010))
    );
    assert!(place.step.contains("cx.sleep"), "{}", place.step);
    assert_eq!(report.node("worker[2]").requests().ok, 9);
    assert_eq!(report.node("last").requests().ok, 9);
    assert_eq!(report.facts.simulated, millis(1_010));
}

topology! {
    Wrong {
        param replicas: i32 = 0;
        // Literals would be refused when the test is compiled.
        param concurrency: i32 = -1;
        param queue_capacity: i32 = -3;
        param variation: f64 = -2.0;
        param slow: Duration = 20s;
        source users: poisson(1/s);
        node server: Server {
            concurrency: concurrency,
            service: lognormal(10ms, cv(variation)),
            queue_capacity: queue_capacity,
        };
        node many[replicas]: Server;
        node ranged[2]: Ranged { share: if replica == 1 { 1.5 } else { 0.5 }, pace: profile! {
            hold 1s for 1s; ramp to slow over 1s
        } };
        users -> server;
        ranged -> many[*];
    }
}

/// Parameters with ranges.
#[entity]
struct Ranged {
    #[param(default = 0.5, range = 0..=1)]
    share: Varying<f64>,
    #[param(default = seconds(1), range = ..=10)]
    pace: Varying<Duration>,
    #[port]
    next: Call<(), ()>,
}

#[entity]
impl Ranged {
    #[background]
    async fn ask(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(self.pace.at(cx.now()).mul_f64(self.share.at(cx.now()))).await;
        let _outcome = self.next.call(()).await;
    }
}

#[test]
fn every_wrong_parameter_is_told_with_node_value_and_range() {
    let result = Wrong::new(default()).build();
    let Err(SimError::Build(errors)) = result else { panic!("nothing of that can be built") };
    let text = SimError::Build(errors).to_string();
    let expected = "the topology cannot be built:
  `number of replicas` of `many` is 0: it must be at least 1
  `concurrency` of `server` is -1: it must be from 0 to 9007199254740992
  `service` of `server` is a lognormal distribution with -2 as `cv`: `cv` must be from 0 to 1e6
  `queue_capacity` of `server` is -3: it must be from 0 to 9007199254740992
  `pace` of `ranged[0]` is a profile that reaches 20s: it must be at most 10s
  `share` of `ranged[1]` is 1.5: it must be from 0 to 1
  `pace` of `ranged[1]` is a profile that reaches 20s: it must be at most 10s";
    assert_eq!(text, expected);
}
