use happysim::prelude::*;

// ANCHOR: model
topology! {
    pub Shop {
        source users: poisson(50/s);
        source robots: poisson(5/s);
        node api: Server { concurency: 8, service: exp(10ms) };
        users -> timout(1s) -> api;
        robots -> api.handel;
    }
}
// ANCHOR_END: model

fn main() {}
