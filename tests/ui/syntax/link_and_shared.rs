use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        link;
        link cable;
        link wire: ;
        link rope: internet();
        link line: Link::internet() loss: 1%;
        shared;
        shared vault;
        shared gate: ;
        shared door: Mutex = ;
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> db;
    }
}

fn main() {}
