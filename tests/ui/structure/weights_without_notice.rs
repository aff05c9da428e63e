use happysim::prelude::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits u64;
        source others: poisson(5/s) emits u64;
        node first: LoadBalancer { weights: [1, 2] };
        node second: LoadBalancer<LeastConnections> { weights: [1, 2] };
        node store[2]: Server<u64, u64> { service: exp(5ms) };
        users -> first;
        others -> second;
        first -> store[*];
        second -> store[*];
    }
}

fn main() {}
