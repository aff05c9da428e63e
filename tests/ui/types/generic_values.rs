//! Values in a topology with a parameter, of nodes whose types do not mention it.
use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Kinds<S: Strategy> {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer<S>;
        node api[2]: Api { cpu: 10/s, patience: 250 };
        node db: Database<Query, Rows> { connections: "3", query: profile! { hold 5% } };
        users -> retry(3) -> lb -> api[*];
        api.db -> db;
    }
}

topology! {
    pub Ranges<const REPLICAS: usize> {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer;
        node store[REPLICAS]: Store { misses: 1.5 };
        users -> timeout(0s) -> bulkhead(-1) -> lb -> store.read[*];
    }
}

topology! {
    pub Zeros<S: Strategy> {
        source users: poisson(5/s) emits Query;
        node lb: LoadBalancer<S>;
        node db[2]: Database<Query, Rows> { connections: 0, query: 1ms };
        users -> bulkhead(0) -> lb -> db[*];
    }
}

fn main() {}
