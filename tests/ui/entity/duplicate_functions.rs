use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id + 1).await
    }

    async fn look_up(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    async fn lookUp(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }

    async fn parameters(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }
}

fn main() {}
