//! All replicas are wired, and one of them gets every request.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Clients {
        param replicas: usize = 3;
        source users: poisson(10/s);
        node client: Client { timeout: 1s };
        node api[replicas]: Server { service: exp(5ms) };
        users -> client -> api[*];
    }
}

topology! {
    Links {
        source users: poisson(10/s);
        node lb: LoadBalancer;
        link wires[2]: Link::local();
        node api[2]: Server { service: exp(5ms) };
        users -> lb -> wires[*] -> api[*];
    }
}

fn main() {}
