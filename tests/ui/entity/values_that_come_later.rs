use happysim::prelude::*;

#[entity]
pub struct Api {
    workers: Resource,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn claimed(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut worker = None;
        let pause;
        if id > 3 {
            worker = Some(self.workers.acquire(1).await);
        }
        cx.sleep(millis(1)).await;
        pause = millis(5);
        cx.sleep(pause).await;
        cx.sleep(pause).await;
        drop(worker);
        Ok(id)
    }

    async fn borrowed(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows = &self.db.call(id).await?;
        cx.sleep(millis(*rows)).await;
        Ok(*rows)
    }
}

fn main() {}
