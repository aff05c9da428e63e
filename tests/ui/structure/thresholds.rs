use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer { active: 3 };
        node db[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> breaker(failures: 5, failure_rate: 50%) -> breaker(window: 10s, open: 30s, max_timeout: 10s) -> lb -> db[*];
    }
}

fn main() {}
