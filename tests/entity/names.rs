//! Names of the user's own that are those of steps, of what the macro makes, or of constants.

use happysim::time::millis;
use happysim::{Call, Cx, Message, Outcome, Resource, entity};

use crate::bench::{Query, log, query, run};

/// Measures and counts, by methods that are called as those of ports, resources and locks are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    begun: Option<u64>,
    calls: u64,
}

impl Watch {
    fn start(&mut self) {
        self.begun = Some(self.calls);
    }

    fn call(&mut self, number: u64) -> Option<u64> {
        self.calls = self.calls.checked_add(number)?;
        Some(self.calls)
    }

    fn lane(&mut self, _number: u64) -> &mut Self {
        self
    }

    fn acquire(&mut self, number: u64) -> u64 {
        self.calls += number;
        self.calls
    }

    fn lock(&self) -> Result<u64, String> {
        self.begun.ok_or_else(|| "not begun".to_owned())
    }
}

#[entity]
pub(crate) struct Timed {
    #[state]
    watch: Watch,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Timed {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.watch.start();
        let _ = self.watch.call(1);
        let _calls = self.watch.acquire(2);
        let _begun = self.watch.lock();
        let _ = self.watch.lane(3).call(4);
        self.watch.call(5);
        let counted: u64 = self.counted(cx).await.unwrap_or_default();
        let total: u64 =
            (|| Some(self.watch.call(20)? + self.watch.lane(1).call(0)?))().unwrap_or(0);
        log(cx, format!("{counted} {total} {:?}", self.watch));
        self.db.call(query(id + counted, 5)).await
    }

    async fn counted(&mut self, cx: &mut Cx<Self>) -> Option<u64> {
        let calls: u64 = self.watch.call(10)?;
        cx.sleep(millis(2)).await;
        Some(calls)
    }
}

#[test]
fn methods_of_ones_own_may_be_called_as_those_of_ports() {
    let timed = Timed::parameters().build().unwrap();
    assert_eq!(
        run(timed, vec![(0, 1)]),
        ["2 22 84 Watch { begun: Some(0), calls: 42 }", "7 answer Ok(23)"]
    );
}

/// Types that are called as generated code calls its own.
mod taken {
    macro_rules! number {
        ($($name:ident),*) => {$(
            #[derive(Clone, Copy, Debug, Default, PartialEq)]
            pub(crate) struct $name(pub(crate) u64);
        )*};
    }
    number!(At, Step, Begun, Wait, Poll, T1, Join1, CxSelf, Given);
    number!(BusyTasks, BusyAnswers, BusySpawn, BusySpawns);
}

use taken::*;

#[entity]
pub(crate) struct Busy<T0: Message> {
    #[state(Resource::new(1))]
    workers: Resource,
    #[param(default = At(5))]
    at: At,
    #[param(default = None)]
    carried: Option<T0>,
    #[state]
    given: Given,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl<T0: Message> Busy<T0> {
    #[handler(main)]
    async fn handle(&mut self, cx: &mut Cx<Self>, id: Step) -> Outcome<BusyAnswers> {
        let (begun, wait, poll) = (Begun(1), Wait(2), Poll(3));
        let (one, join, context) = (T1(4), Join1(5), CxSelf(6));
        let carried: Option<T0> = self.carried.clone();
        let _worker = self.workers.acquire(1).await;
        if id.0 > 3 {
            cx.sleep(millis(id.0)).await;
        }
        cx.spawn(self.note(cx, BusySpawn(7)));
        let at = At(self.db.call(query(id.0, 5)).await?);
        for pause in 0..2u64 {
            cx.sleep(millis(pause)).await;
        }
        assert!(at != self.at && carried.is_none());
        let sum = begun.0 + wait.0 + poll.0 + one.0 + join.0 + context.0 + self.given.0;
        Ok(BusyAnswers(sum))
    }

    async fn ping(&mut self, _cx: &mut Cx<Self>, id: BusyTasks) -> Outcome<BusySpawns> {
        Ok(BusySpawns(self.db.call(query(id.0, 1)).await?))
    }

    async fn note(&mut self, cx: &mut Cx<Self>, by: BusySpawn) {
        cx.sleep(millis(1)).await;
        self.given.0 += by.0;
    }
}

#[test]
fn types_of_ones_own_may_be_called_as_generated_ones() {
    let busy = Busy::<u8>::parameters().build().unwrap();
    assert_eq!(run(busy, vec![(0, Step(4))]), ["10 answer Ok(BusyAnswers(28))"]);
}

#[entity]
pub(crate) struct Rota {
    #[state]
    done: u64,
    #[port]
    answers: Call<Query, u64>,
}

#[entity]
impl Rota {
    #[handler]
    async fn tasks(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.spawn(self.spawn(cx, id));
        let id: u64 = self.answers.call(query(id, 5)).await?;
        Ok(id + self.done)
    }

    async fn spawn(&mut self, cx: &mut Cx<Self>, id: u64) {
        cx.sleep(millis(1)).await;
        self.done += id;
    }
}

#[test]
fn functions_and_ports_may_be_called_as_generated_types() {
    let rota = Rota::parameters().build().unwrap();
    assert_eq!(run(rota, vec![(0, 4)]), ["5 answer Ok(8)"]);
}

#[entity]
pub(crate) struct Shouting {
    #[port]
    db: Call<Query, u64>,
}

const LIMIT: u64 = 2;

#[entity]
impl Shouting {
    #[allow(non_snake_case, reason = "what is tested")]
    async fn handle(&mut self, cx: &mut Cx<Self>, Id: u64) -> Outcome<u64> {
        let N = 3u64;
        let (A, B): (u64, u64) = (N + 1, N + 2);
        let LATER: u64;
        cx.sleep(millis(N)).await;
        let Rows = self.db.call(query(Id, 5)).await?;
        LATER = Rows + A;
        for I in 0..2u64 {
            cx.sleep(millis(I)).await;
            log(cx, format!("{I}"));
        }
        match Rows {
            LIMIT => cx.sleep(millis(10)).await,
            _ => cx.sleep(millis(20)).await,
        }
        Ok(LATER + B)
    }
}

#[test]
fn locals_may_be_written_as_constants_are() {
    let shouting = || Shouting::parameters().build().unwrap();
    assert_eq!(run(shouting(), vec![(0, 2)]), ["8 0", "9 1", "19 answer Ok(11)"]);
    assert_eq!(run(shouting(), vec![(0, 3)]), ["8 0", "9 1", "29 answer Ok(12)"]);
}
