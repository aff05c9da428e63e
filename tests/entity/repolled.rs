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
