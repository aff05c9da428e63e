use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node store: Store { misses: };
        users --> api;
        store.read <- api.db;
    }
}

fn main() {}
