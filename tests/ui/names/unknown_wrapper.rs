use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> timout(1s) -> api;
        users -> throttle(5/s) -> api;
        users -> circuit_breaker(5) -> api;
        users -> CircuitBreaker(failures: 5) -> api;
        api.db -> db;
    }
}

fn main() {}
