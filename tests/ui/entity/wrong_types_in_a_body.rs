use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows: String = self.db.call(id).await?;
        cx.sleep(3).await;
        self.db.call("three").await?;
        Ok(rows)
    }
}

fn main() {}
