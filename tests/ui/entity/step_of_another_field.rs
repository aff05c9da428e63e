use happysim::prelude::*;

#[entity]
struct Api {
    #[param(default = 3)]
    pool: Resource,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, query: u64) -> Outcome<u64> {
        let rows = self.pool.call(query).await?;
        cx.sleep(millis(1)).await;
        Ok(rows)
    }

    async fn wait(&mut self, cx: &mut Cx<Self>, query: u64) -> Outcome<u64> {
        let _place = self.db.acquire().await;
        cx.sleep(millis(1)).await;
        Ok(query)
    }
}

fn main() {}
