use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let text: String = id.to_string();
        consume(text);
        cx.sleep(millis(1)).await;
        Ok(text.len() as u64)
    }
}

fn consume(_: String) {}

fn main() {}
