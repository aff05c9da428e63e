use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> u64 {
        cx.sleep(millis(1)).await;
        id
    }

    async fn fails(&mut self, cx: &mut Cx<Self>, id: u64) -> Result<u64, String> {
        cx.sleep(millis(1)).await;
        Ok(id)
    }

    async fn lists(&mut self, cx: &mut Cx<Self>, id: u64) -> impl Iterator<Item = u64> {
        0..id
    }

    async fn borrows(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<&u64> {
        Ok(&id)
    }
}

fn main() {}
