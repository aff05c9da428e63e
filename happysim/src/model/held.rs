//! The check that nothing that must be held is dropped at a step by accident.

use core::marker::PhantomData;

use super::call::Handle;
use super::permit::Permit;

/// A value whose drop has an effect: a permit, a handle, or what is made of them.
pub trait Held {}

impl Held for Permit {}
impl<P> Held for Handle<P> {}
impl<T: Held> Held for Option<T> {}
impl<T: Held> Held for Vec<T> {}
impl<T: Held, E> Held for Result<T, E> {}
impl<T: Held, U> Held for (T, U) {}

/// Implemented for nothing: asking for it is the error message.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is held across a step without a visible type",
    label = "write its type: `let name: {Self} = ...`",
    note = "a local without a visible type is not kept across a step, and this one releases \
            something when it is dropped"
)]
pub trait VisiblyTyped {}

/// The type of a local on its way to be dropped at a step: [`Held`] ones have the inherent method,
/// all others fall back to [`HeldFallback`].
#[derive(Debug)]
pub struct HeldCheck<T>(PhantomData<fn() -> T>);

impl<T> HeldCheck<T> {
    /// The type of `local`, which may be gone when it is asked.
    pub fn of(_local: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T: Held> HeldCheck<T> {
    /// Does not compile.
    pub fn check(&self)
    where
        T: VisiblyTyped,
    {
    }
}

/// For locals that may be dropped early.
pub trait HeldFallback {
    /// Does nothing.
    fn check(&self) {}
}

impl<T> HeldFallback for HeldCheck<T> {}
