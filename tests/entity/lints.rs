//! What is said of lints inside of a body: this file does not compile if it is not heard.

use happysim::time::millis;
use happysim::{Cx, Outcome, entity};

use crate::bench::run;

#[must_use]
fn noted(id: u64) -> u64 {
    id
}

#[entity]
pub(crate) struct Careless {
    #[state]
    served: u64,
}

#[entity]
#[deny(unused_variables, unused_must_use, unused_mut)]
impl Careless {
    async fn at_statements(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        #[allow(unused_variables, reason = "somebody will need it")]
        let spare: u64 = 2;
        #[allow(unused_mut, reason = "it may be changed")]
        let mut count: u64 = 3;
        cx.sleep(millis(count)).await;
        self.served += count;
        Ok(id)
    }

    async fn around_steps(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        #[expect(unused_must_use, reason = "it is noted, that is enough")]
        if id > 1 {
            cx.sleep(millis(1)).await;
            noted(id);
        }
        Ok(id)
    }

    #[handler(main)]
    async fn in_arms(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        match id {
            #[allow(unused_must_use, reason = "it is noted, that is enough")]
            1 => {
                noted(id);
                cx.sleep(millis(1)).await;
            }
            _ => cx.sleep(millis(2)).await,
        }
        Ok(id)
    }
}

#[test]
fn lints_are_allowed_at_statements() {
    let log = run(Careless::parameters().build().unwrap(), vec![(0, 1), (0, 2)]);
    assert_eq!(log, ["1 answer Ok(1)", "2 answer Ok(2)"]);
}
