use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> timeout(after 1s) -> api;
        users -> breaker(failures = 3) -> api;
        users -> bulkhead(64 8) -> api;
        users -> retry[3] -> api;
        users -> Timeout { after } -> api;
        users -> api;
        api.db -> db;
    }
}

fn main() {}
