//! What a handler goes on with behind a step on a field that does not exist, or that has no such
//! step: a value of any type. rustc has told of the field or the step, and is silent of types that
//! it cannot infer in the same function. A stand-in of a type of its own would be told of wherever
//! it is used.

use core::marker::PhantomData;

use super::super::step::{Complete, Wait};
use super::absent::{Unknown, never};

/// A local that comes out of the state of its handler.
#[derive(Debug)]
pub struct Restored<T>(pub T);

impl Restored<Unknown> {
    /// A value of any type.
    pub fn restore<R>(self) -> R {
        never()
    }
}

impl Restored<Option<Unknown>> {
    /// A value of any type, if there is one.
    pub fn restore<R>(self) -> Option<R> {
        never()
    }
}

/// For what is known.
pub trait RestoredAsIs<T> {
    /// The value.
    fn restore(self) -> T;
}

impl<T> RestoredAsIs<T> for Restored<T> {
    #[inline(always)]
    fn restore(self) -> T {
        self.0
    }
}

/// A field of a state, as its type.
#[derive(Debug)]
pub struct Stored<T>(PhantomData<T>);

impl<T> Stored<T> {
    /// It.
    pub const NEW: Self = Self(PhantomData);
}

impl Stored<Unknown> {
    /// Takes a value of any type.
    pub fn store<R>(self, _value: R) -> Unknown {
        never()
    }
}

impl Stored<Option<Unknown>> {
    /// Takes a value of any type, if there is one.
    pub fn store<R>(self, _value: Option<R>) -> Option<Unknown> {
        never()
    }
}

/// For what is known.
pub trait StoredAsIs<T> {
    /// The value.
    fn store(self, value: T) -> T;
}

impl<T> StoredAsIs<T> for Stored<T> {
    #[inline(always)]
    fn store(self, value: T) -> T {
        value
    }
}

/// The end of the step `M` of a field.
#[derive(Debug)]
pub struct StepEnd<'a, F, M, C> {
    field: &'a mut F,
    cx: &'a mut C,
    wait: Wait,
    step: PhantomData<M>,
}

impl<'a, F, M, C> StepEnd<'a, F, M, C> {
    /// Of this field, in this context.
    #[inline(always)]
    pub fn of(field: &'a mut F, cx: &'a mut C, wait: Wait) -> Self {
        Self { field, cx, wait, step: PhantomData }
    }
}

impl<F: Complete<M, C>, M, C> StepEnd<'_, F, M, C> {
    /// Takes the result.
    #[inline(always)]
    pub fn complete(self) -> F::Output {
        self.field.complete(self.cx, self.wait)
    }
}

/// For a field that has no such step.
pub trait NoStepEnd: Sized {
    /// A value of any type.
    fn complete<R>(self) -> R {
        const { panic!("the field has a method that is named as a step is, and is none") }
    }
}

impl<F, M, C> NoStepEnd for StepEnd<'_, F, M, C> {}
