//! A shop: a client with a timeout and retries, a link, a balancer, eight servers, a breaker for each
//! of them, and a database.

use happysim::prelude::*;

use super::{Goal, Role, Sample, Workload, timed};
use crate::by_hand::{self, shop::Outline};

/// What a user asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// Who asks.
    pub(crate) user: u64,
}

/// What a user gets.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "it is carried, and nobody looks into it")]
pub(crate) struct Page {
    /// How large it is.
    pub(crate) bytes: u64,
}

/// What a server asks of the database.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "it is carried, and nobody looks into it")]
pub(crate) struct Query {
    /// Whose rows.
    pub(crate) user: u64,
}

/// What the database returns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    /// How many.
    pub(crate) count: u64,
}

/// A server: each request holds a worker while it computes and while its query runs.
#[entity]
pub(crate) struct Api {
    workers: Resource,
    cpu: Distribution,
    #[port]
    db: Call<Query, Rows>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Page> {
        let _worker = self.workers.acquire(1).await;
        cx.sleep(self.cpu.sample(cx)).await;
        let rows = self.db.call(Query { user: request.user }).await?;
        Ok(Page { bytes: 512 + request.user % 64 + rows.count })
    }
}

topology! {
    /// The shop. Its database never fails, so that its breakers only count.
    pub(crate) Shop {
        param patience: Duration = 250ms;
        source users: poisson(1500/s)
            emits Request = |arrival| Request { user: arrival.random.below(10_000) };
        node browser: Client { timeout: patience, retry: exponential(3, 20ms..1s, full_jitter) };
        link internet: Link { latency: 20ms, jitter: exp(5ms), loss: 0.5% };
        node lb: LoadBalancer<PowerOfTwoChoices>;
        node api[8]: Api { workers: 4, cpu: lognormal(12ms, cv 0.8) };
        node db: Database<Query, Rows> { connections: 32, query: exp(3ms) };
        users -> browser -> internet -> lb -> api[*];
        #[allow(happysim::breaker_never_opens)]
        api.db -> breaker(failures: 5, open: 30s) -> db;
    }
}

const SEED: u64 = 42;
const LENGTH: Duration = seconds(60);

/// Runs the shop; what is left of it.
pub(super) fn simulate(
    seed: u64,
    patience: Duration,
    length: Duration,
    statistics: Statistics,
) -> Simulation<Shop> {
    let setup = Shop::new(ShopParams { patience }).seed(seed).statistics(statistics);
    let mut simulation = setup.build().expect("the parameters are valid");
    simulation.run_for(length).expect("the model has no mistakes");
    simulation
}

/// What two runs are compared by.
pub(super) fn figures(simulation: &Simulation<Shop>) -> Vec<(&'static str, f64)> {
    let report = simulation.report();
    let requests = report.node("browser").requests();
    let mut figures = vec![("requests that went well", requests.ok as f64)];
    figures.extend(requests.latency.as_ref().map(|it| ("mean latency", it.mean.as_secs_f64())));
    figures
}

fn declared(patience: Duration, statistics: Statistics) -> Sample {
    let (elapsed, simulation) = timed(|| simulate(SEED, patience, LENGTH, statistics));
    let figures = figures(&simulation);
    Sample { elapsed, units: figures[0].1 as u64, figures }
}

/// The same run, by the events that it consists of.
fn by_event(statistics: Statistics) -> Sample {
    let (elapsed, simulation) = timed(|| simulate(SEED, millis(250), LENGTH, statistics));
    let events = simulation.events();
    Sample { elapsed, units: events, figures: vec![("events", events as f64)] }
}

/// By hand: `run` makes a shop of a seed and a length of the timeouts, and runs it.
fn by_hand(patience: Duration, run: fn(u64, Duration, Instant) -> Outline) -> Sample {
    let (elapsed, outline) = timed(|| run(SEED, patience, Instant::ZERO + LENGTH));
    let ok = outline.ok as f64;
    let figures =
        vec![("requests that went well", ok), ("mean latency", outline.latency as f64 / ok / 1e9)];
    Sample { elapsed, units: outline.ok, figures }
}

pub(super) fn workloads() -> Vec<Workload> {
    let each = |(patience, name): (Duration, &str)| {
        // The report rounds the mean to a nanosecond.
        Workload::new(format!("shop, timeouts of {name}"), "request", 1e-8)
            .by_hand("plain structs", move || by_hand(patience, by_hand::shop::run))
            .declared("plain structs, a task at each node", None, move || {
                by_hand(patience, by_hand::shop_tasks::run)
            })
            .declared("declared, statistics off", 1.4, move || {
                declared(patience, Statistics::Counts)
            })
            .declared("declared", None, move || declared(patience, Statistics::Full))
    };
    let lengths = [(millis(250), "250 ms"), (seconds(30), "30 s")];
    // Those who wait for 30 s for a lost reply are not done at the end.
    let timeouts = Workload::new("shop, length of the timeouts", "request", 0.2)
        .form("declared, 250 ms", Role::Yardstick, || declared(millis(250), Statistics::Counts))
        .form("declared, 30 s", Role::Measured(Some(Goal::ratio(1.1))), || {
            declared(seconds(30), Statistics::Counts)
        });
    // At their default statistics cost at most a third of the bare run.
    let events = Workload::new("shop, statistics", "event", 0.0)
        .form("declared, statistics off", Role::Yardstick, || by_event(Statistics::Counts))
        .form("declared", Role::Measured(Some(Goal::ratio(4.0 / 3.0))), || {
            by_event(Statistics::Full)
        });
    lengths.map(each).into_iter().chain([timeouts, events]).collect()
}
