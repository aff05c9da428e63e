use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api[3]: Api { cpu: 10ms };
        node db[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api[0];
        api.db -> bulkhead(64) -> db[*];
    }
}

fn main() {}
