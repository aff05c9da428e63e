//! Capacity that an entity changes while it works.

use happysim::prelude::*;

use crate::record::Recorder;

/// Works on requests with as many hands as it has, and changes their number at given times.
#[entity]
struct Shift {
    hands: Resource,
    plan: Vec<(Duration, Varying<usize>)>,
    #[state]
    in_use: Vec<u64>,
}

#[entity]
impl Shift {
    #[handler]
    async fn work(&mut self, cx: &mut Cx<Self>, _number: u64) -> Outcome<()> {
        let _hand = self.hands.acquire(1).await;
        cx.sleep(seconds(1)).await;
        Ok(())
    }

    #[process]
    async fn change(&mut self, cx: &mut Cx<Self>) {
        let plan: Vec<(Duration, Varying<usize>)> = self.plan.clone();
        for (at, hands) in plan {
            cx.sleep_until(Instant::ZERO + at).await;
            self.hands.set_capacity(cx, hands);
            self.in_use.push(self.hands.in_use(cx));
        }
    }
}

topology! {
    Plant {
        param plan: Vec<(Duration, Varying<usize>)> = Vec::new();
        param arrivals: Arrivals = Arrivals::constant(Rate::per_second(1000.0)).limit(5);
        source orders: arrivals emits u64 = |arrival| arrival.number;
        node recorder: Recorder;
        node shift: Shift { hands: 1, plan: plan };
        orders -> recorder -> shift;
    }
}

/// When each request was done, in milliseconds; five come 1 ms apart.
fn done(plan: Vec<(Duration, Varying<usize>)>) -> (Vec<u64>, Simulation<Plant>) {
    let mut plant = Plant::new(PlantParams { plan, ..default() }).build().unwrap();
    plant.run().unwrap();
    let millis = |end: Instant| end.since(Instant::ZERO).as_nanos() / 1_000_000;
    let ends = plant.recorder.replicas[0].log.iter().map(|line| millis(line.2)).collect();
    (ends, plant)
}

#[test]
fn raised_it_starts_those_who_wait_and_lowered_it_drains() {
    assert_eq!(done(vec![]).0, [1_001, 2_001, 3_001, 4_001, 5_001]);
    let raised = vec![(millis(500), Varying::Constant(3))];
    assert_eq!(done(raised).0, [1_001, 1_500, 1_500, 2_001, 2_500]);
    // Three hands until 1.2 s, then one: those at work finish, and the last waits for all of them.
    let lowered = vec![(millis(500), Varying::Constant(3)), (millis(1_200), Varying::Constant(1))];
    let (ends, plant) = done(lowered);
    assert_eq!(ends, [1_001, 1_500, 1_500, 2_001, 3_001]);
    assert_eq!(plant.shift.replicas[0].in_use, [3, 3]);
}

#[test]
fn a_profile_that_was_replaced_changes_nothing_any_more() {
    let early: Varying<usize> = profile! { hold 1 for 600ms; hold 5 }.into();
    let late: Varying<usize> = profile! { hold 1 for 900ms; hold 5 }.into();
    let (ends, _) = done(vec![(millis(10), early), (millis(20), late)]);
    assert_eq!(ends, [1_001, 1_900, 1_900, 1_900, 1_900]);
}

#[test]
fn replacing_a_profile_many_times_makes_no_more_events_than_once() {
    let events = |times: u64| {
        let square: Varying<usize> =
            profile! { repeat { hold 1 for 10ms; hold 2 for 10ms } }.into();
        let plan = (0..times).map(|time| (millis(time / 10), square.clone())).collect();
        let mut plant = Plant::new(PlantParams { plan, ..default() }).build().unwrap();
        plant.run_for(millis(200)).unwrap();
        let before = plant.events();
        plant.run_for(seconds(60)).unwrap();
        plant.events() - before
    };
    assert_eq!(events(100), events(1));
}
