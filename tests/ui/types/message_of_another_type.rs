use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query = |_| Request;
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> db;
    }
}

fn main() {}
