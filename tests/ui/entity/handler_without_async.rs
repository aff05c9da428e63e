use happysim::prelude::*;

#[entity]
pub struct Api {
    #[port]
    db: Call<u64, u64>,
}

#[entity]
impl Api {
    fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        Ok(id)
    }

    #[process]
    fn beat(&mut self, cx: &mut Cx<Self>) {
        self.db.post(cx, 1);
    }
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        node api: Api;
        node db: Server<u64, u64>;
        users -> api;
        api.db -> db;
    }
}

fn main() {}
