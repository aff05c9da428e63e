use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer;
        node store[3]: Store;
        users -> lb -> store[*].read;
    }
}

fn main() {}
