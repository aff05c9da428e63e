use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api;
        node db: Database<Query, Rows> {  };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
