use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer<Query>;
        node db[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> lb -> db[*];
    }
}

fn main() {}
