use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(-5/s) emits Request;
        node api: Api { cpu: -10ms, patience: 0.5ns };
        node db: Database<Query, Rows> { connections: 3mss, query: 1ms };
        link wire: Link { loss: 150%, bandwidth: 100MBps, size: 5 KiB };
        users -> wire -> api;
        api.db -> db;
    }
}

fn main() {}
