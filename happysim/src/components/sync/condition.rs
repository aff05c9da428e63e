//! A condition variable.

use crate::model::bind::{Binder, Part};
use crate::model::context::Context;
use crate::model::permit::Permit;
use crate::model::step::{Begun, Granted, Step, Wait};
use crate::model::unbegun::Unbegun;
use crate::time::Duration;

/// A condition to wait for while a mutex is released.
///
/// Mesa semantics: a notified waiter joins the queue of its mutex at the instant of the
/// notification, and its wait ends when it holds the mutex again; it must check the condition
/// anew. A wait with a timeout that is not notified in time joins the queue then.
///
/// Statistics of one that is shared: `waits` that began, those that were `notified`, and how many
/// are `waiting` at the end; the others timed out or were cancelled.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    index: Option<u32>,
}

impl Condition {
    /// A condition that nobody waits for.
    pub fn new() -> Self {
        Self::default()
    }

    fn index(&self) -> u32 {
        self.index.expect("a condition is used in a topology, which binds it when it is built")
    }

    /// A step that releases the mutex held by `permit`, and ends when it is held again after a
    /// notification. With [`timeout`](ConditionWait::timeout) it yields `(Permit, bool)`, the
    /// second telling whether the notification came in time.
    ///
    /// # Panics
    /// When what `permit` holds can never be granted again, since the capacity has fallen in the
    /// meantime.
    pub fn wait(&self, permit: Permit) -> ConditionWait {
        ConditionWait { index: self.index(), permit }
    }

    /// Notifies the longest waiting; tells whether there was one.
    pub fn notify_one<C: Context>(&self, cx: &mut C) -> bool {
        cx.core().notify(self.index(), 1) > 0
    }

    /// Notifies all who wait; tells how many there were.
    pub fn notify_all<C: Context>(&self, cx: &mut C) -> usize {
        cx.core().notify(self.index(), usize::MAX)
    }

    /// How many wait.
    pub fn waiters<C: Context>(&self, cx: &mut C) -> usize {
        cx.core().parked(self.index())
    }
}

impl Part for Condition {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        let owner = binder.path().to_owned();
        self.index = Some(binder.core().add_condition(&owner));
    }

    fn inherit(&mut self, former: &mut Self, _binder: &mut Binder<'_>) {
        self.clone_from(former);
    }
}

/// The step of [`Condition::wait`].
#[derive(Debug)]
#[must_use = "a wait is a step: `.await` it"]
pub struct ConditionWait {
    index: u32,
    permit: Permit,
}

impl ConditionWait {
    /// Ends the wait after `timeout`, plus the time until the mutex is free again.
    pub fn timeout(self, timeout: Duration) -> TimedConditionWait {
        TimedConditionWait { wait: self, timeout }
    }
}

/// A [`ConditionWait`] with a timeout.
#[derive(Debug)]
#[must_use = "a wait is a step: `.await` it"]
pub struct TimedConditionWait {
    wait: ConditionWait,
    timeout: Duration,
}

impl Unbegun for ConditionWait {
    type Output = Permit;
}

#[diagnostic::do_not_recommend]
impl<C: Context> Step<C> for ConditionWait {
    type Output = Permit;

    fn begin(self, cx: &mut C) -> Begun<Permit> {
        let waiter = cx.current();
        Begun::Wait(cx.core().park(self.index, self.permit, None, waiter))
    }
}

impl Unbegun for TimedConditionWait {
    type Output = (Permit, bool);
}

#[diagnostic::do_not_recommend]
impl<C: Context> Step<C> for TimedConditionWait {
    type Output = (Permit, bool);

    fn begin(self, cx: &mut C) -> Begun<(Permit, bool)> {
        let waiter = cx.current();
        let deadline = cx.now().saturating_add(self.timeout);
        let Self { wait: ConditionWait { index, permit }, .. } = self;
        Begun::Wait(cx.core().park(index, permit, Some(deadline), waiter))
    }
}

impl<C: Context> Granted<C> for (Permit, bool) {
    fn granted(cx: &mut C, wait: Wait) -> Self {
        let Wait::Claim(ticket) = &wait else { unreachable!("a claim waits for its turn") };
        let key = ticket.key();
        let timed_out = cx.core().stations[key.station() as usize].timed_out(key);
        (Permit::granted(cx, wait), !timed_out)
    }
}
