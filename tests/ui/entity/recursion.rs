use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state(Resource::new(2))]
    gate: Resource,
    #[state]
    seen: Vec<u64>,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.count(cx, id).await
    }

    async fn count(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.again(cx, id).await
    }

    async fn again(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        if id == 0 { Ok(0) } else { self.count(cx, id - 1).await }
    }
}

fn main() {}
