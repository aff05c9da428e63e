use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, (a, b): (u64, u64)) -> Outcome<u64> {
        self.db.call(a + b).await
    }

    async fn any(&mut self, cx: &mut Cx<Self>, value: impl Into<u64>) -> Outcome<u64> {
        self.db.call(value.into()).await
    }

    async fn list(&mut self, cx: &mut Cx<Self>, values: &[u64]) -> Outcome<u64> {
        self.db.call(values[0]).await
    }
}

fn main() {}
