//! Numbers that a component publishes: fields that find their way into the report.

use core::ops::AddAssign;

use crate::report::{Metric, MetricValue};
use crate::stats::{LatencyHistogram, TimeWeighted};
use crate::time::{Clock, Duration, Instant};

/// Collects what the fields of an entity publish.
#[derive(Debug)]
pub struct Observer {
    now: Instant,
    metrics: Vec<Metric>,
}

impl Observer {
    /// Nothing published yet, at `now`.
    pub fn new(now: Instant) -> Self {
        Self { now, metrics: Vec::new() }
    }

    /// The current instant.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Publishes a number; `name` is the field's, underscores become blanks.
    pub fn publish(&mut self, name: &str, value: MetricValue) {
        self.metrics.push(Metric::new(&name.replace('_', " "), value));
    }

    /// What was published.
    pub fn into_metrics(self) -> Vec<Metric> {
        self.metrics
    }
}

/// A field type that publishes.
pub trait Observe {
    /// Publishes the field `name`.
    fn observe(&self, name: &str, observer: &mut Observer);
    /// Starts anew at `now`: the end of a warm-up. Default: nothing, for what is a state.
    fn reset(&mut self, now: Instant) {
        let _ = now;
    }
}

/// A count of something that happens in a component: `#[state] trips: Counter`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter(u64);

impl Counter {
    /// The count.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl AddAssign<u64> for Counter {
    fn add_assign(&mut self, more: u64) {
        self.0 += more;
    }
}

impl Observe for Counter {
    fn reset(&mut self, _now: Instant) {
        self.0 = 0;
    }
    fn observe(&self, name: &str, observer: &mut Observer) {
        observer.publish(name, MetricValue::Count(self.0));
    }
}

/// A number of bytes that a component has handled: `#[state] bytes: ByteCounter`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteCounter(u64);

impl ByteCounter {
    /// The count.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl AddAssign<u64> for ByteCounter {
    fn add_assign(&mut self, more: u64) {
        self.0 += more;
    }
}

impl Observe for ByteCounter {
    fn reset(&mut self, _now: Instant) {
        self.0 = 0;
    }
    fn observe(&self, name: &str, observer: &mut Observer) {
        observer.publish(name, MetricValue::Bytes(self.0));
    }
}

/// A level of a component over time, published as its mean: `#[state] depth: Level`.
#[derive(Clone, Debug, Default)]
pub struct Level(TimeWeighted);

impl Level {
    /// The level from now on.
    pub fn set(&mut self, clock: &impl Clock, level: f64) {
        self.0.set(clock.now(), level);
    }

    /// Raises or lowers it.
    pub fn add(&mut self, clock: &impl Clock, change: f64) {
        self.0.add(clock.now(), change);
    }

    /// Its history.
    pub fn history(&self) -> &TimeWeighted {
        &self.0
    }
}

impl Observe for Level {
    fn reset(&mut self, now: Instant) {
        self.0.reset(now);
    }
    fn observe(&self, name: &str, observer: &mut Observer) {
        observer.publish(name, MetricValue::Number(self.0.mean(observer.now)));
    }
}

/// The fraction of time that something was busy: `#[state] busy: BusyTime`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BusyTime {
    total: Duration,
    since: Instant,
}

impl BusyTime {
    /// It is busy for `duration` more.
    pub fn add(&mut self, duration: Duration) {
        self.total += duration;
    }

    /// How long it was busy.
    pub fn total(self) -> Duration {
        self.total
    }
}

impl Observe for BusyTime {
    fn reset(&mut self, now: Instant) {
        *self = Self { total: Duration::ZERO, since: now };
    }
    fn observe(&self, name: &str, observer: &mut Observer) {
        let elapsed = observer.now.saturating_since(self.since).as_secs_f64();
        if elapsed > 0.0 {
            let fraction = self.total.as_secs_f64() / elapsed;
            observer.publish(name, MetricValue::Fraction(fraction));
        }
    }
}

/// Latencies that a component measures itself, published as mean, median and 99th percentile:
/// `#[state] read_latency: LatencyHistogram`.
impl Observe for LatencyHistogram {
    fn reset(&mut self, _now: Instant) {
        Self::reset(self);
    }
    fn observe(&self, name: &str, observer: &mut Observer) {
        let figures =
            [("mean", self.mean()), ("p50", self.percentile(50.0)), ("p99", self.percentile(99.0))];
        for (figure, latency) in figures {
            if let Some(latency) = latency {
                observer.publish(&format!("{name} {figure}"), MetricValue::Duration(latency));
            }
        }
    }
}

/// A field on its way to the report: [`Observe`] ones have the inherent method, all others fall
/// back to [`ObserveFallback`], which publishes nothing.
#[derive(Debug)]
pub struct Observable<'a, T>(pub &'a T);

impl<T: Observe> Observable<'_, T> {
    /// Publishes the field.
    pub fn observe(self, name: &str, observer: &mut Observer) {
        self.0.observe(name, observer);
    }
}

/// For fields that publish nothing.
pub trait ObserveFallback: Sized {
    /// Does nothing.
    fn observe(self, _name: &str, _observer: &mut Observer) {}
}

impl<T> ObserveFallback for Observable<'_, T> {}

/// A field at the end of a warm-up: [`Observe`] ones start anew, all others go on.
#[derive(Debug)]
pub struct Resettable<'a, T>(pub &'a mut T);

impl<T: Observe> Resettable<'_, T> {
    /// Starts the field anew.
    pub fn reset(self, now: Instant) {
        self.0.reset(now);
    }
}

/// For fields that publish nothing.
pub trait ResetFallback: Sized {
    /// Does nothing.
    fn reset(self, _now: Instant) {}
}

impl<T> ResetFallback for Resettable<'_, T> {}
