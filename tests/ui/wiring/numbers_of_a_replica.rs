use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

const FIRST: &str = "first";

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        source others: poisson(5/s) emits Query;
        source more: poisson(5/s) emits Query;
        source most: poisson(5/s) emits Query;
        node store[3]: Store;
        users -> store.read[1.5];
        others -> store.read[1ms];
        more -> store.read[..];
        most -> store.read["first"];
    }
}

topology! {
    pub OfAnotherType {
        source users: poisson(5/s) emits Query;
        node store[3]: Store;
        users -> store.read[FIRST];
    }
}

fn main() {}
