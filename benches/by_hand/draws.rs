//! What the shop draws, by whatever means it is simulated: the same streams as those of the declared one.

use happysim::prelude::*;

use super::shop::SERVERS;

pub(super) struct Draws {
    pub(super) arrivals: Arrivals,
    pub(super) users: Random,
    pub(super) loss: Chance,
    pub(super) latency: Distribution,
    pub(super) jitter: Distribution,
    pub(super) choice: Random,
    pub(super) cpu: Vec<Distribution>,
    pub(super) query: Distribution,
    pub(super) backoff: Random,
}

impl Draws {
    pub(super) fn new(seed: u64) -> Self {
        let stream = |path: &str, purpose: &str| Random::new(seed, path, purpose);
        let bound = |distribution: Result<Distribution, _>, path: &str, purpose: &str| {
            let mut distribution = distribution.expect("it is valid");
            distribution.bind_stream(stream(path, purpose));
            distribution
        };
        let cpu = |number: usize| {
            bound(Distribution::lognormal(millis(12), 0.8), &format!("api[{number}]"), "cpu")
        };
        let mut arrivals = Arrivals::poisson(Rate::per_second(1500.0));
        arrivals.bind_stream(stream("users", "arrivals"));
        let mut loss = Chance::new(Probability::new(0.005));
        loss.bind_stream(stream("internet", "loss"));
        Self {
            arrivals,
            users: stream("users", "message"),
            loss,
            latency: Distribution::constant(millis(20)),
            jitter: bound(Distribution::exponential(millis(5)), "internet", "jitter"),
            choice: stream("lb", "random"),
            cpu: (0..SERVERS).map(cpu).collect(),
            query: bound(Distribution::exponential(millis(3)), "db", "query"),
            backoff: stream("browser", "retry"),
        }
    }
}
