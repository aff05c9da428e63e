use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node pool[3]: Database<Query, Rows> { connections: 3, query: 1ms };
        node none[0]: Store;
        users -> pool[3];
    }
}

fn main() {}
