use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node gateway: Gateway;
        node api: Api { cpu: 10ms };
        link cable: Link::internet();
        users -> gateway;
        gateway.store -> cable;
    }
}

fn main() {}
