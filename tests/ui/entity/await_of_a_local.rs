use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        id.await;
        self.db.call(id).await
    }
}

fn main() {}
