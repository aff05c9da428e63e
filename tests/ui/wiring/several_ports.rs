use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node gateway: Gateway;
        node store: Store;
        users -> gateway;
        gateway -> store.read;
    }
}

fn main() {}
