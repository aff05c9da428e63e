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
        cx.spawn(self.note(cx, id));
        Ok(id)
    }

    #[handler]
    async fn note(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        Ok(id)
    }
}

fn main() {}
