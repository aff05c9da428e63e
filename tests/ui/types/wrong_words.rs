use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5ms) emits Request;
        node api: Api { cpu: lognormal(12ms, cv -0.8) };
        node db: Database<Query, Rows> { connections: 3, query: gamma(0, 5ms) };
        users -> first;
        node first: Client { retry: exponential(0, 1s..20ms, full_jitter) };
        first -> retry(fixed(-1, 5)) -> hedge(percentile(120, 5ms)) -> api;
        node more: Store;
        node last: Api { cpu: hyperexponential(12ms, 1.5) };
        link wire: Link { latency: erlang(0, 5ms), bursts: burst_loss(5, 120%) };

        api.db -> db;
    }
}

fn main() {}
