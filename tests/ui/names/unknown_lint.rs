//! What cannot be allowed at a statement.
use happysim::prelude::*;

topology! {
    Shop {
        #[allow(happysim::overlaod)]
        source users: poisson(400/s);
        #[allow(balancer_of_one)]
        node lb: LoadBalancer;
        #[allow(dead_code)]
        node api[2]: Server;
        #[expect(happysim::balancer_of_one)]
        users -> lb -> api[*];
    }
}

fn main() {}
