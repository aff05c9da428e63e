use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poison(5/s) emits Request;
        node api: Api { cpu: expp(10ms) };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
