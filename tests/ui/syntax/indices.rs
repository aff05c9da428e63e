use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node pool[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> pool[];
        users -> pool[* 1];
        users -> pool[all];
        users -> pool[-1];
        users -> pool[2];
    }
}

fn main() {}
