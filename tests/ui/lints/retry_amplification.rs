//! Retries in every layer.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Layers {
        source users: poisson(1/s);
        node client: Client { timeout: 10s, retry: exponential(3, 20ms..1s, full_jitter) };
        node gateway: Client { timeout: 2s, retry: fixed(3, 100ms) };
        node server: Server { service: exp(5ms) };
        users -> client -> gateway -> retry(fixed(4, 10ms)) -> timeout(200ms) -> server;
    }
}

topology! {
    Hedged {
        source users: poisson(1/s);
        node lb: LoadBalancer;
        node api[3]: Server { service: exp(5ms), queue_capacity: 10 };
        users -> retry(fixed(4, 100ms)) -> hedge(20ms, up_to: 2) -> lb -> api[*];
    }
}

fn main() {}
