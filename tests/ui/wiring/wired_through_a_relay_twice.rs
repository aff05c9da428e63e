use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

// What the link carries depends on the arrow that is refused.
topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        link lan: Link { latency: 5ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> lan -> api;
        api.db -> lan;
        lan -> db;
    }
}

// Two arrows of one node, one of which does not say of which port.
topology! {
    pub Unnamed {
        source users: poisson(5/s) emits Request;
        node gateway: Gateway;
        node store: Store;
        shared lock: Mutex;
        users -> gateway;
        gateway -> store.read;
        gateway.log -> store.write;
        gateway.lock -> lock;
    }
}

topology! {
    pub OfOnePort {
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node store: Store;
        users -> api -> store.read;
        api.db -> store.read;
    }
}

fn main() {}
