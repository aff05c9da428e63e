use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, cx: u64) -> Outcome<u64> {
        self.db.call(cx).await
    }
}

fn main() {}
