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
        let more: u64 = rows + 1;
        cx.sleep(millis(1)).await;
        if rows > 5 {
            println!("{rows}");
        }
        let kept = self.limit;
        cx.sleep(millis(1)).await;
        Ok(rows.max(kept) + more)
    }
}

fn main() {}
