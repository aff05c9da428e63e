use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.post(cx, id).await;
        let handle = self.db.start(cx, id).await;
        cx.spawn(self.flush(cx)).await;
        Ok(id)
    }

    async fn flush(&mut self, cx: &mut Cx<Self>) {
        cx.sleep(millis(1)).await;
    }
}

fn main() {}
