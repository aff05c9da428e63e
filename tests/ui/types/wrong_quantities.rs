use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 400/s, patience: 64KiB };
        node db: Database<Query, Rows> { connections: 3s, query: 1ms };
        link wire: Link { latency: 5%, loss: 5ms, bandwidth: 64KiB };
        users -> wire -> api;
        api.db -> db;
    }
}

fn main() {}
