use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop<S: Strategy> {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer<S>;
        node api[2]: Api { cpu: 10ms };
        node db: Database<Query, Line> { connections: 3, query: 1ms };
        users -> lb -> api[*];
        api.db -> db;
    }
}

fn main() {}
