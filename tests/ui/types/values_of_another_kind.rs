use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: 5/s emits Query;
        node lb: LoadBalancer { weights: 3 };
        node db: Database<Query, Rows> { connections: true, query: "3ms" };
        node store[3]: Store { misses: 5/s };
        source others: poisson(5/s) emits Query;
        others -> db;
        users -> retry(3) -> hedge(95%) -> timeout(64KiB) -> lb -> store.read[*];
    }
}

fn main() {}
