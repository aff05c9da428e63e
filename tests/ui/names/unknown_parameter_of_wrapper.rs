use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> breaker(opens: 3s) -> bulkhead(64, queu: 8) -> retry(fixed(3, 1s), attempts: 3) -> api;
        api.db -> db;
    }
}

fn main() {}
