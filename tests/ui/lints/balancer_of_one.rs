//! A balancer before one server, and before a replicated node of one.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Single {
        source users: poisson(10/s);
        node lb: LoadBalancer<PowerOfTwoChoices>;
        node server: Server { service: exp(5ms) };
        users -> lb -> server;
    }
}

topology! {
    Replicated {
        source users: poisson(10/s);
        node balancer: LoadBalancer;
        node api[1]: Server { service: exp(5ms) };
        users -> balancer -> bulkhead(1) -> api[*];
    }
}

fn main() {}
