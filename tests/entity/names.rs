//! Names of the user's own that are those of steps.

use happysim::time::millis;
use happysim::{Call, Cx, Outcome, entity};

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
        self.calls += number;
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
