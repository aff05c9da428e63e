//! A counting semaphore.

use super::resource::{ClaimStep, Resource};
use crate::model::bind::{Binder, Part};
use crate::model::checked::Checked;
use crate::model::context::Context;
use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::model::permit::Permit;
use crate::model::step::{StepOutput, step};
use crate::profile::IntoVarying;

/// A number of permits, granted first in first out without barging: a small request does not
/// pass a large one that waits.
#[derive(Clone, Debug, Default)]
pub struct Semaphore(Resource);

impl StepOutput<step::acquire> for Semaphore {
    type Output = Permit;
}

impl Semaphore {
    /// A semaphore with this many permits, 0 or more. As a profile: those who wait are served at
    /// the instant at which it grows, and those who hold keep what they hold where it falls.
    pub fn new(permits: impl IntoVarying<usize>) -> Self {
        Self(Resource::new(permits))
    }

    /// A step that ends when `count` permits are held; released when the [`Permit`] is
    /// dropped.
    ///
    /// # Panics
    /// When there are never so many, from now on or from an instant on at which it still waits.
    #[inline]
    pub fn acquire(&self, count: u64) -> ClaimStep<'static> {
        self.0.acquire(count)
    }

    /// `count` permits, if they are free and nobody waits. Those that were dropped since the last
    /// step are not free yet.
    pub fn try_acquire<C: Context>(&self, cx: &mut C, count: u64) -> Option<Permit> {
        self.0.try_acquire(cx, count)
    }

    /// Permits that are free; none where a profile has taken away more than that.
    pub fn available<C: Context>(&self, cx: &mut C) -> u64 {
        self.0.capacity(cx).saturating_sub(self.0.in_use(cx))
    }
}

impl Part for Semaphore {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.0.bind(binder);
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.0.inherit(&mut former.0, binder);
    }
}

impl Checked for Semaphore {
    fn check(&self) -> Result<(), InvalidValue> {
        self.0.check()
    }
}

#[diagnostic::do_not_recommend]
impl<I: IntoParameter<Resource>> IntoParameter<Semaphore> for I {
    fn into_parameter(self) -> Result<Semaphore, InvalidValue> {
        self.into_parameter().map(Semaphore)
    }
}
