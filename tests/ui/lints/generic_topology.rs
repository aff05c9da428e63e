//! A topology with parameters of type, in a module and in a function.
#![deny(deprecated)]

use happysim::prelude::*;

mod models {
    use happysim::prelude::*;

    topology! {
        pub Carries<T: Message + Default, R: Message + Default> where R: PartialEq {
            source users: poisson(300/s) emits T;
            node server: Server<T, R> { service: exp(5ms) };
            users -> server;
        }
    }
}

fn main() {
    topology! {
        Local {
            source users: poisson(300/s);
            node server: happysim::components::server::Server { service: exp(5ms) };
            users -> server;
        }
    }
    let _ = models::Carries::<u32, u32>::new(default());
    let _ = Local::new(default());
}
