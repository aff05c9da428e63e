//! A load balancer.

use super::{Backends, Completion, Mark, Pool, RoundRobin, Strategy, Weights};
use crate::model::entity::Unwired;
use crate::prelude::*;

/// Passes each request on to one of its backends, and the reply back.
///
/// `S` says how it chooses: [`RoundRobin`] (the default), [`Random`],
/// [`PowerOfTwoChoices`](super::PowerOfTwoChoices),
/// [`LeastConnections`](super::LeastConnections),
/// [`WeightedRoundRobin`](super::WeightedRoundRobin),
/// [`WeightedLeastConnections`](super::WeightedLeastConnections),
/// [`LeastResponseTime`](super::LeastResponseTime), [`IpHash`](super::IpHash),
/// [`ConsistentHash`](super::ConsistentHash), or your own [`Strategy`]. It knows of its backends
/// what it saw itself: its own requests in flight, their latencies and outcomes.
///
/// In a topology: `node lb: LoadBalancer<PowerOfTwoChoices>;` and `users -> lb -> api[*];`. A
/// [`HealthChecker`](super::HealthChecker), or anything else that sends a [`Mark`] to `lb.mark`,
/// takes backends out and in again.
///
/// A request that finds no backend available fails as `unavailable`, or waits for one where
/// `hold` allows it: in the order of arrival, at most `hold_time`, else it fails as
/// `waited too long`; with `hold` requests waiting the next fails as `queue full`.
///
/// A backend whose answer is lost on the way counts as having that request in flight until
/// `timeout`, or until the balancer's caller gives up.
#[entity(relay)]
pub struct LoadBalancer<
    S: Strategy = RoundRobin,
    Request: Message = Unwired,
    Reply: Message = Unwired,
> {
    /// How it chooses, where the settings of `S` differ from their defaults.
    #[param(default = S::default())]
    strategy: S,
    /// The backends' weights, by number, for strategies that look at them. Default: 1 each.
    #[param(default = Weights::default(), range = 0..)]
    weights: Weights,
    /// What the hashing strategies call a request's key: `key: |request| request.user`.
    /// Default: the same for all.
    #[param(default = |_| 0)]
    key: fn(&Request) -> u64,
    /// How many backends are in use, counted from the first: as a profile, the backends that are
    /// added and removed over time. Requests that wait for a backend go to one that a profile or a
    /// change adds at that instant; those under way at one that is removed go on. Default: all.
    #[param(default = None)]
    active: Option<Varying<usize>>,
    /// How long it waits for a backend's reply; then the request fails as `timed out`. Default:
    /// for ever.
    #[param(default = None)]
    timeout: Option<Varying<Duration>>,
    /// Whether a timed-out request is called off at the backend. Default: abandoned.
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    /// How many requests may wait while no backend is available. Default: 0.
    #[param(default = 0)]
    hold: Varying<usize>,
    /// How long a request may wait for a backend to be available. Default: 30 s.
    #[param(default = seconds(30))]
    hold_time: Varying<Duration>,
    #[state(Watch::new(active.clone()))]
    active_changes: Watch<Option<Varying<usize>>>,
    #[state]
    random: Random,
    /// Which backends may get requests.
    #[state]
    pub pool: Pool,
    /// How many requests went to each backend.
    #[state]
    pub sent_to: Vec<u64>,
    /// Requests that found no backend available.
    #[state]
    unavailable: Counter,
    /// Marks that changed something.
    #[state]
    changes: Counter,
    #[state(Mutex::new().inner())]
    gate: Mutex,
    #[state]
    opened: Condition,
    #[port]
    backends: Call<Request, Reply>,
}

#[entity]
impl<S: Strategy, Request: Message, Reply: Message> LoadBalancer<S, Request, Reply> {
    /// One request, there and back.
    #[handler(main)]
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let key: u64 = (self.key)(&request);
        let chosen: Option<usize> = self.choose(cx, key);
        let backend: usize = match chosen {
            Some(backend) => backend,
            None => self.wait_for_backend(cx, key).await?,
        };
        let sent: Instant = cx.now();
        self.sent_to[backend] += 1;
        let timeout = self.timeout.as_ref().map(|timeout| timeout.at(sent));
        let giving_up = self.giving_up;
        let outcome = self
            .backends
            .lane(backend)
            .call(request)
            .timeout_if(timeout)
            .giving_up(giving_up)
            .await;
        let (now, failure) = (cx.now(), outcome.as_ref().err().copied());
        self.strategy.complete(&Completion { backend, latency: now.since(sent), failure, now });
        outcome
    }

    /// A backend is marked healthy or not, drained or admitted.
    async fn mark(&mut self, cx: &mut Cx<Self>, mark: Mark) -> Outcome<()> {
        self.look(cx);
        if self.pool.mark(mark) {
            self.changes += 1;
            self.tell_waiting(cx);
        }
        Ok(())
    }

    /// Counts the backends, and wakes those who wait when some are brought into use.
    #[background]
    async fn follow_active(&mut self, cx: &mut Cx<Self>) {
        loop {
            self.look(cx);
            self.tell_waiting(cx);
            self.active_changes.changed().await;
        }
    }

    /// Waits until a backend is available.
    async fn wait_for_backend(&mut self, cx: &mut Cx<Self>, key: u64) -> Outcome<usize> {
        self.unavailable += 1;
        let room = self.hold.at(cx.now());
        if room == 0 {
            return Err(Failure::Unavailable);
        }
        if self.opened.waiters(cx) >= room {
            return Err(Failure::Rejected(Rejection::QueueFull));
        }
        let deadline: Instant = cx.now().saturating_add(self.hold_time.at(cx.now()));
        loop {
            let gate: Permit = self.gate.lock().await;
            let left = deadline.saturating_since(cx.now());
            let (_gate, in_time) = self.opened.wait(gate).timeout(left).await;
            if let Some(backend) = self.choose(cx, key) {
                return Ok(backend);
            }
            if !in_time {
                return Err(Failure::Rejected(Rejection::WaitedTooLong));
            }
        }
    }

    /// The backend for a request with this key.
    fn choose(&mut self, cx: &mut Cx<Self>, key: u64) -> Option<usize> {
        self.look(cx);
        let (now, available) = (cx.now(), self.pool.available());
        if available.is_empty() {
            return None;
        }
        let in_flight = self.backends.in_flight(cx);
        let backends = Backends { available, in_flight, weights: &self.weights, key, now };
        Some(self.strategy.choose(&backends, &mut self.random))
    }

    /// Takes in how many backends there are at this moment.
    fn look(&mut self, cx: &mut Cx<Self>) {
        let lanes = self.backends.lanes(cx);
        let in_use = self.active.as_ref().map_or(lanes, |count| count.at(cx.now()));
        if self.pool.resize(lanes, in_use) {
            self.sent_to.resize(lanes, 0);
        }
    }

    fn tell_waiting(&mut self, cx: &mut Cx<Self>) {
        if !self.pool.available().is_empty() {
            self.opened.notify_all(cx);
        }
    }
}
