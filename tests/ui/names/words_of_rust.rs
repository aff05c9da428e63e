use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source self: poisson(5/s) emits Query;
        node type: Store;
        self -> type.read;
    }
}

fn main() {}
