use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        link cable: Link::lossy();
        link fibre: Link::lossy(1%, 3ms);
        link radio: Link::lossy(poisson(5/s));
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> cable -> fibre -> timeout(poisson(5/s)) -> radio -> Link::lossy() -> db;
    }
}

fn main() {}
