//! A mutual exclusion lock.

use super::resource::{ClaimStep, Resource};
use crate::model::bind::{Binder, Part};
use crate::model::context::Context;
use crate::model::permit::Permit;
use crate::model::step::{StepOutput, step};

/// A lock that one task holds at a time; waiters are served first in first out.
///
/// A field of an entity, or a node shared by several: `shared vault: Mutex;` and
/// `#[shared] vault: Mutex` in the entities.
#[derive(Clone, Debug)]
pub struct Mutex(Resource);

impl StepOutput<step::lock> for Mutex {
    type Output = Permit;
}

impl Mutex {
    /// A free lock.
    pub fn new() -> Self {
        Self(Resource::new(1))
    }

    /// It only guards what the entity needs for itself: see [`Resource::inner`].
    #[must_use]
    pub fn inner(self) -> Self {
        Self(self.0.inner())
    }

    /// A step that ends when the lock is held; it is released when the [`Permit`] is dropped.
    #[inline]
    pub fn lock(&self) -> ClaimStep<'static> {
        self.0.acquire(1)
    }

    /// The lock, if it is free; one whose [`Permit`] was dropped since the last step is not yet.
    pub fn try_lock<C: Context>(&self, cx: &mut C) -> Option<Permit> {
        self.0.try_acquire(cx, 1)
    }

    /// Whether somebody holds it.
    pub fn is_locked<C: Context>(&self, cx: &mut C) -> bool {
        self.0.in_use(cx) > 0
    }

    /// How many wait for it.
    pub fn waiters<C: Context>(&self, cx: &mut C) -> usize {
        self.0.waiting(cx)
    }
}

impl Default for Mutex {
    fn default() -> Self {
        Self::new()
    }
}

impl Part for Mutex {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.0.bind(binder);
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.0.inherit(&mut former.0, binder);
    }
}
