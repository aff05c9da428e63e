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
        let permit = self.gate.try_acquire(cx, 1).into_iter().next();
        self.seen.push(u64::from(permit.is_some()));
        cx.sleep(millis(1)).await;
        Ok(id)
    }
}

fn main() {}
