use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: Vec<u64>,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.seen[self.db.call(id).await? as usize] += 1;
        Ok(id)
    }
}

fn main() {}
