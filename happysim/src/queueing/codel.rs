//! Controlled delay, RFC 8289 (Nichols, Jacobson, `McGregor`, Iyengar, 2018), section 5.

use std::collections::VecDeque;

use super::Waiting;
use crate::engine::keys::Row;
use crate::model::outcome::Rejection;
use crate::profile::{IntoVarying, Varying};
use crate::time::{Duration, Instant};

/// The `CoDel` queue: first in first out, dropping at dequeue.
///
/// It drops when requests have waited at least `target` for a whole `interval`; while it
/// drops, the next drop is due `interval / sqrt(count)` after the *previous drop time*, so that
/// several may fall on one dequeue; a new dropping phase soon after the last one starts with
/// the drop rate that had worked.
///
/// The RFC compares the bytes in the queue with one MTU, so that the last packet is never
/// dropped; here a request is the unit, and no drop happens when at most one is left.
#[derive(Clone, Debug)]
pub struct CoDel {
    queue: VecDeque<Waiting>,
    target: Varying<Duration>,
    interval: Varying<Duration>,
    first_above_time: Option<Instant>,
    drop_next: Instant,
    count: u32,
    last_count: u32,
    dropping: bool,
}

impl CoDel {
    /// `target`: the acceptable standing delay (the RFC: 5 ms); `interval`: about the longest
    /// round-trip time (the RFC: 100 ms). Both are longer than 0, and may be profiles, read whenever they matter.
    pub fn new(target: impl IntoVarying<Duration>, interval: impl IntoVarying<Duration>) -> Self {
        Self {
            queue: VecDeque::new(),
            target: target.into_varying(),
            interval: interval.into_varying(),
            first_above_time: None,
            drop_next: Instant::ZERO,
            count: 0,
            last_count: 0,
            dropping: false,
        }
    }

    /// Its times, by name.
    pub(crate) fn times(&self) -> [(&'static str, &Varying<Duration>); 2] {
        [("target", &self.target), ("interval", &self.interval)]
    }

    pub(super) fn push(&mut self, waiting: Waiting) {
        self.queue.push_back(waiting);
    }

    pub(super) fn peek(&self) -> Option<Row> {
        self.queue.front().map(|waiting| waiting.place)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Row> {
        self.queue.iter().map(|waiting| waiting.place)
    }

    pub(super) fn discard_first(&mut self) {
        self.queue.pop_front();
        self.note_if_empty();
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Row) -> bool) {
        self.queue.retain(|waiting| keep(&waiting.place));
        self.note_if_empty();
    }

    /// Who finds a free slot and an empty queue does not pass through here, so where the last in
    /// the queue left by themselves nothing else would tell that the delay is over. In the RFC
    /// the next dequeue finds that.
    fn note_if_empty(&mut self) {
        if self.queue.is_empty() {
            self.first_above_time = None;
            self.dropping = false;
        }
    }

    /// The same queue under a new target and interval.
    pub(super) fn take_over(&mut self, former: Self) {
        let Self { target, interval, .. } = self.clone();
        *self = Self { target, interval, ..former };
    }

    pub(super) fn into_places(self) -> Vec<Row> {
        self.queue.into_iter().map(|waiting| waiting.place).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    /// The RFC's `control_law`.
    fn control_law(&self, after: Instant, now: Instant) -> Instant {
        let step = self.interval.at(now).as_secs_f64() / libm::sqrt(f64::from(self.count.max(1)));
        after.saturating_add(Duration::from_secs_f64(step))
    }

    /// The RFC's `dodequeue`: the head, and whether it may be dropped.
    fn dequeue(&mut self, now: Instant) -> Option<(Waiting, bool)> {
        let Some(head) = self.queue.pop_front() else {
            self.first_above_time = None;
            return None;
        };
        if now.saturating_since(head.since) < self.target.at(now) || self.queue.len() <= 1 {
            self.first_above_time = None;
            return Some((head, false));
        }
        match self.first_above_time {
            None => {
                self.first_above_time = Some(now.saturating_add(self.interval.at(now)));
                Some((head, false))
            }
            Some(first_above) => Some((head, now >= first_above)),
        }
    }

    /// The RFC's `deque`.
    pub(super) fn pop(&mut self, now: Instant, dropped: &mut Vec<(Row, Rejection)>) -> Option<Row> {
        let Some((mut head, mut may_drop)) = self.dequeue(now) else {
            self.dropping = false;
            return None;
        };
        if self.dropping {
            if !may_drop {
                self.dropping = false;
            }
            while self.dropping && now >= self.drop_next {
                dropped.push((head.place, Rejection::Dropped));
                self.count += 1;
                let Some((next, next_may_drop)) = self.dequeue(now) else {
                    self.dropping = false;
                    return None;
                };
                (head, may_drop) = (next, next_may_drop);
                if may_drop {
                    self.drop_next = self.control_law(self.drop_next, now);
                } else {
                    self.dropping = false;
                }
            }
        } else if may_drop {
            dropped.push((head.place, Rejection::Dropped));
            let next = self.dequeue(now);
            self.dropping = true;
            // If dropping ended not long ago, start with the rate that controlled the queue.
            let delta = self.count.wrapping_sub(self.last_count);
            let recently = now.saturating_since(self.drop_next) < self.interval.at(now) * 16;
            self.count = if delta > 1 && recently { delta } else { 1 };
            self.drop_next = self.control_law(now, now);
            self.last_count = self.count;
            let Some((next, _)) = next else {
                self.dropping = false;
                return None;
            };
            head = next;
        }
        Some(head.place)
    }
}
