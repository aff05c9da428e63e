//! Types at arrows that are parameters of the topology.
use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop<T: Message + Default> {
        source users: poisson(5/s) emits T;
        node api: Api { cpu: 1ms };
        node server: Server<T, Rows> { concurrency: 3, service: 5ms };
        users -> api -> server;
    }
}

fn main() {}
