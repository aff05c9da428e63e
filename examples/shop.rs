//! A shop behind the internet: what its users see when the network has a bad half minute.

use happysim::prelude::*;

// ANCHOR: messages
/// What a user asks for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Who asks.
    pub user: u64,
}

/// What a user gets.
#[derive(Debug, Clone)]
pub struct Page {
    /// How large it is.
    pub bytes: u32,
}

/// What the API asks of the database.
#[derive(Debug, Clone)]
pub struct Query {
    /// Whose rows.
    pub user: u64,
}

impl Query {
    fn of(request: &Request) -> Self {
        Self { user: request.user }
    }
}

/// What the database returns.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// How many.
    pub count: u32,
}
// ANCHOR_END: messages

// ANCHOR: api
/// A web server: a few workers; each request costs CPU and one database query.
#[entity]
pub struct Api {
    workers: Resource,
    cpu: Distribution,
    #[port]
    db: Call<Query, Rows>,
}

#[entity]
impl Api {
    /// One request, start to finish.
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Page> {
        let _worker = self.workers.acquire(1).await; // held until the end of the scope
        cx.sleep(self.cpu.sample(cx)).await;
        let rows = self.db.call(Query::of(&request)).await?; // a typed reply, or a failure
        Ok(Page { bytes: 512 + 64 * rows.count })
    }
}
// ANCHOR_END: api

// ANCHOR: topology
topology! {
    /// A shop behind the internet: three API servers, one database.
    pub Shop {
        /// Arrivals per second once all users are there.
        param peak: Rate = 400/s;
        /// How many API servers share the load.
        param replicas: usize = 3;

        source users: poisson(profile! { hold 50/s for 30s; ramp to peak over 60s; hold })
            emits Request = |arrival| Request { user: arrival.random.below(10_000) };

        node browser: Client { timeout: 250ms, retry: exponential(3, 20ms..1s, full_jitter) };
        node lb: LoadBalancer<PowerOfTwoChoices>;
        node api[replicas]: Api { workers: 8, cpu: lognormal(12ms, cv 0.8) };
        node db: Database<Query, Rows> { connections: 32, query: exp(3ms) };
        link internet: Link::internet() {
            latency: 20ms,
            loss: profile! { hold 0% for 60s; hold 5% for 30s; hold 0% }
        };

        users -> browser;
        browser -> internet -> lb -> api[*];
        api.db -> breaker(failures: 5, open: 30s) -> bulkhead(32) -> db;
    }
}
// ANCHOR_END: topology

// ANCHOR: main
fn main() -> Result<(), SimError> {
    let params = ShopParams { replicas: 5, ..default() };
    let report = Shop::new(params).seed(42).run_for(minutes(10))?;
    println!("{report}");
    Ok(())
}
// ANCHOR_END: main
