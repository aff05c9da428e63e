//! Claims for more than there will ever be again: they are refused at the instant at which that is so.

use happysim::prelude::*;
use happysim::queueing::{codel, fifo, lifo, priority};

/// Jobs, each of which takes some hands for some time.
#[entity]
struct Crew {
    hands: Resource,
    /// When each job comes, how many hands it needs, and for how long: in milliseconds.
    plan: Vec<(u64, u64, u64)>,
    /// Whether a job asks with `acquire`, which tells no refusals.
    #[param(default = false)]
    trusts: bool,
    /// When each job was done or refused.
    #[state]
    ends: Vec<(u64, u64, Outcome<()>)>,
}

#[entity]
impl Crew {
    #[process]
    async fn come(&mut self, cx: &mut Cx<Self>) {
        let plan: Vec<(u64, u64, u64)> = self.plan.clone();
        for (at, hands, time) in plan {
            cx.sleep_until(Instant::ZERO + millis(at)).await;
            cx.spawn(self.job(cx, hands, millis(time)));
        }
    }

    async fn job(&mut self, cx: &mut Cx<Self>, hands: u64, time: Duration) {
        let outcome: Outcome<()> = self.work(cx, hands, time).await;
        let now = cx.now().since(Instant::ZERO).as_nanos() / 1_000_000;
        self.ends.push((now, hands, outcome));
    }

    async fn work(&mut self, cx: &mut Cx<Self>, hands: u64, time: Duration) -> Outcome<()> {
        if self.trusts {
            let _held: Permit = self.hands.acquire(hands).await;
            cx.sleep(time).await;
        } else {
            let _held: Permit = self.hands.enter(Claim::of(hands)).await?;
            cx.sleep(time).await;
        }
        Ok(())
    }
}

topology! {
    Yard {
        param hands: Resource;
        param plan: Vec<(u64, u64, u64)>;
        param trusts: bool = false;
        node crew: Crew { hands: hands, plan: plan, trusts: trusts };
    }
}

/// Four hands are busy for 20 ms; then jobs for 3, 2 and 1 come.
const PLAN: [(u64, u64, u64); 4] = [(0, 4, 20), (1, 3, 20), (2, 2, 20), (3, 1, 20)];

fn yard(hands: Resource) -> Simulation<Yard> {
    Yard::new(YardParams { hands, plan: PLAN.to_vec(), trusts: false }).build().unwrap()
}

fn ends(mut simulation: Simulation<Yard>) -> Vec<(u64, u64, Outcome<()>)> {
    simulation.run().unwrap();
    assert!(simulation.stuck().is_empty());
    simulation.crew.replicas[0].ends.clone()
}

const TOO_HEAVY: Outcome<()> = Err(Failure::Rejected(Rejection::TooHeavy));

#[test]
fn who_waits_for_more_than_a_profile_reaches_again_is_refused_when_it_falls() {
    for queue in [fifo(), priority(), codel(seconds(5), seconds(10))] {
        let hands = Resource::new(profile! { hold 4 for 10ms; hold 2 }).queue(queue);
        let expected = [(10, 3, TOO_HEAVY), (20, 4, Ok(())), (40, 2, Ok(())), (60, 1, Ok(()))];
        assert_eq!(ends(yard(hands)), expected);
    }
    let hands = Resource::new(profile! { hold 4 for 10ms; hold 2 }).queue(lifo());
    let expected = [(10, 3, TOO_HEAVY), (20, 4, Ok(())), (40, 1, Ok(())), (60, 2, Ok(()))];
    assert_eq!(ends(yard(hands)), expected);
}

#[test]
fn all_of_them_are_refused_in_the_order_of_the_queue() {
    let hands = Resource::new(profile! { hold 4 for 10ms; hold 1 });
    let expected = [(10, 3, TOO_HEAVY), (10, 2, TOO_HEAVY), (20, 4, Ok(())), (40, 1, Ok(()))];
    assert_eq!(ends(yard(hands)), expected);
}

#[test]
fn who_waits_for_what_may_come_again_waits() {
    // Until 40 ms there are 2.
    let hands = Resource::new(profile! { hold 4 for 10ms; hold 2 for 30ms; hold 3 });
    let expected = [(20, 4, Ok(())), (60, 3, Ok(())), (80, 2, Ok(())), (80, 1, Ok(()))];
    assert_eq!(ends(yard(hands)), expected);
    let hands = Resource::new(profile! { repeat { hold 4 for 10ms; hold 2 for 15ms } });
    let expected = [(20, 4, Ok(())), (45, 3, Ok(())), (65, 2, Ok(())), (70, 1, Ok(()))];
    assert_eq!(ends(yard(hands)), expected);
}

#[test]
fn a_ramp_refuses_each_when_it_has_passed_its_weight() {
    // Rounded to the nearest: 3 from 5 ms on, 2 from 15 ms on.
    let hands = Resource::new(profile! { ramp from 4 to 2 over 20ms; hold 2 });
    let expected = [(15, 3, TOO_HEAVY), (20, 4, Ok(())), (40, 2, Ok(())), (60, 1, Ok(()))];
    assert_eq!(ends(yard(hands)), expected);
}

#[test]
fn who_comes_when_it_is_too_late_is_refused_at_once() {
    let hands = Resource::new(profile! { hold 4 for 10ms; hold 2 });
    let plan = vec![(12, 3, 1), (13, 1, 1)];
    let simulation = Yard::new(YardParams { hands, plan, trusts: false }).build().unwrap();
    assert_eq!(ends(simulation), [(12, 3, TOO_HEAVY), (14, 1, Ok(()))]);
}

#[test]
fn a_changed_capacity_refuses_at_the_instant_of_the_change() {
    let mut simulation = yard(Resource::new(4));
    simulation.run_for(millis(5)).unwrap();
    let mut fork = simulation.fork();
    simulation.change(|yard| &mut yard.crew, |crew| crew.hands(2)).unwrap();
    let expected = [(5, 3, TOO_HEAVY), (20, 4, Ok(())), (40, 2, Ok(())), (60, 1, Ok(()))];
    assert_eq!(ends(simulation), expected);
    // What it says of later counts.
    let later: Profile<usize> = profile! { hold 2 for 30ms; hold 4 };
    fork.change(|yard| &mut yard.crew, |crew| crew.hands(later.clone())).unwrap();
    let expected = [(20, 4, Ok(())), (50, 3, Ok(())), (70, 2, Ok(())), (70, 1, Ok(()))];
    assert_eq!(ends(fork), expected);
}

#[test]
fn acquire_tells_no_refusals() {
    let hands = Resource::new(profile! { hold 4 for 10ms; hold 2 });
    let params = YardParams { hands, plan: PLAN.to_vec(), trusts: true };
    let mut simulation = Yard::new(params).build().unwrap();
    let error = simulation.run().unwrap_err().to_string();
    assert_eq!(simulation.now(), Instant::ZERO + millis(10));
    let told = "`acquire` asks for 3 of `hands`, which is at most 2 from now on";
    assert!(error.contains(told), "{error}");
    // At once, where it is made.
    let params = YardParams { hands: Resource::new(3), plan: vec![(5, 4, 1)], trusts: true };
    let mut simulation = Yard::new(params).build().unwrap();
    let error = simulation.run().unwrap_err().to_string();
    assert!(error.contains("`acquire` asks for 4 of `hands`, which is at most 3"), "{error}");
}

/// Waits for a notification, holding three of four units otherwise.
#[entity]
struct Sleeper {
    units: Resource,
    #[state]
    news: Condition,
}

#[entity]
impl Sleeper {
    #[process]
    async fn doze(&mut self, _cx: &mut Cx<Self>) {
        let held: Permit = self.units.acquire(3).await;
        let _held: Permit = self.news.wait(held).await;
    }

    #[process]
    async fn ring(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(20)).await;
        self.news.notify_one(cx);
    }
}

topology! {
    Bed {
        param units: Resource;
        node sleeper: Sleeper { units: units };
    }
}

#[test]
fn who_comes_back_from_a_condition_is_refused_likewise() {
    let run = |units: Resource| Bed::new(BedParams { units }).run();
    assert!(run(Resource::new(4)).unwrap().stuck.is_empty());
    let error = run(Resource::new(profile! { hold 4 for 10ms; hold 2 })).unwrap_err();
    let SimError::Panic { place, .. } = error else { panic!("{error}") };
    assert_eq!(place.at, Instant::ZERO + millis(20));
}

/// Draws keys, and has as many hands as a parameter of the topology says.
#[entity]
struct Picker {
    hands: Resource,
    keys: Zipf,
}

#[entity]
impl Picker {
    #[process]
    async fn pick(&mut self, cx: &mut Cx<Self>) {
        let _hands: Permit = self.hands.acquire(self.keys.sample(cx)).await;
        cx.sleep(millis(1)).await;
    }
}

topology! {
    Picking {
        param hands: Varying<usize> = 1;
        param exponent: f64 = 1.0;
        node picker: Picker { hands: hands, keys: Zipf::new(exponent, 1) };
    }
}

#[test]
fn a_resource_is_as_large_as_a_parameter_that_varies() {
    let hands = Varying::from(profile! { hold 0 for 3ms; hold 1 });
    let mut simulation = Picking::new(PickingParams { hands, ..default() }).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.now(), Instant::ZERO + millis(4));
    // A distribution that is none is told of with all the rest.
    let params = PickingParams { exponent: -1.0, ..default() };
    let error = Picking::new(params).build().unwrap_err().to_string();
    assert!(error.contains("`keys` of `picker` is a Zipf distribution with -1"), "{error}");
}
