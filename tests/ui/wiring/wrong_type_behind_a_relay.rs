use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Line;
        node lb: LoadBalancer;
        link cable: Link::internet();
        node db[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> cable -> timeout(1s) -> lb -> db[*];
    }
}

fn main() {}
