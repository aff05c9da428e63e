//! Entities that a user's own macro writes.

use happysim::prelude::*;

macro_rules! model {
    ($entity:ident, $topology:ident, $number:expr, $time:expr) => {
        #[entity]
        struct $entity {
            given: u64,
            pause: Duration,
            #[state($number * 2)]
            state: u64,
            #[state]
            seen: Vec<(u64, Instant)>,
        }

        #[entity]
        impl $entity {
            #[process]
            async fn begin(&mut self, cx: &mut Cx<Self>) {
                let twice: u64 = $number * 2;
                cx.sleep(millis($number * 2)).await;
                self.seen.push((twice, cx.now()));
                cx.sleep(self.pause).await;
                self.seen.push((self.plain(), cx.now()));
            }

            fn plain(&self) -> u64 {
                $number * 2 + self.given + self.state
            }
        }

        topology! {
            $topology {
                node only: $entity { given: $number * 2, pause: $time * 2 };
            }
        }
    };
}

model!(Timed, Clocked, 2 + 3, millis(1) + millis(2));

#[test]
fn what_a_macro_puts_in_is_a_value_of_its_own() {
    let mut simulation = Clocked::new(default()).build().unwrap();
    simulation.run().unwrap();
    let at = |time| Instant::ZERO + millis(time);
    assert_eq!(simulation.only.replicas[0].seen, [(10, at(10)), (30, at(16))]);
}

#[entity]
struct Caller {
    #[state]
    replies: Vec<Outcome<u64>>,
    #[port]
    next: Call<u64, u64>,
}

#[entity]
impl Caller {
    #[process]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        // None of the handles has to be mutable.
        let handle: Handle<CallerNext> = self.next.call(1).start(cx);
        let outcome = handle.await;
        self.replies.push(outcome);
        let handles: Vec<Handle<CallerNext>> =
            vec![self.next.call(2).start(cx), self.next.call(3).start(cx)];
        for handle in handles {
            let outcome = handle.await;
            self.replies.push(outcome);
        }
    }
}

#[entity]
struct Echo {}

#[entity]
impl Echo {
    async fn handle(&mut self, cx: &mut Cx<Self>, number: u64) -> Outcome<u64> {
        cx.sleep(millis(number)).await;
        Ok(number)
    }
}

topology! {
    Echoes {
        node caller: Caller;
        node echo: Echo;
        caller.next -> echo;
    }
}

#[test]
fn a_handle_is_awaited_where_it_stands() {
    let mut simulation = Echoes::new(default()).build().unwrap();
    simulation.run().unwrap();
    assert_eq!(simulation.caller.replicas[0].replies, [Ok(1), Ok(2), Ok(3)]);
}
