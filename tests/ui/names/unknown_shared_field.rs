use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        shared vault: Mutex;
        source users: poisson(5/s) emits Request;
        node gateway: Gateway;
        node store: Store;
        users -> gateway;
        gateway.store -> store.read;
        gateway.log -> store.write;
        gateway.lok -> vault;
    }
}

fn main() {}
