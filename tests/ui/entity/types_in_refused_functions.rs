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
        self.log.send(cx, id).await;
        let rows: u64 = self.db.call(id).await;
        Ok(rows)
    }
}

fn main() {}
