use happysim::prelude::*;

#[entity]
pub struct Api {
    workers: Resource,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id);
        cx.sleep(millis(1)).await;
        self.workers.acquire(1);
        self.db.call(id).timeout(millis(1));
        Ok(id)
    }
}

fn main() {}
