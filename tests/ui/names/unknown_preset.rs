use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        link cable: Link::internt();
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> cable -> db;
    }
}

fn main() {}
