//! Names in a topology with a parameter, of nodes whose types do not mention it.
use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop<S: Strategy> {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer<S>;
        node api[2]: Api { cqu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> timeout(1s) -> lb -> api.hanlde[*];
        api.databse -> db;
    }
}

topology! {
    pub Unwired<S: Strategy> {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer<S>;
        node api[2]: Api { cpu: 10ms };
        node lonely: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> lb -> api[*];
    }
}

fn main() {}
