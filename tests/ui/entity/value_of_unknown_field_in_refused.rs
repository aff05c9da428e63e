use happysim::prelude::*;

#[entity]
struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, query: u64) -> Outcome<u64> {
        let rows = self.bd.call(query).await?;
        let more = rows + 1;
        cx.sleep(millis(1)).await;
        Ok(rows + more)
    }
}

fn main() {}
