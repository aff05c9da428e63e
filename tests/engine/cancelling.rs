//! What is cancelled, and what is only given up.

use happysim::prelude::*;

/// Starts a call, and ends it after a while.
#[entity]
struct Asker {
    giving_up: GivingUp,
    how: u64,
    after: Duration,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Asker {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        let handle: Handle<AskerNext> = self.next.call(number).giving_up(self.giving_up).start(cx);
        cx.sleep(self.after).await;
        match self.how {
            0 => drop(handle),
            1 => handle.cancel(),
            _ => {
                let mut group: Group<AskerNext> = Group::new();
                group.add(handle);
                group.cancel();
            }
        }
        Ok(())
    }
}

#[entity]
struct Worker {
    slots: Resource,
    loses: bool,
}

#[entity]
impl Worker {
    async fn handle(&mut self, cx: &mut Cx<Self>, _number: u64) -> Outcome<()> {
        let _slot = self.slots.acquire(1).await;
        if self.loses {
            return Err(Failure::Lost);
        }
        cx.sleep(millis(100)).await;
        Ok(())
    }
}

topology! {
    Office {
        param giving_up: GivingUp = GivingUp::Abandon;
        param how: u64 = 0;
        param loses: bool = false;
        param after: Duration = 5ms;
        source users: Arrivals::constant(Rate::per_second(1000.0)).limit(1)
            emits u64 = |arrival| arrival.number;
        node asker: Asker { giving_up: giving_up, how: how, after: after };
        #[allow(happysim::balancer_of_one)]
        node balancer: LoadBalancer<RoundRobin>;
        node worker: Worker { slots: 1, loses: loses };
        users -> asker -> balancer -> worker;
    }
}

#[test]
fn a_handle_is_cancelled_however_the_call_was_made() {
    for giving_up in [GivingUp::Abandon, GivingUp::Cancel] {
        for (how, after) in [(0, 5), (1, 5), (2, 5), (0, 0), (1, 0), (2, 0)] {
            let params = OfficeParams { giving_up, how, after: millis(after), ..default() };
            let mut simulation = Office::new(params).build().unwrap();
            simulation.run_for(millis(20)).unwrap();
            let report = simulation.report();
            let at = |node: &str| {
                let requests = report.node(node).handler("handle");
                (requests.arrived, requests.in_flight, requests.failed_for("cancelled"))
            };
            let goes_on = how == 0 && giving_up == GivingUp::Abandon;
            let (balancer, worker) = (at("balancer"), at("worker"));
            if goes_on {
                assert_eq!((balancer, worker), ((1, 1, 0), (1, 1, 0)));
            } else {
                assert_eq!((balancer.1, worker.1), (0, 0), "{giving_up:?} {how} {after}");
                assert_eq!((balancer.0, worker.0), (balancer.2, worker.2));
            }
        }
    }
}

#[test]
fn who_waits_in_vain_is_told_of_a_cancelled_call_too() {
    for giving_up in [GivingUp::Abandon, GivingUp::Cancel] {
        for how in 0..3 {
            let params = OfficeParams { giving_up, how, loses: true, ..default() };
            let mut simulation = Office::new(params).build().unwrap();
            simulation.run().unwrap();
            assert!(simulation.stuck().is_empty(), "{giving_up:?} {how}");
        }
    }
}

/// Tells somebody, and waits for no answer.
#[entity]
struct Teller {
    #[port]
    log: Call<u64, ()>,
}

#[entity]
impl Teller {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        drop(self.log.call(number).start(cx));
        Ok(())
    }
}

#[entity]
struct Outer {
    giving_up: GivingUp,
    #[port]
    next: Call<u64, ()>,
}

#[entity]
impl Outer {
    async fn handle(&mut self, _cx: &mut Cx<Self>, number: u64) -> Outcome<()> {
        self.next.call(number).giving_up(self.giving_up).await
    }
}

topology! {
    Telling {
        param giving_up: GivingUp = GivingUp::Abandon;
        source users: constant(100/s) emits u64 = |arrival| arrival.number;
        node outer: Outer { giving_up: giving_up };
        node teller: Teller;
        node log: Worker { slots: 100, loses: false };
        users -> outer -> teller -> log;
    }
}

#[test]
fn a_message_that_nobody_called_back_arrives() {
    for giving_up in [GivingUp::Abandon, GivingUp::Cancel] {
        let report = Telling::new(TellingParams { giving_up }).run_for(millis(105)).unwrap();
        assert_eq!(report.node("log").requests().arrived, 10, "{giving_up:?}");
    }
}
