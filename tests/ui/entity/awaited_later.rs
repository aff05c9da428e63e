use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state(Resource::new(3))]
    workers: Resource,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let first = self.db.call(id);
        let second = self.db.call(id + 1).timeout(millis(3));
        let worker = self.workers.acquire(1);
        let rows = first.await?;
        let _worker = worker.await;
        let pause = cx.sleep(millis(1));
        pause.await;
        let others = self.look_up(cx, id);
        Ok(rows + second.await? + others.await?)
    }

    /// These are right.
    async fn look_up(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut first = self.db.start(cx, id);
        let mut second = self.db.call(id + 1).timeout(millis(3)).start(cx);
        let rows: u64 = first.await?;
        Ok(rows + second.await?)
    }
}

fn main() {}
