use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        param load: Rate = 5/s;
        source users: poisson(load) emits Request;
        node api: Api { cpu: 10ms };
        node db: Database<Query, Rows> { connections: 3, query: 1ms };
        users -> api;
        api.db -> dbb;
    }
}

/// Nothing is told of this: the topology has its types all the same.
pub fn run(load: Rate) -> Result<Report, SimError> {
    let shop = Shop::new(ShopParams { load, ..default() }).build()?;
    assert_eq!(shop.api.replicas.len(), 1);
    Shop::new(default()).seed(42).run_for(minutes(10))
}

fn main() {}
