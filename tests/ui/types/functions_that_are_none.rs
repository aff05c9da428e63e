use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer<ConsistentHash> { key: 5 };
        node server[2]: Server<Query, Rows> {
            concurrency: profile! { hold 3/s },
            service: profile! { hold 3 },
            weight: 2,
            class: "urgent"
        };
        users -> lb -> server[*];
    }
}

fn main() {}
