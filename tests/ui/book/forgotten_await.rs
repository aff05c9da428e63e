use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

// ANCHOR: model
#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(5));
        let rows = self.db.call(id)?;
        Ok(rows)
    }
}
// ANCHOR_END: model

fn main() {}
