use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
    #[port]
    log: Send<u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let _line = self.log.call(id).await?;
        cx.sleep(millis(1)).await;
        let _line = self.log.start(cx, id);
        self.db.send(cx, id);
        self.db.call(id).await
    }
}

fn main() {}
