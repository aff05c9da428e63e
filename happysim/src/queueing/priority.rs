//! Most urgent first.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use super::Waiting;
use crate::engine::keys::Row;

/// Requests by [`Class::priority`](super::Class::priority), the smallest first, first in first
/// out among equals.
///
/// A map from priority to a queue: models have few priorities and long queues.
#[derive(Clone, Debug, Default)]
pub struct Priority {
    queues: BTreeMap<i64, VecDeque<Row>>,
    len: usize,
}

impl Priority {
    pub(super) fn push(&mut self, waiting: Waiting) {
        self.queues.entry(waiting.class.priority).or_default().push_back(waiting.place);
        self.len += 1;
    }

    pub(super) fn peek(&self) -> Option<Row> {
        self.queues.values().find_map(|queue| queue.front().copied())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Row> {
        self.queues.values().flatten().copied()
    }

    pub(super) fn pop(&mut self) -> Option<Row> {
        let first = self.queues.values_mut().find_map(VecDeque::pop_front)?;
        self.len -= 1;
        Some(first)
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Row) -> bool) {
        for queue in self.queues.values_mut() {
            queue.retain(&mut keep);
        }
        self.len = self.queues.values().map(VecDeque::len).sum();
    }

    pub(super) fn into_places(self) -> Vec<Row> {
        self.queues.into_values().flatten().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}
