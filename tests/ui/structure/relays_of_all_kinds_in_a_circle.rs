use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node front: Client { timeout: 1s };
        node lb: LoadBalancer;
        users -> front -> hedge(10ms) -> lb;
        lb -> retry(fixed(3, 1s)) -> front;
    }
}

fn main() {}
