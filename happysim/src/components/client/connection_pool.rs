//! A pool of connections: opened when needed, kept for a while, never more than a maximum.

use std::collections::VecDeque;

use crate::model::entity::Unwired;
use crate::prelude::*;

/// Passes each call on over a connection that nobody else uses meanwhile.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `max_connections` | the most there may be, those being opened included; 1 or more; raised, by a profile or a change, it lets in calls that wait at that instant, lowered it drains: idle connections beyond it are closed at once, used ones when they are given back | 10 |
/// | `min_connections` | so many are opened, one after the other, at the start and at the instant at which it or the maximum is raised, and never closed for idleness; of more than the maximum, the maximum | 0 |
/// | `connection_latency` | how long opening one takes: a duration, distribution or profile | 10 ms |
/// | `connection_timeout` | how long a call waits for a place in the pool; `None`: for ever | 5 s |
/// | `idle_timeout` | how long a connection may idle before it is closed; `None`: for ever; where it jumps or is changed, it counts from when the connection was given back, and what has idled for longer is closed at that instant; on a ramp it is that of the last time the pool looked: when the connection came to be the one that has idled longest, or at a jump | 60 s |
/// | `max_lifetime` | how old a connection may be to be used again | any age |
/// | `timeout` | how long a call may take once it has its connection | for ever |
/// | `giving_up` | what becomes of the work of a call that timed out: `abandon` it or `cancel` it | `abandon` |
///
/// A call takes the connection that was returned last, so that those which are not needed grow
/// old; without an idle one it opens one, and without a place it waits, first in first out, and
/// is woken at the instant at which another is done. A connection whose call timed out, was
/// cancelled, crashed or found nobody is closed and not used again, as its server may still be
/// at work on it. Its place is free at once.
///
/// Failures: `waited too long` exactly after `connection_timeout`, `timed out` after `timeout`.
/// Statistics: connections `opened` and `closed` (those lost with a cancelled caller are not
/// counted as closed); as the resource `connections` those in use or being opened, calls that
/// wait, and how long they waited.
///
/// A pooled client is a client in front of a pool: `node caller: Client { retry: .. };`
/// `node pool: ConnectionPool { timeout: 250ms };` `caller -> pool -> server;`. A timeout of the
/// client itself leaves the call on its connection until the server answers.
#[entity(relay)]
pub struct ConnectionPool<Request: Message = Unwired, Reply: Message = Unwired> {
    #[param(default = Varying::Constant(10), range = 1..)]
    max_connections: Varying<usize>,
    #[param(default = Varying::Constant(0))]
    min_connections: Varying<usize>,
    #[param(default = millis(10))]
    connection_latency: Distribution,
    #[param(default = Some(Varying::Constant(seconds(5))))]
    connection_timeout: Option<Varying<Duration>>,
    #[param(default = Some(Varying::Constant(seconds(60))))]
    idle_timeout: Option<Varying<Duration>>,
    #[param(default = None)]
    max_lifetime: Option<Varying<Duration>>,
    #[param(default = None)]
    timeout: Option<Varying<Duration>>,
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    #[state(Watch::new((max_connections.clone(), min_connections.clone(), idle_timeout.clone())))]
    limits: Watch<Limits>,
    /// The right to a connection: held by who uses or opens one.
    #[state(Resource::new(max_connections.clone()))]
    connections: Resource,
    /// In the order in which they were returned.
    #[state]
    idle: VecDeque<IdleConnection>,
    #[state(Mutex::new().inner())]
    reaper: Mutex,
    #[state]
    returned: Condition,
    #[state]
    opened: Counter,
    #[state]
    closed: Counter,
    #[port]
    next: Call<Request, Reply>,
}

/// A connection that nobody uses.
#[derive(Clone, Copy, Debug)]
pub struct IdleConnection {
    opened_at: Instant,
    idle_since: Instant,
}

/// How many there may be at most and at least, and for how long they may idle.
type Limits = (Varying<usize>, Varying<usize>, Option<Varying<Duration>>);

/// Whether a connection is of no use after such an outcome.
fn is_broken<T>(outcome: &Outcome<T>) -> bool {
    use Failure::{Cancelled, Crashed, Lost, TimedOut, Unavailable};
    matches!(outcome, Err(Cancelled | Crashed | Lost | TimedOut | Unavailable))
}

#[entity]
impl<Request: Message, Reply: Message> ConnectionPool<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let patience = self.connection_timeout.as_ref().map(|timeout| timeout.at(cx.now()));
        let _place: Permit = self.connections.enter(Claim::of(1).patience(patience)).await?;
        let opened_at: Instant = match self.take_idle(cx.now()) {
            Some(opened_at) => opened_at,
            None => {
                self.opened += 1;
                cx.sleep(self.connection_latency.sample(cx)).await;
                cx.now()
            }
        };
        let timeout = self.timeout.as_ref().map(|timeout| timeout.at(cx.now()));
        let outcome = self.next.call(request).timeout_if(timeout).giving_up(self.giving_up).await;
        if is_broken(&outcome) {
            self.closed += 1;
        } else {
            self.give_back(cx, opened_at);
        }
        outcome
    }

    /// Opens the connections that are always kept.
    #[background]
    async fn warm_up(&mut self, cx: &mut Cx<Self>) {
        loop {
            while self.open_connections(cx) < self.kept(cx) {
                let place: Permit = match self.connections.try_acquire(cx, 1) {
                    Some(place) => place,
                    None => break,
                };
                self.opened += 1;
                cx.sleep(self.connection_latency.sample(cx)).await;
                self.give_back(cx, cx.now());
                drop(place);
                // The place is free at the end of this step, and only then counted as such.
                cx.yield_now().await;
            }
            self.limits.changed().await;
        }
    }

    /// Closes idle connections that are too many when the maximum is lowered, and lets those be
    /// looked at that may idle for another time.
    #[background]
    async fn follow_limits(&mut self, cx: &mut Cx<Self>) {
        loop {
            self.limits.changed().await;
            // A call that was let in at this instant takes an idle connection first.
            cx.yield_now().await;
            let most = self.connections.capacity(cx) as usize;
            while !self.idle.is_empty() && self.open_connections(cx) > most {
                self.idle.pop_front();
                self.closed += 1;
            }
            self.returned.notify_one(cx);
        }
    }

    /// Closes connections that have idled for too long, each at its time.
    #[background]
    async fn reap(&mut self, cx: &mut Cx<Self>) {
        loop {
            match self.next_expiry(cx) {
                Some(expiry) => {
                    self.limits.changed_until(expiry).await;
                    // It may be in use again by now, or another limit hold.
                    if self.next_expiry(cx).is_some_and(|expiry| expiry <= cx.now()) {
                        self.idle.pop_front();
                        self.closed += 1;
                    }
                }
                None => {
                    let lock: Permit = self.reaper.lock().await;
                    let _lock: Permit = self.returned.wait(lock).await;
                }
            }
        }
    }

    /// Connections idle, and places held by those who use or open one.
    pub fn open_connections(&mut self, cx: &mut Cx<Self>) -> usize {
        self.connections.in_use(cx) as usize + self.idle.len()
    }

    /// How many connections are kept: no more than there may be.
    fn kept(&mut self, cx: &mut Cx<Self>) -> usize {
        self.min_connections.at(cx.now()).min(self.connections.capacity(cx) as usize)
    }

    /// When the connection that has idled longest is to be closed, if any is.
    fn next_expiry(&mut self, cx: &mut Cx<Self>) -> Option<Instant> {
        let now = cx.now();
        let longest = self.idle_timeout.as_ref()?.at(now);
        if self.open_connections(cx) <= self.min_connections.at(now) {
            return None;
        }
        self.idle.front().map(|idle| idle.idle_since.saturating_add(longest))
    }

    /// The idle connection that was returned last, by the instant at which it was opened.
    fn take_idle(&mut self, now: Instant) -> Option<Instant> {
        while let Some(IdleConnection { opened_at, .. }) = self.idle.pop_back() {
            if self.is_young_enough(opened_at, now) {
                return Some(opened_at);
            }
            self.closed += 1;
        }
        None
    }

    fn is_young_enough(&self, opened_at: Instant, now: Instant) -> bool {
        let lifetime = self.max_lifetime.as_ref().map(|lifetime| lifetime.at(now));
        lifetime.is_none_or(|lifetime| now.since(opened_at) < lifetime)
    }

    /// A connection is no longer in use, though its user still has its place.
    fn give_back(&mut self, cx: &mut Cx<Self>, opened_at: Instant) {
        let now = cx.now();
        // Only so after the maximum was lowered. Places are not counted together with idle
        // connections: one may be granted to a call that is about to take one.
        let most = self.connections.capacity(cx);
        let too_many = self.connections.in_use(cx) > most || self.idle.len() as u64 >= most;
        if too_many || !self.is_young_enough(opened_at, now) {
            self.closed += 1;
            return;
        }
        self.idle.push_back(IdleConnection { opened_at, idle_since: now });
        self.returned.notify_one(cx);
    }
}
