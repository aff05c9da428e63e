use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows = self.look_up(cx, id)?;
        self.look_up(cx, rows);
        self.look_up(cx, rows).await
    }

    async fn look_up(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        self.db.call(id).await
    }
}

fn main() {}
