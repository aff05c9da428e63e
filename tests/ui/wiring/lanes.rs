use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer;
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        node pool[3]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> lb;
        lb -> db[*];
        lb -> pool;
        lb -> pool[same];
    }
}

fn main() {}
