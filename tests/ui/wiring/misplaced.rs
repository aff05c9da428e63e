use happysim::prelude::*;

topology! {
    pub Shop {
        param rate: Rate;
        shared vault: Mutex;
        source users: poisson(5/s);
        source idle: poisson(5/s);
        node server: Server;
        node lonely: Server;
        node pool[2]: Server;
        users -> breaker(3, 1s, 5) -> server;
        vault -> server;
        server -> vault;
        timeout(1s) -> server;
        pool[*] -> server;
        pool -> bulkhead(3) -> pool[*];
        users -> rate;
        server.lock -> timeout(1s) -> vault;
        node broken Server;
    }
}

topology! {
    pub Quiet {
        source users: poisson(5/s);
        link cable: Link;
        node pool[0]: Server;
        source idle: poisson(5/s);
        users -> pool[*];
    }
}

fn main() {}
