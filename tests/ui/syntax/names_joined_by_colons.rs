use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;

topology! {
    pub Shop {
        source users: poisson(5/s) emits shop::Request;
        node api: shop::Api { cpu: 10ms };
        node db: Database<shop::Query, shop::Rows> { connections: 3, query: 1ms };
        users -> api::handle;
        api::db -> db;
    }
}

fn main() {}
