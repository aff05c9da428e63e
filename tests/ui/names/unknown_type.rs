use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Reqest;
        node api: Apii { cpu: 10ms };
        node db: Database<Query, Rowz> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
