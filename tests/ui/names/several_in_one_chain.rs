use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        param patience: Duration;
        source users: poisson(5/s) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        usres -> api;
        users -> timout(1s) -> brekaer(failures: 5) -> ap;
        users -> timeout(after: patience, after: 2s) -> patience;
        api.db -> cabel -> bulkhaed(3) -> db;
        api.db -> retry_policy() -> timeout(1s);
    }
}

fn main() {}
