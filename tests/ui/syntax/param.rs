use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        param;
        param one;
        param two: ;
        param three = 5;
        param four: Rate 400/s;
        param five: Rate = ;
        param six: Rate = 400/s emits;
        param type: Rate = 400/s;
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
