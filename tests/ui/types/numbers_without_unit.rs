use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10, patience: 0.5 };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> timeout(1) -> internet -> api;
        link internet: Link { latency: 5, loss: 5, bandwidth: 100 };
        api.db -> db;
    }
}

fn main() {}
