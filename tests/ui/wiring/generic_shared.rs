//! Shared objects of a topology with a parameter, whose types do not mention it.
use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop<S: Strategy> {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer<S>;
        node gateway[2]: Gateway;
        node store: Store;
        shared places: Semaphore;
        shared shop: Store;
        users -> lb -> gateway[*];
        gateway.store -> store.read;
        gateway.log -> store.write;
        gateway.lock -> places;
        gateway.latch -> shop;
    }
}

fn main() {}
