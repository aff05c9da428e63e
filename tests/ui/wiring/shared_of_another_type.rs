use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node gateway: Gateway;
        node other: Gateway;
        node store: Store;
        shared places: Semaphore;
        shared shop: Store;
        shared pace: Distribution;
        users -> gateway;
        gateway.store -> store.read;
        gateway.log -> store.write;
        gateway.lock -> places;
        other.store -> store.read;
        other.log -> store.write;
        other.lock -> shop;
        gateway.pace -> pace;
    }
}

fn main() {}
