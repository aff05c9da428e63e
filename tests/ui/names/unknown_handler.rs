use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        source writers: poisson(5/s) emits Line;
        node store: Store;
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> store.raed;
        writers -> store.append;
        source more: poisson(5/s) emits Query;
        more -> db.query;
    }
}

fn main() {}
