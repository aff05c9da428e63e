//! Timeouts that end before the retries behind them can.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Wrapped {
        source users: poisson(10/s);
        node client: Client { timeout: 250ms, retry: exponential(3, 20ms..1s, full_jitter) };
        node server: Server { service: exp(5ms) };
        users -> timeout(500ms) -> client -> server;
    }
}

topology! {
    Nested {
        source users: poisson(10/s);
        node client: Client { timeout: 1s };
        node gateway: Client { timeout: 200ms, retry: fixed(2, 50ms) };
        node server: Server { service: exp(5ms) };
        users -> client -> retry(decorrelated(3, 20ms..1s)) -> gateway -> server;
    }
}

fn main() {}
