use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer;
        node api[2]: Api { cpu: 10ms };
        node store: Store;
        users -> lb -> api[*];
        api[0] -> store.read;
    }
}

topology! {
    pub BeforeThePort {
        source users: poisson(5/s) emits Request;
        node lb: LoadBalancer;
        node api[2]: Api { cpu: 10ms };
        node store: Store;
        users -> lb -> api[*];
        api[0].db -> store.read;
    }
}

fn main() {}
