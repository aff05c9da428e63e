use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        other(id).await;
        std::future::ready(id).await;
        Ok(id)
    }
}

async fn other(_: u64) {}

fn main() {}
