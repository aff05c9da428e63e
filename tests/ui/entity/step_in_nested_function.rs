use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        async fn helper() {}
        fn inner(x: u64) -> u64 {
            helper().await;
            x
        }
        Ok(inner(id))
    }
}

fn main() {}
