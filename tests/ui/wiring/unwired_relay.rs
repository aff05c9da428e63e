use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer;
        users -> lb;
    }
}

fn main() {}
