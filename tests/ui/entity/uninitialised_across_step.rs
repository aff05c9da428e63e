use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let total;
        if id > 3 {
            total = self.db.call(id).await?;
        } else {
            total = id;
        }
        cx.sleep(millis(1)).await;
        Ok(total)
    }
}

fn main() {}
