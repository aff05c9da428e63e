//! A queue that pushes messages to consumers until they are acknowledged.

use std::collections::VecDeque;

use super::dead_letter_queue::{DeadLetter, Undelivered};
use crate::model::entity::Unwired;
use crate::prelude::*;
use crate::stats::LatencyHistogram;

/// What a consumer's failure means for the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// It is delivered again.
    #[default]
    Requeue,
    /// It is a dead letter at once.
    DeadLetter,
}

/// A message in the queue.
#[derive(Clone, Debug)]
pub struct Queued<Request> {
    message: Request,
    /// Its place in the queue: messages that come back have the place that they had.
    number: u64,
    published: Instant,
    deliveries: u64,
}

/// Accepts messages and pushes them to its consumers, first in first out, until they are
/// acknowledged.
///
/// The consumers are those that the port `consumers` is wired to; each message goes to one of
/// them that has fewer than `prefetch` unacknowledged messages, in turn. A consumer
/// acknowledges with its reply. If it fails, it has rejected the message: whether with or
/// without requeue, says `on_failure`, unless the failure is [`REQUEUE`](Self::REQUEUE) or
/// [`DISCARD`](Self::DISCARD). If it has not answered when the visibility timeout ends, which
/// begins with the delivery, the message is delivered again, perhaps to another consumer; the
/// first goes on, and its late reply changes nothing.
///
/// A message that was delivered `max_redeliveries` times again without being acknowledged, or
/// was rejected without requeue, goes to the port `dead_letters`: wire it to a
/// [`DeadLetterQueue`](super::DeadLetterQueue), or to any handler of [`DeadLetter`]s:
///
/// ```text
/// orders -> queue;
/// queue.consumers -> worker[*];
/// queue.dead_letters -> dead;
/// ```
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `delivery_latency` | time from the queue to the consumer, for every delivery | 1 ms |
/// | `visibility_timeout` | how long a consumer has to acknowledge, from its delivery | 30 s |
/// | `redelivery_delay` | how long a message that was rejected or not acknowledged waits before it is delivered again | 0 |
/// | `max_redeliveries` | how often it is delivered again; 3 are four deliveries in all | 3 |
/// | `prefetch` | unacknowledged messages for each consumer, 0 or more, as in an outage, but not the literal 0; raised, by a profile or a change, it is used at that instant, lowered it drains | 1 |
/// | `capacity` | how many messages may wait, 0 or more; a further one is rejected, unless it can be delivered at once; those that come back are always taken | any number |
/// | `on_failure` | what a failure means: `OnFailure::Requeue` or `OnFailure::DeadLetter` | `Requeue` |
///
/// A publisher is answered at once: with `()`, or with the failure `queue full`. Statistics:
/// besides those of the handler: deliveries, redeliveries, acknowledged, rejected, timed out,
/// dead letters; messages waiting, in delivery and unacknowledged, on average over time; how
/// long messages waited before their first delivery was sent.
#[entity(relay)]
pub struct MessageQueue<Request: Message = Unwired, Reply: Message = Unwired> {
    #[param(default = millis(1))]
    delivery_latency: Distribution,
    #[param(default = seconds(30))]
    visibility_timeout: Varying<Duration>,
    #[param(default = Duration::ZERO)]
    redelivery_delay: Varying<Duration>,
    #[param(default = 3)]
    max_redeliveries: Varying<usize>,
    #[param(default = 1)]
    prefetch: Varying<usize>,
    #[param(default = None)]
    capacity: Option<Varying<usize>>,
    #[param(default = OnFailure::Requeue)]
    on_failure: OnFailure,
    #[state(Watch::new(prefetch.clone()))]
    prefetch_changes: Watch<Varying<usize>>,
    /// By number.
    #[state]
    ready: VecDeque<Queued<Request>>,
    #[state]
    published: u64,
    /// Unacknowledged messages of each consumer.
    #[state]
    unacknowledged: Vec<usize>,
    /// The consumer whose turn it is.
    #[state]
    turn: usize,
    #[state]
    waiting: Level,
    #[state]
    delivered: Level,
    #[state]
    wait: LatencyHistogram,
    #[state]
    deliveries: Counter,
    #[state]
    redeliveries: Counter,
    #[state]
    acknowledged: Counter,
    #[state]
    rejected: Counter,
    #[state]
    timed_out: Counter,
    #[state]
    dead: Counter,
    #[port]
    consumers: Call<Request, Reply>,
    #[port]
    dead_letters: Call<DeadLetter<Request>, ()>,
}

#[entity]
impl<Request: Message, Reply: Message> MessageQueue<Request, Reply> {
    #[handler]
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn publish(&mut self, cx: &mut Cx<Self>, message: Request) -> Outcome<()> {
        let free = self.free_consumer(cx);
        if let (None, Some(capacity)) = (free, &self.capacity)
            && self.ready.len() >= capacity.at(cx.now())
        {
            return Err(Failure::Rejected(Rejection::QueueFull));
        }
        self.published += 1;
        let number = self.published;
        self.insert(cx, Queued { message, number, published: cx.now(), deliveries: 0 });
        if let Some(free) = self.consumer_for_next(cx) {
            cx.spawn(self.serve(cx, free));
        }
        Ok(())
    }

    /// Delivers message after message to a consumer, as long as it acknowledges them and some
    /// wait.
    async fn serve(&mut self, cx: &mut Cx<Self>, lane: usize) {
        while let Some(next) = self.next(cx, lane) {
            let mut queued: Queued<Request> = next;
            cx.sleep(self.delivery_latency.sample(cx)).await;
            queued.deliveries += 1;
            let delivered_at = cx.now();
            let timeout: Duration = self.visibility_timeout.at(delivered_at);
            let message: Request = queued.message.clone();
            let outcome: Outcome<Reply> =
                self.consumers.lane(lane).call(message).timeout(timeout).await;
            self.delivered.add(cx, -1.0);
            let Err(failure) = outcome else {
                self.acknowledged += 1;
                continue;
            };
            // A consumer may itself fail with a timeout, but before this one.
            let is_over = failure == Failure::TimedOut && cx.now() >= delivered_at + timeout;
            if let Some(queued) = self.take_back(cx, queued, failure, is_over) {
                cx.spawn(self.requeue(cx, queued));
            }
            break;
        }
        self.unacknowledged[lane] -= 1;
        if let Some(free) = self.consumer_for_next(cx) {
            cx.spawn(self.serve(cx, free));
        }
    }

    /// Puts a message back in its place after the redelivery delay.
    async fn requeue(&mut self, cx: &mut Cx<Self>, queued: Queued<Request>) {
        let delay = self.redelivery_delay.at(cx.now());
        if delay > Duration::ZERO {
            cx.sleep(delay).await;
        }
        self.redeliveries += 1;
        self.insert(cx, queued);
        if let Some(free) = self.consumer_for_next(cx) {
            cx.spawn(self.serve(cx, free));
        }
    }

    /// Uses a raised prefetch at its instant.
    #[background]
    async fn follow_prefetch(&mut self, cx: &mut Cx<Self>) {
        loop {
            self.prefetch_changes.changed().await;
            for _ in 0..self.ready.len() {
                if let Some(free) = self.consumer_for_next(cx) {
                    cx.spawn(self.serve(cx, free));
                }
            }
        }
    }

    /// What is to be delivered again of a message that was not acknowledged; else it is a dead
    /// letter.
    fn take_back(
        &mut self,
        cx: &mut Cx<Self>,
        queued: Queued<Request>,
        failure: Failure,
        is_over: bool,
    ) -> Option<Queued<Request>> {
        if is_over {
            self.timed_out += 1;
        } else {
            self.rejected += 1;
        }
        let reason = if !is_over && self.is_final(failure) {
            Undelivered::Rejected(failure)
        } else if queued.deliveries > self.max_redeliveries.at(cx.now()) as u64 {
            Undelivered::TooManyDeliveries(failure)
        } else {
            return Some(queued);
        };
        self.dead += 1;
        let Queued { message, published, deliveries, .. } = queued;
        self.dead_letters.post(cx, DeadLetter { message, reason, deliveries, published });
        None
    }

    /// The next message for a consumer that may have one more.
    fn next(&mut self, cx: &mut Cx<Self>, lane: usize) -> Option<Queued<Request>> {
        let now = cx.now();
        if self.unacknowledged[lane] > self.prefetch.at(now) {
            return None;
        }
        let queued = self.ready.pop_front()?;
        self.waiting.add(cx, -1.0);
        self.delivered.add(cx, 1.0);
        self.deliveries += 1;
        if queued.deliveries == 0 {
            self.wait.record(now.since(queued.published));
        }
        Some(queued)
    }

    /// The next consumer in turn that may have a message.
    fn free_consumer(&mut self, cx: &mut Cx<Self>) -> Option<usize> {
        let lanes = self.consumers.lanes(cx);
        let prefetch = self.prefetch.at(cx.now());
        self.unacknowledged.resize(lanes, 0);
        let free = |lane: &usize| self.unacknowledged[*lane] < prefetch;
        (self.turn..lanes).chain(0..self.turn).find(free)
    }

    /// If a message waits and a consumer is free, that consumer, which is taken at once.
    fn consumer_for_next(&mut self, cx: &mut Cx<Self>) -> Option<usize> {
        if self.ready.is_empty() {
            return None;
        }
        let lane = self.free_consumer(cx)?;
        self.unacknowledged[lane] += 1;
        self.turn = (lane + 1) % self.unacknowledged.len();
        Some(lane)
    }

    /// Puts a message in its place.
    fn insert(&mut self, cx: &mut Cx<Self>, queued: Queued<Request>) {
        self.waiting.add(cx, 1.0);
        let place = self.ready.partition_point(|other| other.number < queued.number);
        self.ready.insert(place, queued);
    }

    fn is_final(&self, failure: Failure) -> bool {
        match failure {
            Self::REQUEUE => false,
            Self::DISCARD => true,
            _ => self.on_failure == OnFailure::DeadLetter,
        }
    }

    /// How many messages wait.
    pub fn waiting(&self) -> usize {
        self.ready.len()
    }
}

impl<Request: Message, Reply: Message> MessageQueue<Request, Reply> {
    /// What a consumer fails with to reject a message with requeue.
    pub const REQUEUE: Failure = Failure::Application("requeue");

    /// What a consumer fails with to reject a message without requeue.
    pub const DISCARD: Failure = Failure::Application("discard");
}
