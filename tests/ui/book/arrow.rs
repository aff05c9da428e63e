use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, String>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<String> {
        self.db.call(id).await
    }
}

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(50/s) emits u64;
        node api: Api;
        node db: Database<u64, Vec<u8>> { query: 3ms };
        users -> api;
        api.db -> db;
    }
}
// ANCHOR_END: model

fn main() {}
