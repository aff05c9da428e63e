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
        let now = cx.now().await;
        self.seen.push(id).await;
        Ok(id)
    }
}

fn main() {}
