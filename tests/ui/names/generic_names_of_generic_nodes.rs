//! Names and values of nodes whose types mention a parameter of the topology.
use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Names<T: Message + Default, S: Strategy> {
        source users: poisson(5/s) emits T;
        node lb: LoadBalancer<S> { wieghts: [1, 2], timeout: 3 };
        node server[2]: Server<T, ()> { concurency: 3, service: 5ms };
        users -> timeout(1s) -> lb -> server.handel[*];
    }
}

topology! {
    pub Ports<T: Message + Default, S: Strategy> {
        source users: poisson(5/s) emits T;
        node lb: LoadBalancer<S>;
        node server[2]: Server<T, ()> { concurrency: 0, service: 5/s };
        users -> lb;
        lb.foo -> server[*];
    }
}

topology! {
    pub Wires<T: Message + Default> {
        source users: poisson(5/s) emits T;
        node tee: Fallback;
        node queue: MessageQueue<T>;
        users -> tee;
        tee.primary -> queue.publish;
    }
}

// What a user's own trait is, only rustc knows.
pub trait Order: Message + Default {}

impl Order for Query {}

topology! {
    pub Fine<T: Order, U: Message + Default> {
        source users: poisson(5/s) emits T;
        node server: Server<T, ()> { concurrency: 1, service: 3ms };
        users -> server;
        source others: poisson(5/s) emits U;
        node other: Server<U, ()> { concurrency: 1, service: 3ms };
        others -> other;
    }
}

fn main() {
    let _ = Fine::<Query, u64>::new(default());
}
