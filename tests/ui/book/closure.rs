use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

// ANCHOR: model
#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<Vec<u64>> {
        (0..id).map(|row| self.db.call(row).await).collect()
    }
}
// ANCHOR_END: model

fn main() {}
