use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(50/s);
        node old: Server { concurrency: 2, service: exp(10ms) };
        node new: Server { concurrency: 2, service: exp(10ms) };
        users -> old;
        users -> new;
    }
}
// ANCHOR_END: model

fn main() {}
