use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state(Resource::new(2))]
    gate: Resource,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.slep(millis(1)).await;
        let rows = self.db.cal(id).await?;
        let gate = self.gate.aquire(1).await;
        self.lok_up(cx, id).await?;
        Ok(rows)
    }

    async fn look_up(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(millis(1)).await;
        Ok(id)
    }
}

fn main() {}
