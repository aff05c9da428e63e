use happysim::prelude::*;

struct Query;

#[entity]
struct Api {
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<u64> {
        self.db.call(Query).await
    }
}

fn main() {}
