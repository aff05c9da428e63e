//! Bulkheads that are wider than what they protect.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Wide {
        source users: poisson(10/s);
        node db: Database { connections: 32, query: exp(3ms), acquire_timeout: 1s };
        users -> bulkhead(64) -> db;
    }
}

topology! {
    Replicated {
        source users: poisson(10/s);
        node wall: Bulkhead { max_concurrent: 30 };
        node lb: LoadBalancer;
        node api[3]: Server { concurrency: 8, service: exp(5ms) };
        users -> wall -> lb -> api[*];
    }
}

fn main() {}
