use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows: Vec<_> = (0..id).collect();
        let last: _ = self.db.call(id).await?;
        cx.sleep(millis(1)).await;
        Ok(rows.len() as u64 + last)
    }
}

fn main() {}
