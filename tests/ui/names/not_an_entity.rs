use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Request { cpu: 10ms };
        node text: String;
        users -> api;
        api.db -> text;
    }
}

fn main() {}
