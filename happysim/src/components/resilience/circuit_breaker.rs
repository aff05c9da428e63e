//! A circuit breaker: spares a callee that fails, and tries it again after a while.

use super::failure_window::FailureWindow;
use super::probes::Probes;
use crate::components::client::scaled;
use crate::model::entity::Unwired;
use crate::model::metrics::{Observe, Observer};
use crate::prelude::*;
use crate::report::MetricValue;

/// The state of a [`CircuitBreaker`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CircuitState {
    /// Calls pass, and failures are counted.
    #[default]
    Closed,
    /// Calls are rejected.
    Open,
    /// A few calls pass as probes; their outcomes decide.
    HalfOpen,
}

impl Observe for CircuitState {
    fn observe(&self, name: &str, observer: &mut Observer) {
        let word = match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        };
        observer.publish(name, MetricValue::State(word.to_owned()));
    }
}

/// Passes calls on while they succeed; after too many failures it rejects them for a while, then
/// lets a few probes decide.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `failure_threshold` | consecutive failures that open it, 1 or more; a success begins the count anew | 5 |
/// | `failure_rate` | instead of that: the failure rate that opens it, with the first outcome, a success too, that makes it so high over enough calls | none |
/// | `window` | the time over which the rate is taken, longer than 0 | 10 s |
/// | `minimum_calls` | calls in the window below which the rate says nothing | 20 |
/// | `timeout` | how long it stays open, longer than 0 | 30 s |
/// | `timeout_growth` | factor on `timeout` with each return from half-open to open without being closed in between, 1 or more | 1 |
/// | `max_timeout` | the longest it stays open, longer than 0 | no limit |
/// | `probes` | calls of one half-open state that may be under way at once, 1 or more | 1 |
/// | `success_threshold` | successful probes that close it, 1 or more | 2 |
/// | `call_timeout` | how long a call may take | for ever |
/// | `giving_up` | what becomes of the work of a call that timed out: `abandon` it or `cancel` it | `abandon` |
/// | `is_failure` | which outcomes count as failures, a function | every `Err` |
///
/// All numbers may be profiles, read when they matter.
///
/// States: *closed* -> *open* at the threshold. *Open* -> *half-open* with the first call after
/// the timeout. *Half-open* -> *closed* after `success_threshold` successes, -> *open* at the
/// first failure. An outcome belongs to the state in which its call was made: if the state has
/// changed since, the outcome is only handed on. A probe holds its place until it is answered or
/// cancelled by its caller, at the longest for `call_timeout`, or for `timeout` where there is
/// none: a probe that is never answered does not keep the breaker half-open for ever. Places, too,
/// belong to one half-open state: the next has all its `probes`, whatever is still under way from
/// one before.
///
/// A lost message has no outcome: the breaker learns of it by `call_timeout`, by a timeout behind
/// it, or when its caller gives up. A reply that is merely slow counts as what it is, when it comes:
/// `call_timeout`, or a `timeout` behind the breaker, makes a failure of it.
///
/// Rejected calls end at once with [`Failure::CircuitOpen`]. Statistics: `state` at the end,
/// `opened`, `half_opened`, `closed` (transitions), `rejected` calls, outcomes that came after
/// their state had ended (`outdated`), and `time_open`, the mean over time of 1 while it is open
/// or half-open and 0 while it is closed.
///
/// Source: M. Nygard, *Release It!* (2007); the rolling window is that of Netflix's Hystrix.
#[entity(relay)]
pub struct CircuitBreaker<Request: Message = Unwired, Reply: Message = Unwired> {
    #[param(default = Varying::Constant(5), range = 1..)]
    failure_threshold: Varying<usize>,
    #[param(default = None)]
    failure_rate: Option<Varying<Probability>>,
    #[param(default = seconds(10), range = 1e-9..)]
    window: Varying<Duration>,
    #[param(default = Varying::Constant(20), range = 1..)]
    minimum_calls: Varying<usize>,
    #[param(default = seconds(30), range = 1e-9..)]
    timeout: Varying<Duration>,
    #[param(default = Varying::Constant(1.0), range = 1..)]
    timeout_growth: Varying<f64>,
    #[param(default = None, range = 1e-9..)]
    max_timeout: Option<Varying<Duration>>,
    #[param(default = Varying::Constant(1), range = 1..)]
    probes: Varying<usize>,
    #[param(default = Varying::Constant(2), range = 1..)]
    success_threshold: Varying<usize>,
    #[param(default = None)]
    call_timeout: Option<Varying<Duration>>,
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    #[param(default = Outcome::is_err)]
    is_failure: fn(&Outcome<Reply>) -> bool,
    #[state]
    state: CircuitState,
    /// Grows with every transition: tells the calls of one state from those of the next.
    #[state]
    era: u64,
    /// Consecutive failures while closed.
    #[state]
    failures: usize,
    #[state]
    recent: FailureWindow,
    /// Successes while half-open.
    #[state]
    successes: usize,
    /// When it may become half-open.
    #[state]
    opens_until: Instant,
    /// The factor on the timeout, grown with each return to open.
    #[state(1.0)]
    growth: f64,
    /// Those of the present half-open state.
    #[state]
    under_way: Probes,
    #[state]
    opened: Counter,
    #[state]
    half_opened: Counter,
    #[state]
    closed: Counter,
    #[state]
    rejected: Counter,
    #[state]
    outdated: Counter,
    #[state]
    time_open: Level,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> CircuitBreaker<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        if self.state == CircuitState::Open && cx.now() >= self.opens_until {
            self.become_half_open();
        }
        let place: Option<Permit> = match self.state {
            CircuitState::HalfOpen => self.under_way.admit(cx, self.probes.at(cx.now())),
            CircuitState::Closed | CircuitState::Open => None,
        };
        let era: u64 = self.era;
        let outcome: Outcome<Reply> = match (self.state, place) {
            (CircuitState::Closed, _) => {
                let patience = self.patience(cx.now());
                self.next.call(request).timeout_if(patience).giving_up(self.giving_up).await
            }
            (CircuitState::HalfOpen, Some(place)) => self.probe(cx, request, place).await,
            (CircuitState::HalfOpen, None) | (CircuitState::Open, _) => {
                self.rejected += 1;
                return Err(Failure::CircuitOpen);
            }
        };
        if era == self.era {
            let failed = (self.is_failure)(&outcome);
            self.learn(cx.now(), failed);
        } else {
            self.outdated += 1;
        }
        outcome
    }

    /// A call while half-open. Where no call timeout ends the wait for an answer that never
    /// comes, the open time ends its hold on its place.
    async fn probe(
        &mut self,
        cx: &mut Cx<Self>,
        request: Request,
        place: Permit,
    ) -> Outcome<Reply> {
        let patience = self.patience(cx.now());
        let hold: Duration = patience.unwrap_or_else(|| self.timeout.at(cx.now()));
        let mut calls: Vec<Handle<CircuitBreakerNext<Request, Reply>>> = Vec::new();
        calls
            .push(self.next.call(request).timeout_if(patience).giving_up(self.giving_up).start(cx));
        let answer: Option<(usize, Outcome<Reply>)> = first(&mut calls).timeout(hold).await;
        drop(place);
        if let Some((_, outcome)) = answer {
            return outcome;
        }
        match first(&mut calls).await {
            Some((_, outcome)) => outcome,
            None => unreachable!("the call is still open"),
        }
    }

    /// The state now, as far as calls have shown it: it becomes half-open with a call.
    pub fn state(&self) -> CircuitState {
        self.state
    }

    /// How long a call may take.
    fn patience(&self, now: Instant) -> Option<Duration> {
        self.call_timeout.as_ref().map(|timeout| timeout.at(now))
    }

    /// An outcome of a call that was made in the present state.
    fn learn(&mut self, now: Instant, failed: bool) {
        match self.state {
            CircuitState::Closed => {
                self.failures = if failed { self.failures + 1 } else { 0 };
                if self.is_too_much(now, failed) {
                    self.open(now);
                }
            }
            CircuitState::HalfOpen if failed => self.open(now),
            CircuitState::HalfOpen => {
                self.successes += 1;
                if self.successes >= self.success_threshold.at(now) {
                    self.close(now);
                }
            }
            CircuitState::Open => unreachable!("no call passes an open breaker"),
        }
    }

    /// Whether the failures so far open the breaker.
    fn is_too_much(&mut self, now: Instant, failed: bool) -> bool {
        let Some(limit) = &self.failure_rate else {
            // The threshold is 1 at least.
            return failed && self.failures >= self.failure_threshold.at(now);
        };
        self.recent.record(now, self.window.at(now), failed);
        let rate = self.recent.rate(self.minimum_calls.at(now) as u64);
        rate.is_some_and(|rate| rate > 0.0 && rate >= limit.at(now).get())
    }

    fn open(&mut self, now: Instant) {
        // The bound keeps the factor finite; the longest time there is was reached before.
        self.growth = match self.state {
            CircuitState::HalfOpen => (self.growth * self.timeout_growth.at(now)).min(1e100),
            CircuitState::Closed | CircuitState::Open => 1.0,
        };
        let grown = scaled(self.timeout.at(now), self.growth);
        let longest = self.max_timeout.as_ref().map_or(Duration::MAX, |longest| longest.at(now));
        let timeout = grown.min(longest);
        self.opens_until = now.saturating_add(timeout);
        self.opened += 1;
        self.time_open.set(&now, 1.0);
        self.enter(CircuitState::Open);
    }

    fn become_half_open(&mut self) {
        self.half_opened += 1;
        self.under_way.begin();
        self.enter(CircuitState::HalfOpen);
    }

    fn close(&mut self, now: Instant) {
        self.closed += 1;
        self.time_open.set(&now, 0.0);
        self.enter(CircuitState::Closed);
    }

    fn enter(&mut self, state: CircuitState) {
        self.state = state;
        self.era += 1;
        self.failures = 0;
        self.successes = 0;
        self.recent.clear();
    }
}
