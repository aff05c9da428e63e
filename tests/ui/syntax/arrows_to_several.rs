use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node first: Store;
        node second: Store;
        users -> [first, second];
    }
}

topology! {
    pub WithoutSemicolons {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> timeout(1s) -> api
        api.db -> db;
    }
}

fn main() {}
