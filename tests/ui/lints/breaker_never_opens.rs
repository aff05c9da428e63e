//! Breakers that see no failure: before a server that always answers, before a line that loses
//! silently, and behind the timeout instead of before it.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Patient {
        source users: poisson(10/s);
        node server: Server { service: exp(5ms) };
        users -> breaker(failures: 5) -> server;
    }
}

topology! {
    Partitioned {
        source users: poisson(10/s);
        link wan: Link { latency: 5ms, loss: profile! { hold 0% for 10s; hold 100% for 10s; hold 0% } };
        node db: Database { query: exp(3ms) };
        users -> timeout(200ms) -> breaker(failures: 5, open: 2s) -> wan -> db;
    }
}

topology! {
    Declared {
        source users: poisson(10/s);
        node client: Client { timeout: 200ms };
        node guard: CircuitBreaker { failure_threshold: 3 };
        node lb: LoadBalancer;
        node api[3]: Server { concurrency: 4, service: exp(5ms) };
        users -> client -> guard -> lb -> api[*];
    }
}

fn main() {}
