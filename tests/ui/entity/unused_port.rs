#![deny(dead_code)]

use happysim::prelude::*;

#[entity]
pub(crate) struct Api {
    #[port]
    db: Call<u64, u64>,
    #[port]
    audit: Send<u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        self.db.call(id).await
    }
}

topology! {
    pub(crate) Shop {
        source users: poisson(5/s) emits u64;
        node api: Api;
        node db: Server<u64, u64>;
        node log: Server<u64, ()>;
        users -> api;
        api.db -> db;
        api.audit -> log;
    }
}

fn main() {
    let _ = Shop::new(ShopParams::default()).run_for(seconds(1));
}
