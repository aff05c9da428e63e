use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(50/s);
        node lb: LoadBalancer<WeightedRoundRobin> { weights: [3, 2, 1] };
        node api[2]: Server { service: exp(10ms) };
        users -> lb -> api[*];
    }
}
// ANCHOR_END: model

fn main() {}
