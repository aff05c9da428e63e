use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer;
        link there: Link::internet();
        link back: Link::internet();
        users -> lb -> there -> back -> lb;
    }
}

fn main() {}
