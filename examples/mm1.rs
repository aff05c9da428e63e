//! M/M/1: Poisson arrivals, one server, exponential service; against theory.

use happysim::prelude::*;

// ANCHOR: topology
topology! {
    /// Customers and one server.
    pub Mm1 {
        /// How many customers come.
        param arrival_rate: Rate = 8/s;
        /// How long the server needs for one, on average.
        param service_time: Duration = 100ms;

        source customers: poisson(arrival_rate);
        node server: Server { service: exp(service_time) };

        customers -> server;
    }
}
// ANCHOR_END: topology

// ANCHOR: theory
/// What queueing theory says about M/M/1 (Kleinrock, *Queueing Systems*, volume 1, chapter 3).
/// Times are in seconds. The load must be below 1.
struct Theory {
    arrival_rate: f64,
    service_rate: f64,
}

impl Theory {
    fn of(params: &Mm1Params) -> Self {
        Self {
            arrival_rate: params.arrival_rate.get(),
            service_rate: 1.0 / params.service_time.as_secs_f64(),
        }
    }

    /// The fraction of time that the server is busy.
    fn load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// W: how long a customer is there, on average.
    fn sojourn(&self) -> f64 {
        1.0 / (self.service_rate - self.arrival_rate)
    }

    /// Wq: how much of that is waiting.
    fn wait(&self) -> f64 {
        self.load() * self.sojourn()
    }

    /// L: how many customers are there, on average: Little's law.
    fn customers(&self) -> f64 {
        self.arrival_rate * self.sojourn()
    }

    /// The time that `percent` of the customers do not exceed: the sojourn time is exponential.
    fn sojourn_percentile(&self, percent: f64) -> f64 {
        -(1.0 - percent / 100.0).ln() * self.sojourn()
    }
}
// ANCHOR_END: theory

// ANCHOR: main
fn main() -> Result<(), SimError> {
    let params = Mm1Params::default();
    let theory = Theory::of(&params);
    let report = Mm1::new(params).seed(1).warm_up(minutes(10)).run_for(hours(40))?;
    println!("{report}");
    compare(&theory, &report);
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: compare
fn compare(theory: &Theory, report: &Report) {
    let server = report.node("server");
    let requests = server.requests();
    let slots = server.resource("slots");
    let sojourn = requests.latency.expect("customers were served");

    println!("{:<22}{:>12}{:>12}{:>9}", "", "theory", "simulated", "error");
    row("busy", theory.load(), slots.utilisation.unwrap_or_default());
    row("L, customers", theory.customers(), requests.in_flight_mean);
    row("W, sojourn, s", theory.sojourn(), sojourn.mean.as_secs_f64());
    row("Wq, wait, s", theory.wait(), slots.wait_mean.as_secs_f64());
    for (percent, simulated) in [(50.0, sojourn.p50), (90.0, sojourn.p90), (99.0, sojourn.p99)] {
        let name = format!("p{percent} of the sojourn, s");
        row(&name, theory.sojourn_percentile(percent), simulated.as_secs_f64());
    }
}

fn row(name: &str, theory: f64, simulated: f64) {
    let error = 100.0 * (simulated / theory - 1.0);
    println!("{name:<22}{theory:>12.4}{simulated:>12.4}{error:>+8.2}%");
}
// ANCHOR_END: compare
