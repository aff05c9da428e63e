use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query = Query;
        source others: poisson(5/s) emits Query = Query::default();
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        node spare: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> db;
        others -> spare;
    }
}

fn main() {}
