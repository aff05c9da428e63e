//! Steps whose state is in the locals: handles, races, groups.

use happysim::time::millis;
use happysim::{Call, Cx, Group, Handle, Outcome, all, entity, first, quorum};

use crate::bench::{Query, failing, log, query, run};

#[entity]
pub(crate) struct Racer {
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Racer {
    async fn handle(&mut self, cx: &mut Cx<Self>, kind: u64) -> Outcome<u64> {
        if kind == 0 {
            let mut slow = self.db.start(cx, query(1, 20));
            let quick: Handle<RacerDb> = self.db.start(cx, query(2, 5));
            let mut both: Vec<Handle<RacerDb>> = vec![quick, self.db.start(cx, query(3, 9))];
            cx.sleep(millis(1)).await;
            let winner: Option<(usize, Outcome<u64>)> = first(&mut both).await;
            log(cx, format!("first {winner:?}"));
            drop(both);
            let rest: u64 = slow.await?;
            log(cx, format!("rest {rest}"));
            return Ok(rest);
        }
        let mut group: Group<RacerDb> = Group::new();
        for id in 1..=kind {
            group
                .add(self.db.start(cx, if id == 2 { failing(id, id) } else { query(id, id * 10) }));
        }
        let some = quorum(&mut group, 1).timeout(millis(50)).await;
        log(cx, format!("{:?} {:?}", some.replies, some.failures));
        drop(group);
        let mut both: Group<RacerDb> = Group::new();
        both.add(self.db.start(cx, query(4, 1)));
        both.add(self.db.start(cx, query(5, 2)));
        let others = all(&mut both).await;
        log(cx, format!("{:?}", others.replies));
        Ok(kind)
    }
}

#[test]
fn handles_are_waited_for_later() {
    let racer = || Racer::parameters().build().unwrap();
    assert_eq!(
        run(racer(), vec![(0, 0)]),
        ["5 first Some((0, Ok(2)))", "call given up", "20 rest 1", "20 answer Ok(1)"]
    );
    assert_eq!(
        run(racer(), vec![(0, 3)]),
        ["10 [(0, 1)] [(1, Crashed)]", "call given up", "12 [(0, 4), (1, 5)]", "12 answer Ok(3)"]
    );
}

#[entity]
pub(crate) struct Collector {
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Collector {
    /// Each branch begins with a wait for a handle, behind what its pattern binds.
    async fn handle(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<u64> {
        let mut calls: Vec<Handle<CollectorDb>> = Vec::new();
        for id in 1..=count {
            calls.push(self.db.start(cx, query(id, 10 * id)));
        }
        let mut sum: u64 = 0;
        for turn in 1..=count {
            let next: Option<(usize, Outcome<u64>)> = first(&mut calls).await;
            log(cx, format!("turn {turn}: {next:?}"));
            if let Some((_, Ok(reply))) = next {
                sum += turn * reply;
            }
        }
        let above: Option<u64> = above_two(sum);
        match above {
            Some(rest) => {
                let none: Option<(usize, Outcome<u64>)> = first(&mut calls).await;
                Ok(rest + u64::from(none.is_none()))
            }
            None => Ok(sum),
        }
    }
}

fn above_two(sum: u64) -> Option<u64> {
    sum.checked_sub(2)
}

#[test]
fn a_branch_may_begin_with_a_wait_for_handles() {
    let collector = Collector::parameters().build().unwrap();
    assert_eq!(
        run(collector, vec![(0, 2)]),
        ["10 turn 1: Some((0, Ok(1)))", "20 turn 2: Some((0, Ok(2)))", "20 answer Ok(4)"]
    );
}
