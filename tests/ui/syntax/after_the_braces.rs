use happysim::prelude::*;

topology! {
    pub Shop {
        source users: poisson(5/s);
        node server: Server;
        users -> server;
    }
    users -> server;
}

fn main() {}
