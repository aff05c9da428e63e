use happysim::prelude::*;

#[entity]
pub struct Api<T: Message> {
    #[port]
    db: Call<T, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        Ok(id)
    }
}

fn main() {}
