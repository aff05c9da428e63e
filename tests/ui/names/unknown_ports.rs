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
        gateway.stor -> store.read;
        gateway.logs -> store.write;
        store.out -> gateway;
    }
}

fn main() {}
