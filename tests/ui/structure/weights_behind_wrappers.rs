use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer<WeightedRoundRobin> { weights: [3, 2, 1] };
        node db[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> lb -> timeout(1s) -> db[*];
    }
}

fn main() {}
