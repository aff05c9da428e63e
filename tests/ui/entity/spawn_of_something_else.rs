use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.spawn(async { id });
        cx.spawn(flush(id));
        cx.spawn(|| self.db.call(id));
        Ok(id)
    }
}

async fn flush(_id: u64) {}

fn main() {}
