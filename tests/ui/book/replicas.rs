use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(50/s);
        node lb: LoadBalancer;
        node api[3]: Server { service: exp(10ms) };
        users -> lb -> api;
    }
}
// ANCHOR_END: model

fn main() {}
