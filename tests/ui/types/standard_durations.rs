use happysim::prelude::*;
use std::time::Duration as Std;

const PATIENCE: Std = Std::from_millis(20);

#[entity]
pub struct Api {
    pause: Duration,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(std::time::Duration::from_millis(5)).await;
        self.pause = PATIENCE;
        self.db.call(id).timeout(PATIENCE).await
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64 = |arrival| arrival.number;
        node api: Api { pause: PATIENCE };
        node db: Database<u64, u64> { connections: PATIENCE, query: PATIENCE };
        users -> api;
        api.db -> timeout(PATIENCE) -> db;
    }
}

fn main() {}
