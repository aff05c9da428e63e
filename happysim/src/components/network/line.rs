//! One direction of a link: a line that sends one message after the other.

use std::collections::VecDeque;

use crate::model::metrics::{Observe, Observer};
use crate::quantity::{Bandwidth, Bytes, Quantity};
use crate::report::MetricValue;
use crate::time::{Duration, Instant};

/// One direction of a [`Link`](super::Link): what it is busy with, and what it did.
///
/// Published under its field's name, for `requests`: `requests sent`, `requests delivered`,
/// `requests lost`, `requests dropped`, `requests bytes`, `requests line busy`.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// When the last message that was accepted will have left.
    free_at: Instant,
    /// When the last message that was delivered arrives.
    last_arrival: Instant,
    /// When each waiting message starts to be transmitted, and its size.
    queue: VecDeque<(Instant, u64)>,
    queued: u64,
    busy: Duration,
    /// When the statistics begin.
    since: Instant,
    /// When a partition last began that stops messages of this way, among those that a network is
    /// told of: what was sent before and has not arrived then has met one.
    pub(super) cut_at: Option<Instant>,
    /// Messages that were to be sent.
    pub sent: u64,
    /// Messages that arrived.
    pub delivered: u64,
    /// Messages that vanished on their way.
    pub lost: u64,
    /// Messages that found the buffer full.
    pub dropped: u64,
    /// Messages that were not let out, since a partition of a network stood in their way.
    pub blocked: u64,
    /// Messages that a partition of a network stopped which began while they were on their way.
    pub cut_off: u64,
    /// Bytes of messages that went out, lost ones included.
    pub bytes: u64,
}

impl Line {
    /// Whether a message finds room in a buffer of this size at `now`. A message that finds the
    /// line idle needs none.
    pub(super) fn has_room(&mut self, now: Instant, size: Bytes, buffer: Bytes) -> bool {
        while let Some(&(start, size)) = self.queue.front()
            && start <= now
        {
            self.queued -= size;
            self.queue.pop_front();
        }
        self.free_at <= now || self.queued + size.0 <= buffer.0
    }

    /// When the line will be free for a message that comes at `now`.
    pub(super) fn free_from(&self, now: Instant) -> Instant {
        self.free_at.max(now)
    }

    /// Queues a message for the line; yields when its last bit will have left.
    pub(super) fn transmit(
        &mut self,
        now: Instant,
        size: Bytes,
        bandwidth: Option<Bandwidth>,
        has_buffer: bool,
    ) -> Instant {
        let start = self.free_from(now);
        self.bytes += size.0;
        let Some(bandwidth) = bandwidth else { return start };
        let time = Duration::from_secs_f64(size.to_base() * 8.0 / bandwidth.get());
        if has_buffer && start > now {
            self.queue.push_back((start, size.0));
            self.queued += size.0;
        }
        self.free_at = start + time;
        self.busy += time;
        self.free_at
    }

    /// When a message arrives that should do so at `at`, if no message may overtake another.
    pub(super) fn in_order(&mut self, at: Instant) -> Instant {
        self.last_arrival = self.last_arrival.max(at);
        self.last_arrival
    }

    /// For how long the line was transmitting until `now`, the warm-up left out.
    pub fn busy_until(&self, now: Instant) -> Duration {
        // Whatever is queued is transmitted without a pause.
        self.busy.saturating_sub(self.free_at.saturating_since(now))
    }

    /// The fraction of the time until `now` during which the line was transmitting, the warm-up
    /// left out.
    pub fn utilisation(&self, now: Instant) -> f64 {
        let elapsed = now.saturating_since(self.since).as_secs_f64();
        if elapsed > 0.0 { self.busy_until(now).as_secs_f64() / elapsed } else { 0.0 }
    }
}

impl Observe for Line {
    fn reset(&mut self, now: Instant) {
        (self.sent, self.delivered, self.bytes) = (0, 0, 0);
        (self.lost, self.dropped, self.blocked, self.cut_off) = (0, 0, 0, 0);
        self.busy = self.free_at.saturating_since(now);
        self.since = now;
    }

    fn observe(&self, name: &str, observer: &mut Observer) {
        let busy = self.utilisation(observer.now());
        let mut publish = |what: &str, value| observer.publish(&format!("{name}_{what}"), value);
        publish("sent", MetricValue::Count(self.sent));
        publish("delivered", MetricValue::Count(self.delivered));
        publish("lost", MetricValue::Count(self.lost));
        publish("dropped", MetricValue::Count(self.dropped));
        publish("bytes", MetricValue::Bytes(self.bytes));
        publish("line_busy", MetricValue::Fraction(busy));
    }
}
