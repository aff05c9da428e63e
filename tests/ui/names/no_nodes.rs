use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        param rate: Rate = 5/s;
        shared vault: Mutex;
        source users: poisson(5/s) emits Request;
        node gateway: Gateway;
        node store: Store;
        users -> rate;
        rate -> gateway;
        vault -> gateway;
        users.out -> gateway;
    }
}

fn main() {}
