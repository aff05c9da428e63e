use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: Vec<u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let list = self.seen;
        cx.sleep(millis(1)).await;
        Ok(list.len() as u64)
    }
}

fn main() {}
