use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(50/s);
        link wire: Link { latency: 20, bandwidth: 100MBps, loss: 150% };
        node api: Server { service: exp(10ms) };
        users -> timeout(1s) -> wire -> api;
    }
}
// ANCHOR_END: model

fn main() {}
