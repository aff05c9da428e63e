//! Hedges that nobody waits for, and one that is never sent.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Outside {
        source users: poisson(10/s);
        node client: Client { timeout: 250ms };
        node server: Server { service: exp(5ms) };
        users -> client -> hedge(300ms) -> server;
    }
}

topology! {
    Inside {
        source users: poisson(10/s);
        node twice: Hedge { delay: 1.5s, max_hedges: 2 };
        node client: Client { timeout: 250ms, retry: fixed(3, 100ms) };
        node server: Server { service: exp(5ms) };
        users -> twice -> client -> server;
    }
}

fn main() {}
