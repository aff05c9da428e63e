//! Queue disciplines: who is served next, and who is dropped.
//!
//! All of them know the time. A discipline tells its owner whom it drops, and the owner tells
//! the caller.

mod codel;
mod priority;

pub use codel::CoDel;
pub use priority::Priority;

use crate::engine::keys::Row;
use crate::engine::line::Line;
use crate::model::outcome::Rejection;
use crate::profile::IntoVarying;
use crate::time::{Duration, Instant};

/// What a waiting request says about itself; disciplines look at what concerns them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Class {
    /// Smaller is more urgent. Default: 0.
    pub priority: i64,
    /// Which flow, client or tenant it belongs to. Default: 0.
    pub flow: u64,
    /// When it is worthless. Default: never.
    pub deadline: Instant,
    /// What it costs, in units of service. Default: 1.
    pub cost: f64,
}

impl Default for Class {
    fn default() -> Self {
        Self { priority: 0, flow: 0, deadline: Instant::MAX, cost: 1.0 }
    }
}

/// A request that joins the queue.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Its claim, in the table of the station.
    pub place: Row,
    /// Since when it waits.
    pub since: Instant,
    /// What it says about itself.
    pub class: Class,
}

/// A queue discipline with its waiting requests.
#[derive(Clone, Debug)]
pub enum Discipline {
    /// First in, first out.
    Fifo(Line<Row>),
    /// Last in, first out.
    Lifo(Vec<Row>),
    /// Most urgent first, first in first out among equals.
    Priority(Priority),
    /// Controlled delay (RFC 8289).
    CoDel(CoDel),
}

impl Default for Discipline {
    fn default() -> Self {
        fifo()
    }
}

/// First in, first out: the default.
pub fn fifo() -> Discipline {
    Discipline::Fifo(Line::default())
}

/// Last in, first out, not preemptive.
pub fn lifo() -> Discipline {
    Discipline::Lifo(Vec::new())
}

/// Most urgent first (smallest [`Class::priority`]), first in first out among equals, not
/// preemptive.
pub fn priority() -> Discipline {
    Discipline::Priority(Priority::default())
}

/// Controlled delay (RFC 8289): drops at dequeue when requests have waited longer than
/// `target` for at least `interval`. The RFC's values are 5 ms and 100 ms. Both are longer than 0,
/// and may be profiles.
pub fn codel(
    target: impl IntoVarying<Duration>,
    interval: impl IntoVarying<Duration>,
) -> Discipline {
    Discipline::CoDel(CoDel::new(target, interval))
}

impl Discipline {
    /// Adds a request that waits `since`, by its claim; it says nothing about itself where `class`
    /// is `None`.
    #[inline]
    pub fn push(&mut self, place: Row, since: Instant, class: Option<&Class>) {
        match self {
            Self::Fifo(queue) => queue.push(place),
            other => other.push_otherwise(place, since, class),
        }
    }

    #[inline(never)]
    fn push_otherwise(&mut self, place: Row, since: Instant, class: Option<&Class>) {
        let waiting = Waiting { place, since, class: class.copied().unwrap_or_default() };
        match self {
            Self::Fifo(queue) => queue.push(waiting.place),
            Self::Lifo(stack) => stack.push(waiting.place),
            Self::Priority(queue) => queue.push(waiting),
            Self::CoDel(queue) => queue.push(waiting),
        }
    }

    /// The request that [`pop`](Self::pop) would take first.
    #[inline]
    pub fn peek(&self) -> Option<Row> {
        match self {
            Self::Fifo(queue) => queue.peek(),
            Self::Lifo(stack) => stack.last().copied(),
            Self::Priority(queue) => queue.peek(),
            Self::CoDel(queue) => queue.peek(),
        }
    }

    /// The first request in the order of [`peek`](Self::peek) for which `counts` holds.
    pub(crate) fn first(&self, counts: impl Fn(Row) -> bool) -> Option<Row> {
        let counts = |place: &Row| counts(*place);
        match self {
            Self::Fifo(queue) => queue.iter().find(counts),
            Self::Lifo(stack) => stack.iter().rev().copied().find(counts),
            Self::Priority(queue) => queue.iter().find(counts),
            Self::CoDel(queue) => queue.iter().find(counts),
        }
    }

    /// Takes the request to be served now; those that are dropped instead are added to
    /// `dropped`, with the reason.
    #[inline]
    pub fn pop(&mut self, now: Instant, dropped: &mut Vec<(Row, Rejection)>) -> Option<Row> {
        match self {
            Self::Fifo(queue) => queue.pop(),
            Self::Lifo(stack) => stack.pop(),
            Self::Priority(queue) => queue.pop(),
            Self::CoDel(queue) => queue.pop(now, dropped),
        }
    }

    /// Whether [`pop`](Self::pop) may drop requests, or take another one than
    /// [`peek`](Self::peek) shows.
    #[inline]
    pub fn may_drop(&self) -> bool {
        matches!(self, Self::CoDel(_))
    }

    /// Takes the first request out, as if it were not there.
    #[inline]
    pub fn discard_first(&mut self) {
        match self {
            Self::Fifo(queue) => queue.discard_first(),
            Self::Lifo(stack) => drop(stack.pop()),
            Self::Priority(queue) => drop(queue.pop()),
            Self::CoDel(queue) => queue.discard_first(),
        }
    }

    /// Takes over those who wait in `former`, who have waited `since`. A discipline of the same
    /// kind goes on as it was. What requests say about themselves is not known to every
    /// discipline: under another one, those who wait already have the default class.
    pub(crate) fn take_over(&mut self, former: Self, since: impl Fn(Row) -> Instant) {
        match (self, former) {
            (Self::CoDel(queue), Self::CoDel(former)) => queue.take_over(former),
            (Self::Fifo(queue), Self::Fifo(former)) => *queue = former,
            (Self::Lifo(stack), Self::Lifo(former)) => *stack = former,
            (Self::Priority(queue), Self::Priority(former)) => *queue = former,
            (discipline, former) => {
                let mut waiting = former.into_places();
                waiting.sort_by_key(|place| since(*place));
                for place in waiting {
                    discipline.push(place, since(place), None);
                }
            }
        }
    }

    /// Those who wait; who came first among those of one instant is first.
    fn into_places(self) -> Vec<Row> {
        match self {
            Self::Fifo(queue) => queue.into_vec(),
            Self::Lifo(stack) => stack,
            Self::Priority(queue) => queue.into_places(),
            Self::CoDel(queue) => queue.into_places(),
        }
    }

    /// Keeps only the requests for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Row) -> bool) {
        match self {
            Self::Fifo(queue) => queue.retain(keep),
            Self::Lifo(stack) => stack.retain(keep),
            Self::Priority(queue) => queue.retain(keep),
            Self::CoDel(queue) => queue.retain(keep),
        }
    }

    /// How many entries are stored.
    pub fn len(&self) -> usize {
        match self {
            Self::Fifo(queue) => queue.len(),
            Self::Lifo(stack) => stack.len(),
            Self::Priority(queue) => queue.len(),
            Self::CoDel(queue) => queue.len(),
        }
    }

    /// Whether no entry is stored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
