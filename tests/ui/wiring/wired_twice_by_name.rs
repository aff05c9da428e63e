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
        users -> gateway;
        gateway.store -> store.read;
        gateway -> store.read;
        gateway.log -> store.write;
        shared one: Mutex;
        shared two: Mutex;
        gateway.lock -> one;
        gateway.lock -> two;
    }
}

fn main() {}
