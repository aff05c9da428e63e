//! Functions that are awaited by others, spawned tasks, processes, functions with a context.

use happysim::time::millis;
use happysim::{Call, Cx, Outcome, entity};

use crate::bench::{Query, Tracer, log, query, run, states};

#[entity]
pub(crate) struct Helped {
    #[state]
    flushed: u64,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Helped {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let _held = Tracer::new("caller");
        let mut total = self.fetch(cx, id, 2).await?;
        self.announce(cx, "fetched");
        cx.spawn(self.flush(cx, total));
        cx.spawn(self.flush(cx, total + 1));
        log(cx, "spawned");
        if let Some(at_once) = self.shortcut(cx, id).await {
            total += at_once;
        }
        cx.sleep(millis(10)).await;
        Ok(total + self.flushed)
    }

    async fn fetch(&mut self, cx: &mut Cx<Self>, id: u64, times: u64) -> Outcome<u64> {
        let _held = Tracer::new("callee");
        let mut total: u64 = 0;
        for _ in 0..times {
            total += self.db.call(query(id, 3)).await?;
        }
        Ok(total)
    }

    async fn shortcut(&mut self, cx: &mut Cx<Self>, id: u64) -> Option<u64> {
        let found = self.look(id)?;
        if id > 100 {
            cx.sleep(millis(1)).await;
        }
        Some(found)
    }

    async fn flush(&mut self, cx: &mut Cx<Self>, key: u64) {
        log(cx, format!("flush {key}"));
        cx.sleep(millis(5)).await;
        self.flushed += 1;
        log(cx, format!("flushed {key}"));
    }

    #[process]
    async fn beat(&mut self, cx: &mut Cx<Self>) {
        for _ in 0..2 {
            cx.sleep(millis(4)).await;
            log(cx, "beat");
        }
    }

    #[background]
    async fn watch(&mut self, cx: &mut Cx<Self>) {
        loop {
            cx.sleep(millis(9)).await;
            log(cx, "watch");
        }
    }

    fn look(&self, id: u64) -> Option<u64> {
        (id > 0).then_some(self.flushed)
    }

    fn announce(&mut self, cx: &mut Cx<Self>, text: &str) {
        log(cx, format!("{text} {} {}", cx.replica(), self.flushed));
    }
}

#[test]
fn helpers_spawned_tasks_and_processes() {
    let helped = Helped::parameters().build().unwrap();
    assert_eq!(
        run(helped, vec![(0, 4)]),
        [
            "4 beat",
            "drop callee",
            "6 fetched 0 0",
            "6 spawned",
            "6 flush 8",
            "6 flush 9",
            "8 beat",
            "9 watch",
            "11 flushed 8",
            "11 flushed 9",
            "drop caller",
            "16 answer Ok(10)"
        ]
    );
}

#[test]
fn machines_are_described() {
    use happysim::__private::{Entity, MachineKind};
    let kinds: Vec<_> =
        Helped::MACHINES.iter().map(|machine| (machine.name, machine.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("handle", MachineKind::Handler),
            ("fetch", MachineKind::Helper),
            ("shortcut", MachineKind::Helper),
            ("flush", MachineKind::Helper),
            ("beat", MachineKind::Process),
            ("watch", MachineKind::Background),
        ]
    );
    assert_eq!(states(Helped::MACHINES[0]), ["Fetch", "Shortcut", "Sleep"]);
}
