//! Waiting for several open calls: the first, all, or a quorum.

use super::call::Handle;
use super::context::{Context, Wire};
use super::outcome::{Failure, Outcome};
use super::port::Port;
use super::step::{Repoll, Wait};
use crate::time::{Duration, Instant};

impl<P: Port, C: Wire<P> + Context> Repoll<C> for &mut Handle<P> {
    type Output = Outcome<P::Reply>;

    fn poll(self, cx: &mut C, prior: Option<Wait>) -> Result<Self::Output, Wait> {
        match self.poll(cx) {
            Some(outcome) => Ok(outcome),
            None => {
                self.wait(cx, self.deadline().is_some());
                Err(wait_until(cx, self.deadline(), prior))
            }
        }
    }
}

/// Suspends until a reply or `deadline`; the timer is set again whenever the task is resumed,
/// since its resumption made the earlier one stale.
fn wait_until<C: Context>(cx: &mut C, deadline: Option<Instant>, prior: Option<Wait>) -> Wait {
    drop(prior);
    if let Some(deadline) = deadline {
        let current = cx.current();
        let time = deadline.max(cx.now());
        cx.core().scheduler.at(time, current.deadline());
    }
    Wait::Replies(deadline)
}

/// Asks to be woken by each of several calls: when its reply comes, or by its own timeout;
/// `timed`: the whole wait has a deadline.
fn wait_for_each<'a, P, C>(cx: &mut C, handles: impl Iterator<Item = &'a Handle<P>>, timed: bool)
where
    P: Port,
    C: Wire<P> + Context,
{
    for handle in handles {
        handle.wait(cx, timed || handle.deadline().is_some());
        if let Some(own) = handle.deadline() {
            wait_until(cx, Some(own), None);
        }
    }
}

/// The deadline of a wait with its own timeout: set when it began, kept when it is polled again.
fn own_deadline<C: Context>(
    cx: &C,
    timeout: Option<Duration>,
    prior: Option<&Wait>,
) -> Option<Instant> {
    match prior {
        Some(Wait::Replies(deadline)) => *deadline,
        _ => timeout.map(|timeout| cx.now().saturating_add(timeout)),
    }
}

/// The step made by [`first`].
#[derive(Debug)]
#[must_use = "a race is a step: `.await` it"]
pub struct First<'a, P> {
    handles: &'a mut Vec<Handle<P>>,
    timeout: Option<Duration>,
}

/// Waits for the first outcome among `handles`, a success or not, and takes its handle out of
/// the list. Yields the handle's position and the outcome; `None` where the list is empty, or
/// where nothing came within [`timeout`](First::timeout). Of several that have come before the
/// wait began, or at one instant, the first in the list is taken.
///
/// ```text
/// let fastest: Option<(usize, Outcome<Rows>)> = first(&mut handles).await;
/// ```
pub fn first<P: Port>(handles: &mut Vec<Handle<P>>) -> First<'_, P> {
    First { handles, timeout: None }
}

impl<P> First<'_, P> {
    /// Ends the wait after `timeout`, measured from its beginning. Default: no limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// As [`timeout`](Self::timeout), where there may be none.
    pub fn timeout_if(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<P: Port, C: Wire<P> + Context> Repoll<C> for First<'_, P> {
    type Output = Option<(usize, Outcome<P::Reply>)>;

    fn poll(self, cx: &mut C, prior: Option<Wait>) -> Result<Self::Output, Wait> {
        for position in 0..self.handles.len() {
            if let Some(outcome) = self.handles[position].poll(cx) {
                self.handles.remove(position);
                return Ok(Some((position, outcome)));
            }
        }
        let deadline = own_deadline(cx, self.timeout, prior.as_ref());
        let is_over = deadline.is_some_and(|deadline| cx.now() >= deadline);
        if self.handles.is_empty() || (is_over && cx.is_past_deadline()) {
            return Ok(None);
        }
        wait_for_each(cx, self.handles.iter(), deadline.is_some());
        Err(wait_until(cx, deadline, prior))
    }
}

/// What [`quorum`] and [`all`] have gathered, each with its position in the group: the number of
/// calls that were added before.
///
/// In order of the instants of arrival, and of their positions within one instant. What had come
/// before the wait began counts as come at the instant at which it began.
#[derive(Clone, Debug)]
pub struct Gathered<R> {
    /// The replies.
    pub replies: Vec<(usize, R)>,
    /// The failures.
    pub failures: Vec<(usize, Failure)>,
    wanted: usize,
}

impl<R> Gathered<R> {
    /// Whether as many replies came as were asked for.
    pub fn is_met(&self) -> bool {
        self.replies.len() >= self.wanted
    }
}

/// What has arrived, with its positions: by instant, and by position within one instant.
#[derive(Clone, Debug)]
struct Arrived<T> {
    items: Vec<(usize, T)>,
    /// When the last of them came.
    last: Instant,
    /// How many came before that instant.
    before: usize,
}

impl<T> Default for Arrived<T> {
    fn default() -> Self {
        Self { items: Vec::new(), last: Instant::ZERO, before: 0 }
    }
}

impl<T> Arrived<T> {
    /// Several resumptions of a task may fall on one instant, each with some of what comes then.
    fn add(&mut self, now: Instant, position: usize, item: T) {
        if now > self.last {
            (self.last, self.before) = (now, self.items.len());
        }
        let smaller = self.items[self.before..].partition_point(|(other, _)| *other < position);
        self.items.insert(self.before + smaller, (position, item));
    }

    fn take(&mut self) -> Vec<(usize, T)> {
        self.before = 0;
        core::mem::take(&mut self.items)
    }
}

/// Calls that are waited for together; fill it, then wait with [`quorum`] or [`all`].
///
/// After a quorum is met the calls still open remain in the group: keep it to let late replies
/// be counted as answered, or to wait for more of them; drop it to give them up. A further wait
/// counts and yields what comes from then on.
#[derive(Debug)]
pub struct Group<P: Port> {
    handles: Vec<Handle<P>>,
    replies: Arrived<P::Reply>,
    failures: Arrived<Failure>,
}

impl<P: Port> Clone for Group<P> {
    fn clone(&self) -> Self {
        Self {
            handles: self.handles.clone(),
            replies: self.replies.clone(),
            failures: self.failures.clone(),
        }
    }
}

impl<P: Port> Default for Group<P> {
    fn default() -> Self {
        Self { handles: Vec::new(), replies: Arrived::default(), failures: Arrived::default() }
    }
}

impl<P: Port> Group<P> {
    /// An empty group.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a started call; its position is the number of calls added before.
    pub fn add(&mut self, handle: Handle<P>) {
        if self.handles.is_empty() {
            // Enough for most groups, which are of a few replicas: they do not grow on the way.
            self.handles.reserve(8);
        }
        self.handles.push(handle);
    }

    /// How many calls were added.
    pub fn len(&self) -> usize {
        self.handles.len()
    }

    /// Whether no call was added.
    pub fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    /// Cancels the work of all calls that are still open.
    pub fn cancel(self) {
        self.handles.into_iter().for_each(Handle::cancel);
    }
}

/// The step made by [`quorum`] and [`all`].
#[derive(Debug)]
#[must_use = "waiting for a quorum is a step: `.await` it"]
pub struct Quorum<'a, P: Port> {
    group: &'a mut Group<P>,
    wanted: usize,
    until_impossible: bool,
    timeout: Option<Duration>,
}

/// Waits until `wanted` calls of the group have succeeded, or so many have failed that this
/// has become impossible, and yields what has come until then.
pub fn quorum<P: Port>(group: &mut Group<P>, wanted: usize) -> Quorum<'_, P> {
    Quorum { group, wanted, until_impossible: true, timeout: None }
}

/// Waits until every call of the group has its outcome, and yields them all.
pub fn all<P: Port>(group: &mut Group<P>) -> Quorum<'_, P> {
    let wanted = group.len();
    Quorum { group, wanted, until_impossible: false, timeout: None }
}

impl<P: Port> Quorum<'_, P> {
    /// Ends the wait after `timeout`, measured from its beginning. Default: no limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// As [`timeout`](Self::timeout), where there may be none.
    pub fn timeout_if(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<P: Port, C: Wire<P> + Context> Repoll<C> for Quorum<'_, P> {
    type Output = Gathered<P::Reply>;

    fn poll(self, cx: &mut C, prior: Option<Wait>) -> Result<Self::Output, Wait> {
        let (group, now) = (self.group, cx.now());
        let mut open = 0;
        for (position, handle) in group.handles.iter_mut().enumerate() {
            match handle.poll(cx) {
                Some(Ok(reply)) => group.replies.add(now, position, reply),
                Some(Err(failure)) => group.failures.add(now, position, failure),
                None => open += usize::from(!handle.is_finished()),
            }
        }
        let replies = group.replies.items.len();
        let impossible = self.until_impossible && replies + open < self.wanted;
        let met = self.until_impossible && replies >= self.wanted;
        let deadline = own_deadline(cx, self.timeout, prior.as_ref());
        let is_over = deadline.is_some_and(|deadline| now >= deadline);
        if met || impossible || open == 0 || (is_over && cx.is_past_deadline()) {
            return Ok(Gathered {
                replies: group.replies.take(),
                failures: group.failures.take(),
                wanted: self.wanted,
            });
        }
        let open = group.handles.iter().filter(|handle| !handle.is_finished());
        wait_for_each(cx, open, deadline.is_some());
        Err(wait_until(cx, deadline, prior))
    }
}
