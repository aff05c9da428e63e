use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut tries = 0;
        let factor = 1.5;
        cx.sleep(millis(1)).await;
        tries += 1;
        Ok(id + tries + factor as u64)
    }
}

fn main() {}
