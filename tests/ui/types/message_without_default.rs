use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

#[derive(Clone, Debug)]
pub struct Order {
    pub lines: u32,
}

topology! {
    pub Shop {
        source users: poisson(5/s) emits Order;
        node db: Database<Order, Rows> { connections: 3, query: 1ms };
        users -> db;
    }
}

fn main() {}
