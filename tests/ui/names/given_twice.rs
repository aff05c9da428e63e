use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms, patience: 1s, cpu: 20ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> timeout(1s, after: 2s) -> api;
        api.db -> db;
    }
}

fn main() {}
