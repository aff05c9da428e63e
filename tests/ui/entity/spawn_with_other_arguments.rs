use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.spawn(self.note(id));
        cx.spawn(self.note(cx));
        Ok(id)
    }

    async fn note(&mut self, cx: &mut Cx<Self>, id: u64) {
        cx.sleep(millis(id)).await;
    }
}

fn main() {}
