use happysim::prelude::*;

// ANCHOR: model
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

topology! {
    pub Shop {
        source users: poisson(50/s) emits u64;
        node api: Api;
        users -> api;
    }
}
// ANCHOR_END: model

fn main() {}
