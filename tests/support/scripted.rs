//! Callers and callees that write down what happens to them.

use happysim::prelude::*;

use crate::oracle::scaled;

/// A request with a number.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Which one it is.
    pub number: u64,
}

/// How a request ended for its caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Done {
    /// Which request.
    pub number: u64,
    /// When it was sent, in seconds.
    pub sent: f64,
    /// When its outcome came, in seconds.
    pub ended: f64,
    /// Its outcome.
    pub outcome: Outcome<()>,
}

/// Calls on behalf of each arrival, and remembers the outcomes in the order in which they came.
#[entity]
pub struct Caller {
    /// The outcomes so far.
    #[state]
    pub done: Vec<Done>,
    #[port]
    next: Call<Job, ()>,
}

#[entity]
impl Caller {
    async fn handle(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        let sent: Instant = cx.now();
        let number: u64 = job.number;
        let outcome = self.next.call(job).await;
        let (sent, ended) = (sent.as_secs_f64(), cx.now().as_secs_f64());
        self.done.push(Done { number, sent, ended, outcome });
        outcome
    }
}

/// What happens to one call: it takes so long and ends so.
pub type Fate = (Duration, Outcome<()>);

/// Treats each call as its plan says, given the number of the request, how many calls came
/// before, and the instant; any number at once. Remembers who came when.
#[entity]
pub struct Backend {
    /// How long a call takes and how it ends.
    plan: fn(u64, u64, Instant) -> Fate,
    /// The calls that came: number of the request, and second.
    #[state]
    pub came: Vec<(u64, f64)>,
    /// The calls that ended: number of the request, and second.
    #[state]
    pub finished: Vec<(u64, f64)>,
}

#[entity]
impl Backend {
    async fn handle(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        let (time, outcome) = (self.plan)(job.number, self.came.len() as u64, cx.now());
        let outcome: Outcome<()> = outcome;
        self.came.push((job.number, cx.now().as_secs_f64()));
        cx.sleep(time).await;
        self.finished.push((job.number, cx.now().as_secs_f64()));
        outcome
    }
}

impl Backend {
    /// When calls came.
    pub fn times(&self) -> Vec<f64> {
        self.came.iter().map(|(_, at)| *at).collect()
    }
}

/// Takes a random time and fails with some probability; any number of calls at once.
#[entity]
pub struct Flaky {
    /// How long a call takes.
    time: Distribution,
    /// Whether it fails.
    failure: Chance,
    /// The calls that came: number of the request, and second.
    #[state]
    pub came: Vec<(u64, f64)>,
}

#[entity]
impl Flaky {
    async fn handle(&mut self, cx: &mut Cx<Self>, job: Job) -> Outcome<()> {
        self.came.push((job.number, cx.now().as_secs_f64()));
        cx.sleep(self.time.sample(cx)).await;
        if self.failure.hits(cx) { Err(Failure::Crashed) } else { Ok(()) }
    }
}

/// Arrivals at these seconds.
///
/// # Panics
/// When they are not in order.
pub fn at(seconds: &[f64]) -> Arrivals {
    let instants = seconds.iter().map(|second| Instant::from_secs_f64(*second));
    Arrivals::replay(instants).expect("the times are in order")
}

/// A failed call after `time`.
pub fn fails_after(time: Duration) -> Fate {
    (time, Err(Failure::Crashed))
}

/// An answered call after `time`.
pub fn answers_after(time: Duration) -> Fate {
    (time, Ok(()))
}

/// How many of `full` cases a statistical test takes, and by how much its tolerance grows.
pub fn effort(full: u64) -> (u64, f64) {
    scaled(full, (full / 10).max(20_000).min(full))
}

/// Checks that `found` is within a fraction of `expected`.
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn assert_within(what: &str, found: f64, expected: f64, fraction: f64) {
    let off = (found - expected).abs() / expected.abs();
    assert!(off <= fraction, "{what}: {found}, not {expected} within {:.1} %", fraction * 100.0);
}

/// Checks that all times are as expected, to the microsecond.
///
/// # Panics
/// When they are not.
#[track_caller]
pub fn assert_times(found: &[f64], expected: &[f64]) {
    let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-6;
    let equal = found.len() == expected.len() && found.iter().zip(expected).all(close);
    assert!(equal, "{found:?}, not {expected:?}");
}
