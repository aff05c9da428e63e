//! Many pending events, each of which is followed by another one: the hold model.

use std::collections::VecDeque;

use happysim::prelude::*;

use super::list::List;

/// Tasks that sleep in a loop, as numbers in a list.
pub(crate) struct Hold<L, D> {
    list: L,
    /// What is due at this instant, behind what is in the list.
    ring: VecDeque<u32>,
    /// How long a task sleeps next.
    draw: D,
    now: Instant,
    /// How often a task has slept.
    pub(crate) held: u64,
}

impl<L: List, D: FnMut(u32, Instant) -> Duration> Hold<L, D> {
    /// Tasks that begin with these pauses, and go on with those that are drawn.
    pub(crate) fn new(first: impl Iterator<Item = Duration>, draw: D) -> Self {
        let (mut list, mut ring) = (L::default(), VecDeque::new());
        for (task, pause) in (0..).zip(first) {
            if pause.is_zero() {
                ring.push_back(task);
            } else {
                list.push(pause.as_nanos(), task);
            }
        }
        Self { list, ring, draw, now: Instant::ZERO, held: 0 }
    }

    /// Goes on up to and including `end`.
    pub(crate) fn run_until(&mut self, end: Instant) {
        loop {
            while let Some(task) = self.ring.pop_front() {
                self.held += 1;
                let pause = (self.draw)(task, self.now);
                if pause.is_zero() {
                    self.ring.push_back(task);
                } else {
                    self.list.push((self.now + pause).as_nanos(), task);
                }
            }
            let Some(time) = self.list.earliest().filter(|time| *time <= end.as_nanos()) else {
                return;
            };
            self.now = Instant::from_nanos(time);
            while let Some((at, task)) = self.list.peek()
                && at == time
            {
                self.held += 1;
                let pause = (self.draw)(task, self.now);
                if pause.is_zero() {
                    self.list.pop();
                    self.ring.push_back(task);
                } else {
                    self.list.replace((self.now + pause).as_nanos(), task);
                }
            }
        }
    }
}
