use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: "10ms", patience: true };
        node db: Database<Query, Rows> { connections: 2.5, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
