use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

topology! {
    pub Shop {
        source users: exp(5ms) emits Request;
        node first: Api { cpu: exp(3) };
        node second: Api { cpu: lognormal(5/s, cv 0.8) };
        node server: Server<Query, Rows> { concurrency: 2, service: uniform(1..3) };
        node db: Database<Query, Rows> { connections: normal(3, 1), query: gamma(2.0, 5%) };
        users -> first -> server;
        source more: poisson(5/s) emits Request;
        more -> second -> db;
    }
}

#[entity]
pub struct Dice {
    eyes: Distribution<f64>,
    #[state]
    sum: f64,
}

#[entity]
impl Dice {
    async fn throw(&mut self, cx: &mut Cx<Self>, _request: Request) -> Outcome<()> {
        self.sum += self.eyes.sample(cx);
        Ok(())
    }
}

topology! {
    pub Fine {
        source users: poisson(5/s) emits Request;
        node first: Dice { eyes: uniform(1.0..6.0) };
        users -> first;
        source more: renewal(exp(3ms)) emits Query;
        node server: Server<Query, Rows> { concurrency: 2, service: normal(3ms, 1ms) };
        more -> server;
    }
}

fn main() {}
