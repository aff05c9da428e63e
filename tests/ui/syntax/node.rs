use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        node;
        node one;
        node two Api;
        node three: ;
        node four: Api(cpu: 10ms);
        node five[]: Api { cpu: 10ms };
        node six: Api { cpu 10ms };
        node seven: Api { cpu: };
        node eight: Api { cpu: 10ms } { patience: 1s };
        node nine: Api { cpu: 10ms patience: 1s };
        node self: Api { cpu: 10ms };
        node 10: Api { cpu: 10ms };
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
