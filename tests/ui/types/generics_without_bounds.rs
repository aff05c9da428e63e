use happysim::prelude::*;

topology! {
    pub Shop<T, S: Default> {
        param first: Option<T>;
        source users: poisson(5/s) emits T;
        node lb: LoadBalancer<S>;
        node server[2]: Server<T, ()> { concurrency: 1, service: 3ms };
        users -> lb -> server[*];
    }
}

// A user's own trait may say that values can be copied and shown.
pub trait Order: Message + Default {}

topology! {
    pub Fine<T: Order, U, V: Clone + core::fmt::Debug + 'static>
    where
        U: Message,
    {
        param one: Option<U>;
        param two: Option<V>;
        source users: poisson(5/s) emits T;
        node server: Server<T, ()> { concurrency: 1, service: 3ms };
        users -> server;
    }
}

fn main() {}
