use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    {
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
    }
}

topology! {
    pub Shop;
}

fn main() {}
