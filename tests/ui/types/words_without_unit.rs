use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(100) emits Request;
        node api: Api { cpu: 10ms, patience: 5/s };
        node db: Database<Query, Rows> { connections: 3, query: exp(5) };
        users -> retry(exponential(3, 20..1000, full_jitter)) -> api;
        api.db -> db;
    }
}

fn main() {}
