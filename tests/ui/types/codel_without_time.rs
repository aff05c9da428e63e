use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node first: Server<Query, Rows> { queue: codel(0ms, 100ms) };
        users -> first;
        source others: poisson(5/s) emits Query;
        node second: Server<Query, Rows> { queue: codel(5ms, 0s) };
        others -> second;
    }
}

fn main() {}
