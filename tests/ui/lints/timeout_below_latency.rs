//! Timeouts that end before the first reply can come.
#![deny(deprecated)]

use happysim::prelude::*;

topology! {
    Far {
        source users: poisson(10/s);
        node client: Client { timeout: 50ms };
        link ocean: Link { latency: 40ms };
        node server: Server { service: exp(5ms) };
        users -> client -> ocean -> server;
    }
}

topology! {
    Slow {
        source users: poisson(10/s);
        link near: Link { latency: uniform(2ms..3ms) };
        link wan: Link { latency: 10ms };
        node server: Server { service: 5ms, concurrency: 4 };
        users -> timeout(28ms) -> breaker(call_timeout: 1s) -> near -> wan -> server;
    }
}

topology! {
    Stalled {
        source users: poisson(10/s);
        node db: Database { query: 20ms };
        users -> timeout(15ms) -> bulkhead(10) -> db;
    }
}

fn main() {}
