use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node store: Store;
        users -> fallback(Rows) -> store.read;
    }
}

topology! {
    pub Linked {
        source users: poisson(5/s) emits Query;
        node store: Store;
        users -> link(5ms) -> store.read;
    }
}

fn main() {}
