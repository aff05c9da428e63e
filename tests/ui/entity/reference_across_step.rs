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
        let first: &u64 = &self.seen[0];
        cx.sleep(millis(1)).await;
        Ok(*first + id)
    }
}

fn main() {}
