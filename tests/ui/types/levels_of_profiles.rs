use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(profile! { hold 5/s for 3s; hold 2/s }) emits Request;
        node api: Api { cpu: 10ms };
        node shelf: Database<Query, Rows> { connections: profile! { hold 3 for 10s; step to -1 at 10s }, query: 1ms };
        users -> breaker(failures: profile! { hold 5 for 30s; hold 0 }) -> api;
        api.db -> shelf;
    }
}

fn main() {}
