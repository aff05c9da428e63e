use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> timeout(after: 3) -> bulkhead(64, queue: 1s, wait: 5) -> api;
        api.db -> breaker(open: 5) -> breaker(failures: 0, successes: 1.5, open: 10/s)
            -> hedge(after: 5, up_to: 0) -> db;
    }
}

fn main() {}
