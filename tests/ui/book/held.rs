use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: Vec<u64>,
    #[port]
    db: Call<u64, u64>,
}

// ANCHOR: model
#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let total = self.seen.iter().sum();
        let first = &self.seen[0];
        let rows = self.db.call(id).await?;
        Ok(total + *first + rows)
    }
}
// ANCHOR_END: model

fn main() {}
