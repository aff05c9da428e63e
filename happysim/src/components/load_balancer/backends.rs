//! The backends as a balancer sees them, and what a strategy is.

use core::fmt::Debug;

use super::Weights;
use crate::engine::random::Random;
use crate::model::checked::Checked;
use crate::model::known::absent::Something;
use crate::model::outcome::Failure;
use crate::model::parameter::InvalidValue;
use crate::time::{Duration, Instant};

/// What a balancer is told about a backend, by its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its probes succeed.
    Healthy(usize),
    /// Its probes fail: no new requests until it is healthy again.
    Unhealthy(usize),
    /// It is taken out: no new requests; those in flight end as they would.
    Drain(usize),
    /// It is taken in (again).
    Admit(usize),
}

/// Which backends may get requests: those in use, healthy, and not drained.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    in_use: usize,
    healthy: Vec<bool>,
    admitted: Vec<bool>,
    available: Vec<usize>,
}

impl Pool {
    /// How many backends there are, and how many of them are in use; whether that is something new.
    #[inline]
    pub(super) fn resize(&mut self, lanes: usize, in_use: usize) -> bool {
        let is_new = self.healthy.len() != lanes || self.in_use != in_use;
        if is_new {
            self.resize_all(lanes, in_use);
        }
        is_new
    }

    fn resize_all(&mut self, lanes: usize, in_use: usize) {
        self.healthy.resize(lanes, true);
        self.admitted.resize(lanes, true);
        self.in_use = in_use;
        self.refresh();
    }

    /// Notes a mark; whether it makes a difference.
    ///
    /// # Panics
    /// When there is no such backend.
    pub(super) fn mark(&mut self, mark: Mark) -> bool {
        let (list, backend, value) = match mark {
            Mark::Healthy(backend) => (&mut self.healthy, backend, true),
            Mark::Unhealthy(backend) => (&mut self.healthy, backend, false),
            Mark::Drain(backend) => (&mut self.admitted, backend, false),
            Mark::Admit(backend) => (&mut self.admitted, backend, true),
        };
        assert!(backend < list.len(), "{mark:?}: the balancer has {} backends", list.len());
        let changes = list[backend] != value;
        list[backend] = value;
        self.refresh();
        changes
    }

    fn refresh(&mut self) {
        let in_use = 0..self.healthy.len().min(self.in_use);
        let (healthy, admitted) = (&self.healthy, &self.admitted);
        self.available.clear();
        self.available.extend(in_use.filter(|&backend| healthy[backend] && admitted[backend]));
    }

    /// The backends that may get requests, in ascending order.
    pub fn available(&self) -> &[usize] {
        &self.available
    }

    /// Whether the last probes of a backend allow it requests.
    pub fn is_healthy(&self, backend: usize) -> bool {
        self.healthy.get(backend).copied().unwrap_or(true)
    }
}

/// What a strategy can look at when it chooses: the balancer's own view, not the backends'
/// secrets.
#[derive(Clone, Copy, Debug)]
pub struct Backends<'a> {
    pub(super) available: &'a [usize],
    pub(super) in_flight: &'a [u32],
    pub(super) weights: &'a Weights,
    pub(super) key: u64,
    pub(super) now: Instant,
}

impl Backends<'_> {
    /// The backends to choose from, by lane, in ascending order; never empty.
    #[inline]
    pub fn available(&self) -> &[usize] {
        self.available
    }

    /// Whether a backend is one to choose from.
    pub fn is_available(&self, backend: usize) -> bool {
        self.available.len() == self.in_flight.len()
            || self.available.binary_search(&backend).is_ok()
    }

    /// How many backends the balancer is wired to, available or not.
    #[inline]
    pub fn total(&self) -> usize {
        self.in_flight.len()
    }

    /// How many requests this balancer has sent to the backend that are still unanswered.
    #[inline]
    pub fn in_flight(&self, backend: usize) -> u32 {
        self.in_flight[backend]
    }

    /// The weight of a backend at this moment.
    #[inline]
    pub fn weight(&self, backend: usize) -> f64 {
        self.weights.at(backend, self.now)
    }

    /// The key of the request: what the balancer's parameter `key` makes of it.
    #[inline]
    pub fn key(&self) -> u64 {
        self.key
    }

    /// The current instant.
    #[inline]
    pub fn now(&self) -> Instant {
        self.now
    }
}

/// The end of a request, as the balancer saw it.
#[derive(Clone, Copy, Debug)]
pub struct Completion {
    /// Who was to serve it.
    pub backend: usize,
    /// How long it took.
    pub latency: Duration,
    /// Why there is no reply; `None`: there is one.
    pub failure: Option<Failure>,
    /// The current instant.
    pub now: Instant,
}

/// How a balancer chooses: a type, so that the choice costs no indirection.
///
/// Its default value is what `LoadBalancer<Strategy>` starts with; one with other settings is
/// given as the parameter `strategy`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no strategy of a load balancer",
    label = "a strategy is expected in place of `{Self}`"
)]
pub trait Strategy: Clone + Debug + Default + 'static {
    /// The backend for a request, one of [`Backends::available`]. `random` is the balancer's own
    /// stream.
    fn choose(&mut self, backends: &Backends<'_>, random: &mut Random) -> usize;

    /// Whether its settings are valid, asked when the topology is built. Default: they are.
    ///
    /// # Errors
    /// A setting that is not, and what is allowed.
    fn check(&self) -> Result<(), InvalidValue> {
        Ok(())
    }

    /// A request has ended. Default: that is of no interest.
    fn complete(&mut self, completion: &Completion) {
        let _ = completion;
    }
}

#[diagnostic::do_not_recommend]
impl<S: Strategy> Checked for S {
    fn check(&self) -> Result<(), InvalidValue> {
        Strategy::check(self)
    }
}

#[diagnostic::do_not_recommend]
impl Strategy for Something {
    fn choose(&mut self, _backends: &Backends<'_>, _random: &mut Random) -> usize {
        unreachable!("what stands for a parameter while a topology is compiled chooses nothing")
    }
}
