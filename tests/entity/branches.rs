//! `if`, `if let`, `match`, `let .. else`, early returns.

use happysim::time::millis;
use happysim::{Call, Cx, Failure, Outcome, entity};

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
