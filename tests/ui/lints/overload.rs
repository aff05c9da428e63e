//! Servers that are offered what they cannot do.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Single {
        source users: poisson(120/s);
        node server: Server { concurrency: 10, service: exp(100ms) };
        users -> server;
    }
}

topology! {
    Balanced {
        source phones: poisson(4800/min);
        source desks: constant(40/s);
        node client: Client { timeout: 1s, retry: fixed(3, 100ms) };
        node lb: LoadBalancer;
        node api[3]: Server { concurrency: 2, service: lognormal(50ms, cv 0.8) };
        phones -> client;
        desks -> client;
        client -> lb -> api[*];
    }
}

topology! {
    Thinned {
        source users: constant(200/s);
        link wan: Link { latency: 20ms, loss: 5% };
        node db: Database { connections: 1, query: uniform(5ms..15ms) };
        users -> timeout(1s) -> wan -> db;
    }
}

fn main() {}
