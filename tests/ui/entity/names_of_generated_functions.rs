use happysim::prelude::*;
/// Compiles what it is asked for.
#[entity]
pub struct Api {
    build: Duration,
    #[param(default = 3)]
    retries: u64,
    #[state]
    parameters: u64,
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        cx.sleep(self.build).await;
        self.db.call(id + self.parameters + self.retries).await
    }

    fn parameters(&self) -> u64 {
        self.parameters
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        node api: Api { build: 3ms };
        node db: Server<u64, u64> { service: 2ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
