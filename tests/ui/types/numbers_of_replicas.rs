use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node first[2.5]: Store;
        node second[3ms]: Store;
        node third["3"]: Store;
        node fourth[profile! { hold 3 }]: Store;
        users -> first.read[0];
    }
}

topology! {
    pub OfAnotherType {
        param stores: Duration = 3ms;
        source users: poisson(5/s) emits Query;
        node store[stores]: Store;
        users -> store.read[0];
    }
}

fn main() {}
