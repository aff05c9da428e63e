#![deny(deprecated)]

use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source phones: poisson(80/s);
        source desks: poisson(40/s);
        node lb: LoadBalancer;
        node api[3]: Server { concurrency: 2, service: exp(50ms) };
        phones -> lb;
        desks -> lb;
        lb -> api[*];
    }
}
// ANCHOR_END: model

fn main() {}
