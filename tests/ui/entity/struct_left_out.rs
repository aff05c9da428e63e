use happysim::prelude::*;

#[entity]
impl Clerk {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.db.call(id).await
    }
}

fn main() {}
