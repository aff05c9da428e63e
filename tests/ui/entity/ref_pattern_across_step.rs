use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    first: Option<u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let Some(ref first) = self.first else { return Ok(id) };
        cx.sleep(millis(1)).await;
        Ok(*first)
    }
}

fn main() {}
