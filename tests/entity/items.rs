//! Items in a body: seen in all of their block, wherever they stand in it.

use happysim::time::millis;
use happysim::{Cx, Outcome, entity};

use crate::bench::{log, run};

#[entity]
pub(crate) struct Counting {
    #[state]
    served: u64,
}

#[entity]
impl Counting {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(FIRST)).await;
        if id > 1 {
            cx.sleep(millis(twice(FIRST))).await;
            log(cx, PLACE.to_string());

            fn twice(number: u64) -> u64 {
                number * 2
            }

            const PLACE: u64 = 7;
        }
        const FIRST: u64 = 2;
        self.served += FIRST;
        Ok(self.served)
    }
}

#[test]
fn items_are_seen_before_they_are_declared() {
    let log = run(Counting::parameters().build().unwrap(), vec![(0, 1), (0, 2)]);
    assert_eq!(log, ["2 answer Ok(2)", "6 7", "6 answer Ok(4)"]);
}
