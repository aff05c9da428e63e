#![deny(deprecated)]

use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(10/s);
        node client: Client { timeout: 250ms, retry: exponential(3, 20ms..1s, full_jitter) };
        node api: Server { service: exp(5ms) };
        users -> timeout(500ms) -> client -> api;
    }
}
// ANCHOR_END: model

fn main() {}
