//! One server that is watched: what happened to every customer, and how many were there.

use happysim::prelude::*;
use happysim::stats::Summary;

/// A customer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Job {
    /// Its number, from 0.
    pub(crate) number: u64,
    /// How long the work for it takes.
    pub(crate) work: Duration,
    /// Its priority.
    pub(crate) priority: i64,
    /// How many slots it takes.
    pub(crate) weight: u64,
}

impl Job {
    /// The job of an arrival.
    pub(crate) fn new(arrival: &Arrival<'_>) -> Self {
        Self { number: arrival.number, weight: 1, ..Self::default() }
    }
}

/// How long the work for a job takes.
pub(crate) fn work(job: &Job, _: &mut Random) -> Duration {
    job.work
}

/// The class of a job.
pub(crate) fn class(job: &Job) -> Class {
    Class { priority: job.priority, ..Class::default() }
}

/// The slots that a job takes.
pub(crate) fn weight(job: &Job) -> u64 {
    job.weight
}

/// How many are present over time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Presence {
    /// Nanoseconds at each level.
    times: Vec<u64>,
    level: usize,
    since: Instant,
    /// How often the level rose from 0.
    pub(crate) busy_periods: u64,
}

impl Presence {
    fn note(&mut self, now: Instant) {
        if self.times.len() <= self.level {
            self.times.resize(self.level + 1, 0);
        }
        self.times[self.level] += now.since(self.since).as_nanos();
        self.since = now;
    }

    /// Starts to observe.
    pub(crate) fn start(&mut self, now: Instant) {
        (self.times, self.since, self.busy_periods) = (Vec::new(), now, 0);
    }

    /// One more.
    pub(crate) fn enter(&mut self, now: Instant) {
        self.note(now);
        self.busy_periods += u64::from(self.level == 0);
        self.level += 1;
    }

    /// One less.
    pub(crate) fn leave(&mut self, now: Instant) {
        self.note(now);
        self.level -= 1;
    }

    /// How many are there.
    pub(crate) fn level(&self) -> usize {
        self.level
    }

    /// The observed time in nanoseconds.
    pub(crate) fn observed(&self) -> f64 {
        self.times.iter().sum::<u64>() as f64
    }

    fn moment(&self, power: i32) -> f64 {
        let levels = self.times.iter().enumerate();
        let sum: f64 = levels.map(|(level, &time)| (level as f64).powi(power) * time as f64).sum();
        sum / self.observed()
    }

    /// The mean over time.
    pub(crate) fn mean(&self) -> f64 {
        self.moment(1)
    }

    /// The variance over time.
    pub(crate) fn variance(&self) -> f64 {
        self.moment(2) - self.mean().powi(2)
    }

    /// The fraction of the time with at most `level`.
    pub(crate) fn at_most(&self, level: usize) -> f64 {
        self.times.iter().take(level + 1).sum::<u64>() as f64 / self.observed()
    }
}

/// Where customers come in and draw their service time, and where they leave.
#[entity]
pub(crate) struct Door {
    /// Service times.
    service: Distribution,
    /// Customers that are not counted.
    #[param(default = 0)]
    skip: u64,
    /// The priority of all customers.
    #[param(default = |_: &Job| 0)]
    priority: fn(&Job) -> i64,
    /// How many are present.
    #[state]
    pub(crate) present: Presence,
    /// Sojourn times of those who were served.
    #[state]
    pub(crate) sojourns: Vec<f64>,
    /// Waiting times of those who were served.
    #[state]
    pub(crate) waits: Vec<f64>,
    /// Times from one end of service to the next.
    #[state]
    pub(crate) gaps: Vec<f64>,
    #[state]
    last: Option<Instant>,
    /// Customers counted.
    #[state]
    pub(crate) arrived: u64,
    /// Customers who were refused.
    #[state]
    pub(crate) refused: u64,
    #[port]
    server: Call<Job, ()>,
}

#[entity]
impl Door {
    async fn pass(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        let since: Instant = cx.now();
        let is_counted: bool = job.number >= self.skip;
        if job.number == self.skip {
            self.present.start(since);
        }
        let work: Duration = self.service.sample(cx);
        self.present.enter(since);
        self.arrived += u64::from(is_counted);
        let outcome = self.server.call(Job { work, ..job }).await;
        let now = cx.now();
        self.present.leave(now);
        if outcome.is_err() {
            self.refused += u64::from(is_counted);
        } else if is_counted {
            self.sojourns.push(now.since(since).as_secs_f64());
            self.waits.push((now.since(since) - work).as_secs_f64());
            if let Some(last) = self.last.replace(now) {
                self.gaps.push(now.since(last).as_secs_f64());
            }
        }
        outcome
    }
}

topology! {
    /// Customers and one server.
    pub(crate) Station {
        param arrivals: Arrivals = poisson(1/s);
        param service: Distribution = Distribution::constant(1s);
        param slots: usize = 1;
        param queue: Discipline = fifo();
        param room: Option<Varying<usize>> = None;
        param skip: u64 = 0;

        source customers: arrivals emits Job = |arrival| Job::new(arrival);
        node door: Door { service: service, skip: skip };
        node server: Server<Job> {
            concurrency: slots, service: by(work), queue: queue, queue_capacity: room
        };

        customers -> door -> server;
    }
}

/// Mean of a sample.
pub(crate) fn mean(sample: &[f64]) -> f64 {
    summary(sample).mean()
}

/// Mean and variance of a sample.
pub(crate) fn summary(sample: &[f64]) -> Summary {
    let mut summary = Summary::new();
    for &value in sample {
        summary.record(value);
    }
    summary
}

/// The fraction of a sample for which `is_in` holds.
pub(crate) fn fraction(sample: &[f64], is_in: impl Fn(f64) -> bool) -> f64 {
    sample.iter().filter(|&&value| is_in(value)).count() as f64 / sample.len() as f64
}

/// A percentile of a sample, by nearest rank.
pub(crate) fn percentile(sample: &[f64], p: f64) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (p / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted[rank.saturating_sub(1)]
}
