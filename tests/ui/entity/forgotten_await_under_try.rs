use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let rows = self.db.call(id)?;
        let more = self.db.call(id).timeout(millis(5))?;
        Ok(rows + more)
    }
}

fn main() {}
