//! Servers in a row, with feedback, and with customers who lose patience.

use happysim::prelude::*;
use suite::oracle::Experiment;

use crate::station::{Job, Presence, mean};

/// A customer who is served twice: the integral of N1 N2 over time shows whether the two
/// numbers depend on each other.
#[entity]
pub(crate) struct Route {
    skip: u64,
    #[state]
    pub(crate) first_stage: Presence,
    #[state]
    pub(crate) second_stage: Presence,
    #[state]
    pub(crate) first_times: Vec<f64>,
    #[state]
    pub(crate) second_times: Vec<f64>,
    #[state]
    pub(crate) product: f64,
    #[state]
    since: Instant,
    #[port]
    first: Call<Job, ()>,
    #[port]
    second: Call<Job, ()>,
}

#[entity]
impl Route {
    async fn travel(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        let arrived: Instant = cx.now();
        if job.number == self.skip {
            self.first_stage.start(arrived);
            self.second_stage.start(arrived);
            self.product = 0.0;
        }
        let is_counted: bool = job.number >= self.skip;
        self.note(arrived);
        self.first_stage.enter(arrived);
        self.first.call(job.clone()).await?;
        let between: Instant = cx.now();
        self.note(between);
        self.first_stage.leave(between);
        self.second_stage.enter(between);
        self.second.call(job).await?;
        let now = cx.now();
        self.note(now);
        self.second_stage.leave(now);
        if is_counted {
            self.first_times.push(between.since(arrived).as_secs_f64());
            self.second_times.push(now.since(between).as_secs_f64());
        }
        Ok(())
    }

    /// The numbers change now.
    fn note(&mut self, now: Instant) {
        let levels = self.first_stage.level() * self.second_stage.level();
        self.product += levels as f64 * now.since(self.since).as_secs_f64();
        self.since = now;
    }
}

topology! {
    /// Two servers in a row.
    pub(crate) Tandem {
        param arrivals: Arrivals = poisson(6/s);
        param skip: u64 = 0;

        source customers: arrivals emits Job = |arrival| Job::new(arrival);
        node route: Route { skip: skip };
        node first: Server<Job> { service: exp(100ms) };
        node second: Server<Job> { service: exp(125ms) };

        customers -> route;
        route.first -> first;
        route.second -> second;
    }
}

// Q-TANDEM: Jackson (1957), Burke (1956), Reich (1957).
#[test]
fn two_servers_in_a_row_are_independent() {
    let experiment = Experiment::new(1_600_000, 300_000);
    let arrivals = Arrivals::poisson(Rate::per_second(6.0)).limit(experiment.total());
    let params = TandemParams { arrivals, skip: experiment.warm_up() };
    let mut simulation = Tandem::new(params).seed(3).build().unwrap();
    simulation.run().unwrap();
    let route = &simulation.route.replicas[0];
    let (first, second) = (mean(&route.first_times), mean(&route.second_times));
    let (n1, n2) = (&route.first_stage, &route.second_stage);
    experiment
        .within(0.02, 1_600_000)
        .relative("W", first + second, 0.75)
        .relative("W1", first, 0.25)
        .relative("W2", second, 0.5)
        .relative("L1", n1.mean(), 1.5)
        .relative("L2", n2.mean(), 3.0);
    let covariance = route.product / (n1.observed() / 1e9) - n1.mean() * n2.mean();
    let correlation = covariance / (n1.variance() * n2.variance()).sqrt();
    experiment.within(0.03, 1_600_000).absolute("correlation", correlation, 0.0);
}

/// Sends a customer back to the queue with a probability.
#[entity]
pub(crate) struct Loop {
    again: Chance,
    skip: u64,
    #[state]
    pub(crate) present: Presence,
    #[state]
    pub(crate) times: Vec<f64>,
    #[state]
    pub(crate) visits: u64,
    #[port]
    server: Call<Job, ()>,
}

#[entity]
impl Loop {
    async fn travel(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        let arrived: Instant = cx.now();
        if job.number == self.skip {
            self.present.start(arrived);
        }
        let is_counted: bool = job.number >= self.skip;
        self.present.enter(arrived);
        loop {
            self.server.call(job.clone()).await?;
            self.visits += u64::from(is_counted);
            if !self.again.hits(cx) {
                break;
            }
        }
        let now = cx.now();
        self.present.leave(now);
        if is_counted {
            self.times.push(now.since(arrived).as_secs_f64());
        }
        Ok(())
    }
}

topology! {
    /// A server with feedback.
    pub(crate) Feedback {
        param arrivals: Arrivals = poisson(4/s);
        param skip: u64 = 0;

        source customers: arrivals emits Job = |arrival| Job::new(arrival);
        node route: Loop { again: Chance::new(40%), skip: skip };
        node server: Server<Job> { service: exp(100ms) };

        customers -> route -> server;
    }
}

// Q-FEEDBACK: Jackson (1957).
#[test]
fn feedback() {
    let experiment = Experiment::new(3_100_000, 300_000);
    let arrivals = Arrivals::poisson(Rate::per_second(4.0)).limit(experiment.total());
    let params = FeedbackParams { arrivals, skip: experiment.warm_up() };
    let mut simulation = Feedback::new(params).seed(3).build().unwrap();
    simulation.run().unwrap();
    let route = &simulation.route.replicas[0];
    let report = simulation.report();
    let utilisation = report.node("server").resource("slots").utilisation.unwrap();
    experiment
        .within(0.02, 3_100_000)
        .relative("L", route.present.mean(), 2.0)
        .relative("W", mean(&route.times), 0.5)
        .relative("utilisation", utilisation, 0.666_666_666_7)
        .relative("visits", route.visits as f64 / route.times.len() as f64, 1.666_666_667);
}

/// Agents whose waiting callers hang up, each after a time of its own.
#[entity]
pub(crate) struct CallCentre {
    agents: Resource,
    talk: Distribution,
    patience: Distribution,
    #[state]
    pub(crate) waited: u64,
}

#[entity]
impl CallCentre {
    async fn answer(&mut self, cx: &mut Cx<Self>, _request: Job) -> Outcome<()> {
        let patience = self.patience.sample(cx);
        self.waited += u64::from(self.agents.in_use(cx) == self.agents.capacity(cx));
        let _agent: Permit = self.agents.enter(Claim::of(1).patience(Some(patience))).await?;
        cx.sleep(self.talk.sample(cx)).await;
        Ok(())
    }
}

topology! {
    /// Erlang-A.
    pub(crate) Impatient {
        param arrivals: Arrivals = poisson(6/s);

        source callers: arrivals emits Job = |arrival| Job::new(arrival);
        node centre: CallCentre { agents: 5, talk: exp(1s), patience: exp(2s) };

        callers -> centre;
    }
}

topology! {
    /// Erlang-A by the library's server.
    ImpatientServer {
        param arrivals: Arrivals = poisson(6/s);

        source callers: arrivals emits Job = |arrival| Job::new(arrival);
        node centre: Server<Job> { concurrency: 5, service: exp(1s), max_wait: exp(2s) };

        callers -> centre;
    }
}

// Q-ERLANGA, as below.
#[test]
fn impatience_is_a_distribution() {
    let experiment = Experiment::new(790_000, 200_000);
    let arrivals = Arrivals::poisson(Rate::per_second(6.0)).limit(experiment.total());
    let params = ImpatientServerParams { arrivals };
    let mut simulation = ImpatientServer::new(params).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    let centre = report.node("centre");
    let (calls, slots) = (centre.requests(), centre.resource("slots"));
    experiment
        .within(0.02, 790_000)
        .relative("abandoned", calls.failed as f64 / calls.arrived as f64, 0.226_386_61)
        .relative("Lq", slots.queue_mean, 2.716_639_32);
    assert_eq!(calls.failed, calls.failed_for("waited too long"));
}

// Q-ERLANGA: Palm (1957); Garnett, Mandelbaum, Reiman (2002).
#[test]
fn impatient_customers() {
    let experiment = Experiment::new(790_000, 200_000);
    let arrivals = Arrivals::poisson(Rate::per_second(6.0)).limit(experiment.total());
    let mut simulation = Impatient::new(ImpatientParams { arrivals }).build().unwrap();
    simulation.run().unwrap();
    let report = simulation.report();
    let centre = report.node("centre");
    let (calls, agents) = (centre.requests(), centre.resource("agents"));
    let arrived = calls.arrived as f64;
    let waited = simulation.centre.replicas[0].waited as f64;
    experiment
        .within(0.02, 790_000)
        .relative("abandoned", calls.failed as f64 / arrived, 0.226_386_61)
        .relative("Lq", agents.queue_mean, 2.716_639_32)
        .relative("P(wait)", waited / arrived, 0.802_838_464_6);
    assert_eq!(calls.failed, calls.failed_for("waited too long"));
}
