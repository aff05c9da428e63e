use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        source lines: poisson(5/s) emits Line;
        node api: Api { cpu: 10ms };
        link cable: Link { latency: 5ms };
        node db: Database { connections: 3, query: 1ms };
        node log: Sink;
        users -> api;
        api.db -> cable -> db;
        lines -> log;
    }
}

fn main() {}
