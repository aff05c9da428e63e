use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node sink: Sink;
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> sink;
        sink -> db;
    }
}

fn main() {}
