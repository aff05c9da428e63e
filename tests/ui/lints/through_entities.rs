//! Paths through entities of the user's own that hand requests on, over one port of two.
#![deny(deprecated)]

use happysim::prelude::*;

#[derive(Debug, Clone, Default)]
pub struct Rows;

/// Looks into its cache, then asks the database.
#[entity]
pub struct Api {
    #[port]
    cache: Call<(), Rows>,
    #[port]
    db: Call<(), Rows>,
}

#[entity]
impl Api {
    async fn handle(&mut self, _cx: &mut Cx<Self>, _request: ()) -> Outcome<Rows> {
        if let Ok(rows) = self.cache.call(()).timeout(millis(5)).await {
            return Ok(rows);
        }
        let rows = self.db.call(()).await?;
        Ok(rows)
    }
}

topology! {
    Shop {
        source users: poisson(10/s);
        node browser: Client { timeout: 500ms, retry: exponential(3, 20ms..1s, full_jitter) };
        node api[3]: Api;
        node lb: LoadBalancer;
        node cache: Server<(), Rows> { service: exp(1ms) };
        node db: Database<(), Rows> { query: exp(3ms) };
        users -> browser -> lb -> api[*];
        api.cache -> retry(fixed(10, 10ms)) -> timeout(100ms) -> cache;
        api.db -> retry(fixed(4, 50ms)) -> timeout(200ms) -> db;
    }
}

topology! {
    Remote {
        source users: poisson(10/s);
        node api: Api;
        node cache: Server<(), Rows> { service: exp(1ms) };
        link wan: Link { latency: 20ms, loss: 1% };
        node db: Database<(), Rows> { query: exp(3ms) };
        users -> api;
        api.cache -> cache;
        api.db -> wan -> db;
    }
}

fn main() {}
