use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source one: poisson(5/s) emits Query;
        source two: poisson(5/s) emits Query;
        source three: poisson(5/s) emits Query;
        source four: poisson(5/s) emits Query;
        source five: poisson(5/s) emits Query;
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        one -> timeout(after 1s) -> db;
        two -> breaker(failures = 3) -> db;
        three -> bulkhead(64 8) -> db;
        four -> retry[3] -> db;
        five -> Timeout { timeout = 1s } -> db;
    }
}

fn main() {}
