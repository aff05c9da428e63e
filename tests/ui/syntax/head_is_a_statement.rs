use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    source users: poisson(5/s) emits Query;
    node store: Store;
    users -> store.read;
}

fn main() {}
