use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source;
        source one;
        source two poisson(5/s) emits Request;
        source three: poisson(5/s) emit Request;
        source four: poisson(5/s) emits;
        source five: poisson(5/s) emits Request = ;
        source six: poisson(5/s) emits Request |arrival| Request;
        source seven: emits Request;
        source eight: poisson(5/s) emits Request { id: 3 };
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
