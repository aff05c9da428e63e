//! Clients that wait for ever for what a line has lost.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Preset {
        source users: poisson(10/s);
        node client: Client { retry: fixed(3, 100ms) };
        link internet: Link::internet();
        node server: Server { service: exp(5ms) };
        users -> client -> internet -> server;
    }
}

topology! {
    Behind {
        source users: poisson(10/s);
        link wan: Link { latency: 20ms, loss: 0.5% };
        node server: Server { service: exp(5ms), queue_capacity: 10 };
        users -> retry(fixed(3, 100ms)) -> bulkhead(1) -> wan -> timeout(1s) -> server;
    }
}

fn main() {}
