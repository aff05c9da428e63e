use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let mut first = self.db.start(cx, id);
        let mut second = self.db.start(cx, id + 1);
        Ok(first.await? + second.await?)
    }
}

fn main() {}
