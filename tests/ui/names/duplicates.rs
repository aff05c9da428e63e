use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        param rate: Rate = 5/s;
        param rate: Rate = 6/s;
        source rate: poisson(5/s) emits Request;
        shared db: Mutex;
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
        node api: Store;
        link users: Link::internet();
    }
}

fn main() {}
