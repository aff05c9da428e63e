//! A lock for many readers or one writer.

use super::resource::{ClaimStep, Resource};
use crate::model::bind::{Binder, Part};
use crate::model::claims::Demand;
use crate::model::context::Context;
use crate::profile::IntoVarying;

/// A lock that many readers or one writer hold.
///
/// Fair: readers and writers are served in the order in which they asked; the readers at the
/// head of the queue start together, and a reader behind a waiting writer waits for it.
#[derive(Clone, Debug)]
pub struct RwLock(Resource);

impl RwLock {
    /// How many readers there may be when nothing else is said.
    const READERS: usize = 1 << 40;

    /// A free lock for any number of readers.
    pub fn new() -> Self {
        Self::with_max_readers(Self::READERS)
    }

    /// A free lock for at most `readers` readers at once, 1 or more. As a profile: where the
    /// number grows, readers who wait begin at that very instant, unless a writer holds the lock;
    /// where it falls, those who read go on, and no other begins until there are fewer.
    ///
    /// # Panics
    /// When `readers` is, or ever becomes, 0: nobody could read.
    #[track_caller]
    pub fn with_max_readers(readers: impl IntoVarying<usize>) -> Self {
        let readers = readers.into_varying();
        assert!(
            readers.min() >= 1.0,
            "a lock for at most 0 readers lets nobody read: it must be at least 1"
        );
        Self(Resource::new(readers))
    }

    /// A step that ends when the lock is held for reading.
    #[inline]
    pub fn read(&self) -> ClaimStep<'static> {
        self.0.acquire(1)
    }

    /// A step that ends when the lock is held for writing.
    #[inline]
    pub fn write(&self) -> ClaimStep<'static> {
        self.0.acquire(Demand::WHOLE)
    }

    /// Whether somebody holds it, for reading or for writing.
    pub fn is_held<C: Context>(&self, cx: &mut C) -> bool {
        self.0.in_use(cx) > 0
    }

    /// Whether a writer holds it.
    pub fn is_write_locked<C: Context>(&self, cx: &mut C) -> bool {
        self.0.is_held_whole(cx)
    }
}

impl Default for RwLock {
    fn default() -> Self {
        Self::new()
    }
}

impl Part for RwLock {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.0.bind(binder);
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.0.inherit(&mut former.0, binder);
    }
}
