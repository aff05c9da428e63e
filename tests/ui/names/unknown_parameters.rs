use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms, patient: 1s, workers: 8 };
        node db: Database<Query, Rows> { conections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
