use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        source others: poisson(5/s) emits Query;
        node db[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> db[0], db[1];
        others -> db[0]: 5ms;
    }
}

topology! {
    pub Store(connections: usize) {
        source users: poisson(5/s) emits Query;
        node db: Database<Query, Rows> { connections: connections, query: 1ms };
        users -> db;
    }
}

fn main() {}
