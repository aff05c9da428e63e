#![deny(deprecated)]

use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(10/s);
        node client: Client { timeout: 10s, retry: fixed(3, 100ms) };
        node gateway: Client { timeout: 2s, retry: fixed(3, 100ms) };
        node api: Server { service: exp(5ms) };
        users -> client -> gateway -> retry(fixed(4, 10ms)) -> timeout(200ms) -> api;
    }
}
// ANCHOR_END: model

fn main() {}
