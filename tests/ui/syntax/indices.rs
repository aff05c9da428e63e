use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        source one: poisson(5/s) emits Query;
        source two: poisson(5/s) emits Query;
        source three: poisson(5/s) emits Query;
        source four: poisson(5/s) emits Query;
        node pool[2]: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> pool[];
        one -> pool[* 1];
        two -> pool[all];
        three -> pool[-1];
        four -> pool[2];
    }
}

fn main() {}
