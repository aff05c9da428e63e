use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(profile! { hold 50ms for 30s; hold 80ms }) emits Request;
        node api: Api { cpu: profile! { hold 10/s } };
        node db: Database<Query, Rows> { connections: profile! { hold 5% }, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
