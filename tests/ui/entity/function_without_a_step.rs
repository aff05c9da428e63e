use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let key = self.key_of(cx, id).await;
        self.db.call(key).await
    }

    async fn key_of(&mut self, _: &mut Cx<Self>, id: u64) -> u64 {
        id % 7
    }
}

fn main() {}
