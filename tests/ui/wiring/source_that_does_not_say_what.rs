use happysim::prelude::*;

topology! {
    pub Shop {
        source users: poisson(5/s);
        node store: Server<u64, u64> { service: exp(5ms) };
        users -> timeout(1s) -> store;
    }
}

fn main() {}
