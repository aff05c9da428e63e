//! `if`, `if let`, `match`, `let .. else`, early returns.

use happysim::time::millis;
use happysim::{Call, Cx, Failure, Outcome, Resource, entity};

use crate::bench::{Query, failing, log, query, run};

#[entity]
pub(crate) struct Chooser {
    #[port]
    db: Call<Query, u64>,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Point,
    Line { length: u64 },
    Circle(u64),
}

fn maybe(id: u64) -> Option<u64> {
    (id > 2).then_some(id)
}

#[entity]
impl Chooser {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        // Only one branch waits; both meet again.
        let first = if id == 1 {
            self.db.call(query(5, 10)).await?
        } else {
            log(cx, "no call");
            id * 2
        };
        if first > 100 {
            return Ok(first);
        } else if first == 8 {
            cx.sleep(millis(1)).await;
        }
        let Some(found) = maybe(first) else {
            log(cx, "too small");
            return Err(Failure::Application("small"));
        };
        let found: u64 = found;
        let shape = match found {
            5 => Shape::Line { length: found },
            6 => Shape::Circle(found),
            _ => Shape::Point,
        };
        let size = match shape {
            Shape::Line { length } if length > 3 => {
                let length: u64 = length;
                cx.sleep(millis(length)).await;
                length + 1
            }
            Shape::Circle(radius) => self.db.call(query(radius, 20)).await?,
            Shape::Line { .. } | Shape::Point => 0,
        };
        log(cx, format!("size {size}"));
        if let Ok(again) = self.db.call(failing(1, 1)).await {
            return Ok(again);
        }
        match self.db.call(query(size, 1)).await {
            Ok(reply) if reply == 0 => Err(Failure::Unavailable),
            Ok(reply) => {
                cx.sleep(millis(1)).await;
                Ok(reply)
            }
            Err(failure) => {
                cx.sleep(millis(1)).await;
                Err(failure)
            }
        }
    }
}

#[test]
fn branches_meet_again() {
    let chooser = || Chooser::parameters().build().unwrap();
    assert_eq!(run(chooser(), vec![(0, 1)]), ["15 size 6", "18 answer Ok(6)"]);
    assert_eq!(run(chooser(), vec![(0, 3)]), ["0 no call", "20 size 6", "23 answer Ok(6)"]);
    assert_eq!(
        run(chooser(), vec![(0, 4)]),
        ["0 no call", "1 size 0", "3 answer Err(Unavailable)"]
    );
    assert_eq!(
        run(chooser(), vec![(0, 0)]),
        ["0 no call", "0 too small", "0 answer Err(Application(\"small\"))"]
    );
    assert_eq!(run(chooser(), vec![(0, 60)]), ["0 no call", "0 answer Ok(120)"]);
}

#[entity]
pub(crate) struct Early {
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Early {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let best;
        if id > 3 {
            best = self.db.call(query(id, 2)).await?;
        } else {
            best = 7;
        }
        let (left, right): (u64, u64) = (best, id);
        cx.sleep(millis(1)).await;
        let Ok(reply) = self.db.call(query(left + right, 1)).await else {
            cx.sleep(millis(1)).await;
            return Ok(0);
        };
        let total = {
            let doubled: u64 = reply * 2;
            cx.sleep(millis(doubled)).await;
            doubled + 1
        };
        Ok(total)
    }
}

#[test]
fn late_initialisation_and_values_of_blocks() {
    let early = || Early::parameters().build().unwrap();
    assert_eq!(run(early(), vec![(0, 1)]), ["18 answer Ok(17)"]);
    assert_eq!(run(early(), vec![(0, 4)]), ["20 answer Ok(17)"]);
}

#[entity]
pub(crate) struct Chained {
    #[state(Resource::new(1))]
    workers: Resource,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Chained {
    /// What is matched first may be what a step yields.
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        if let Ok(rows) = self.db.call(query(id, 5)).await
            && rows > 2
            && let Some(less) = rows.checked_sub(3)
        {
            let less: u64 = less;
            log(cx, format!("{rows} {less}"));
            cx.sleep(millis(1)).await;
            return Ok(less);
        } else {
            cx.sleep(millis(2)).await;
        }
        let mut turns = 0u64;
        while let Ok(rows) = self.db.call(query(turns, 1)).await
            && rows < id
        {
            cx.sleep(millis(10)).await;
            turns += 1;
        }
        if let Ok(worker) = self.workers.acquire(1).timeout(millis(1)).await
            && id == 1
        {
            cx.sleep(millis(1)).await;
            drop(worker);
        } else {
            cx.sleep(millis(1)).await;
            let used = self.workers.in_use(cx);
            log(cx, format!("{used} in use"));
        }
        let copies = [self.db.call(query(turns, 4)).await?; 2];
        Ok(copies[0] + copies[1])
    }
}

#[test]
fn a_chain_of_conditions_may_begin_with_a_step() {
    let chained = || Chained::parameters().build().unwrap();
    assert_eq!(run(chained(), vec![(0, 5)]), ["5 5 2", "6 answer Ok(2)"]);
    assert_eq!(run(chained(), vec![(0, 2)]), ["31 0 in use", "35 answer Ok(4)"]);
    assert_eq!(run(chained(), vec![(0, 1)]), ["24 answer Ok(2)"]);
}
