#![deny(deprecated)]

use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(10/s);
        node api: Server { service: exp(5ms) };
        users -> timeout(200ms) -> breaker(failures: 5) -> api;
    }
}
// ANCHOR_END: model

fn main() {}
