use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        if id == 0 {
            return Ok(0);
        }
        self.handle(cx, id - 1).await
    }
}

fn main() {}
