use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Query;
        node store: Store;
        users -> breaker(failures: 3, failures: 4) -> timeout(1s, after: 2s) -> store.read;
    }
}

fn main() {}
