//! A health checker: probes backends and tells a balancer.

use super::Mark;
use crate::prelude::*;

/// Asks each backend at intervals whether it is alive, and tells the balancer.
///
/// In a topology:
///
/// ```text
/// node checker: HealthChecker { interval: 2s, timeout: 1s };
/// checker.probes -> api.health[*];
/// checker.marks -> lb.mark;
/// ```
///
/// The lanes of `probes` are the backends in the balancer's order. `Probe` is what is asked
/// (its `Default` unless `message` makes another) and `Alive` the answer: whatever the handler
/// that is probed takes and returns, `()` where nothing is said. Probes are real calls, through
/// the same links and queues as everything else: a reply within `timeout` is a success, any
/// failure and a longer silence is none.
///
/// A backend starts healthy. After `unhealthy_threshold` failed probes in a row it is marked
/// unhealthy, after `healthy_threshold` successes in a row healthy again, at the instant at which
/// the result of the deciding probe is known. Probing is background work: it alone keeps no
/// simulation going.
#[entity]
pub struct HealthChecker<Probe: Message + Default = (), Alive: Message = ()> {
    /// The time from one probe of a backend to the next, above 0. Where it jumps or is changed, it
    /// counts from the last probe, and one that is overdue goes out at that instant. Default: 10 s.
    #[param(default = seconds(10), range = 1e-9..)]
    interval: Varying<Duration>,
    /// How long a probe waits for its answer. Default: 1 s.
    #[param(default = seconds(1))]
    timeout: Varying<Duration>,
    /// How many successes in a row make a backend healthy; at least 1. Default: 2.
    #[param(default = 2, range = 1..)]
    healthy_threshold: Varying<u32>,
    /// How many failures in a row make a backend unhealthy; at least 1. Default: 3.
    #[param(default = 3, range = 1..)]
    unhealthy_threshold: Varying<u32>,
    /// Whether the first probe goes out at the start, not after one interval. Looked at then, and
    /// never again. Default: no.
    #[param(default = false)]
    at_once: bool,
    /// Whether the probes of the backends are spread evenly over the interval: the second of
    /// four is probed a quarter of an interval after the first. Looked at when the simulation
    /// starts, and never again. Default: all at the same time.
    #[param(default = false)]
    spread: bool,
    /// Makes the probe. Default: `Probe::default()`.
    #[param(default = Probe::default)]
    message: fn() -> Probe,
    #[state(Watch::new(interval.clone()))]
    interval_changes: Watch<Varying<Duration>>,
    /// What the checker knows of each backend.
    #[state]
    pub records: Vec<HealthRecord>,
    #[state]
    succeeded: Counter,
    #[state]
    failed: Counter,
    /// Changes between healthy and unhealthy.
    #[state]
    changes: Counter,
    #[port]
    probes: Call<Probe, Alive>,
    #[port]
    marks: Send<Mark>,
}

/// What a [`HealthChecker`] knows of a backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HealthRecord {
    /// Whether it is marked unhealthy.
    pub is_down: bool,
    /// Results in a row that contradict that.
    pub contradictions: u32,
}

#[entity]
impl<Probe: Message + Default, Alive: Message> HealthChecker<Probe, Alive> {
    #[background]
    async fn start(&mut self, cx: &mut Cx<Self>) {
        let backends = self.probes.lanes(cx);
        self.records.resize(backends, HealthRecord::default());
        for backend in 0..backends {
            let share = backend as f64 / backends as f64;
            let wait = if self.spread {
                self.interval.at(cx.now()).mul_f64(share)
            } else {
                Duration::ZERO
            };
            cx.spawn(self.watch(cx, backend, wait));
        }
    }

    /// Probes a backend for ever.
    async fn watch(&mut self, cx: &mut Cx<Self>, backend: usize, wait: Duration) {
        if self.at_once {
            cx.sleep(wait).await;
            cx.spawn(self.probe(cx, backend));
        } else if wait > Duration::ZERO {
            cx.sleep(wait).await;
        }
        let mut last: Instant = cx.now();
        loop {
            let due: Instant = last.saturating_add(self.interval.at(cx.now()));
            self.interval_changes.changed_until(due).await;
            if cx.now() >= due {
                last = cx.now();
                cx.spawn(self.probe(cx, backend));
            }
        }
    }

    /// One probe.
    async fn probe(&mut self, cx: &mut Cx<Self>, backend: usize) {
        let timeout = self.timeout.at(cx.now());
        let message = (self.message)();
        let answer = self.probes.lane(backend).call(message).timeout(timeout).await;
        self.record(cx, backend, answer.is_ok());
    }

    fn record(&mut self, cx: &mut Cx<Self>, backend: usize, is_alive: bool) {
        if is_alive {
            self.succeeded += 1;
        } else {
            self.failed += 1;
        }
        let record = &mut self.records[backend];
        if is_alive != record.is_down {
            record.contradictions = 0;
            return;
        }
        record.contradictions += 1;
        let threshold = if is_alive { &self.healthy_threshold } else { &self.unhealthy_threshold };
        if record.contradictions < threshold.at(cx.now()) {
            return;
        }
        *record = HealthRecord { is_down: !is_alive, contradictions: 0 };
        self.changes += 1;
        let mark = if is_alive { Mark::Healthy(backend) } else { Mark::Unhealthy(backend) };
        for balancer in 0..self.marks.lanes(cx) {
            self.marks.send_to(cx, balancer, mark);
        }
    }
}
