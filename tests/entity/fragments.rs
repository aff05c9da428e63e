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

macro_rules! stepwise {
    ($entity:ident, $this:ident, $cx:ident, $id:ident, $item:item, $($statement:stmt);*) => {
        #[entity]
        struct $entity {
            #[port]
            next: Call<u64, u64>,
        }

        #[entity]
        impl $entity {
            async fn handle(&mut $this, $cx: &mut Cx<Self>, $id: u64) -> Outcome<u64> {
                $item
                $($statement;)*
                $cx.sleep(millis($id)).await;
                Ok($id)
            }
        }
    };
}

stepwise!(
    Halving, self, cx, id, fn half(number: u64) -> u64 { number / 2 },
    let found = self.next.call(id).await?;
    let halved: u64 = half(found);
    cx.sleep(millis(halved)).await;
    if halved > 3 { return Ok(halved) }
);

macro_rules! unless {
    ($condition:expr, $else:expr) => {
        if !$condition {
            $else
        }
    };
}

macro_rules! ensure {
    ($condition:expr) => {
        if !$condition {
            Err(Failure::Unavailable)?;
        }
    };
}

#[entity]
struct Guarded {
    #[state(vec![7])]
    seen: Vec<u64>,
}

#[entity]
impl Guarded {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        ensure!(id > 0);
        unless!(id > 1, return Err(Failure::Crashed));
        cx.sleep(millis(id)).await;
        let last: Option<u64> = self.last(cx).await;
        unless!(last.is_some(), {
            let doubled = id * 2;
            return Ok(doubled);
        });
        Ok(id + last.unwrap_or_default())
    }

    async fn last(&mut self, cx: &mut Cx<Self>) -> Option<u64> {
        let last: Vec<u64> = vec![self.seen.pop()?];
        cx.sleep(millis(1)).await;
        assert_eq!(last.first().copied()?, 7);
        last.first().copied()
    }
}

#[entity]
struct Three {
    #[state]
    outcomes: Vec<(Outcome<u64>, Instant)>,
    #[port]
    first: Call<u64, u64>,
    #[port]
    second: Call<u64, u64>,
}

#[entity]
impl Three {
    #[process]
    async fn begin(&mut self, cx: &mut Cx<Self>) {
        for id in vec![10u64, 4] {
            let outcome = self.first.call(id).await;
            self.outcomes.push((outcome, cx.now()));
        }
        for id in 0..4u64 {
            let outcome = self.second.call(id).await;
            self.outcomes.push((outcome, cx.now()));
        }
    }
}

#[entity]
struct Same {}

#[entity]
impl Same {
    async fn handle(&mut self, _cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        Ok(id)
    }
}

#[test]
fn a_macro_may_put_in_statements_and_take_jumps() {
    topology! {
        Asked {
            node three: Three;
            node halving: Halving;
            node same: Same;
            node guarded: Guarded;
            three.first -> halving;
            three.second -> guarded;
            halving.next -> same;
        }
    }
    let mut simulation = Asked::new(default()).build().unwrap();
    simulation.run().unwrap();
    let at = |time| Instant::ZERO + millis(time);
    let expected = [
        (Ok(5), at(5)),
        (Ok(4), at(11)),
        (Err(Failure::Unavailable), at(11)),
        (Err(Failure::Crashed), at(11)),
        (Ok(9), at(14)),
        (Ok(6), at(17)),
    ];
    assert_eq!(simulation.three.replicas[0].outcomes, expected);
}
