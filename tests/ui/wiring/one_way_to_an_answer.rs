use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node gateway: Gateway;
        node store: Store;
        node log: Database<Line, Rows> { connections: 3, query: 1ms };
        users -> gateway;
        gateway.store -> store.read;
        gateway.log -> log;
    }
}

fn main() {}
