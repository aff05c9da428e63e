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

/// Implemented for nothing: asking for it is the error message. Of a local that is declared.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is held across a step without a visible type",
    label = "write its type behind its name: `: {Self}`",
    note = "a local without a visible type is not kept across a step, and this one releases \
            something when it is dropped"
)]
pub trait VisiblyTyped {}

/// The same of a name that is bound in a pattern.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is held across a step without a visible type",
    label = "bind this name again right behind the pattern, with its type: `: {Self}`",
    note = "a local without a visible type is not kept across a step, and this one releases \
            something when it is dropped"
)]
pub trait BoundAgain {}

/// The same of a value without a name.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` without a name is held across a step",
    label = "bind this value in a statement before: `let value: {Self} = ..;`",
    note = "a value without a visible type is not kept across a step, and this one releases \
            something when it is dropped"
)]
pub trait NamedBefore {}

/// The type of a local on its way to be dropped at a step: [`Held`] ones have the inherent methods,
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

    /// Does not compile.
    pub fn check_bound(&self)
    where
        T: BoundAgain,
    {
    }

    /// Does not compile.
    pub fn check_matched(&self)
    where
        T: NamedBefore,
    {
    }
}

/// For locals that may be dropped early.
pub trait HeldFallback {
    /// Does nothing.
    fn check(&self) {}
    /// Does nothing.
    fn check_bound(&self) {}
    /// Does nothing.
    fn check_matched(&self) {}
}

impl<T> HeldFallback for HeldCheck<T> {}

/// Of locals that no [`Permit`] and no [`Handle`] is a part of: see [`PartCheck`]. What a closure holds
/// is not known yet when rustc chooses a method, so that it takes this for granted and finds out later.
#[diagnostic::on_unimplemented(
    message = "a closure holds a permit or a handle, which would be released at the next step",
    label = "a closure is not kept across a step: let it borrow what it uses, or drop it before the step"
)]
pub trait ReleasesNothing {}

#[diagnostic::do_not_recommend]
impl<T: Unpin> ReleasesNothing for HeldCheck<T> {}

impl<T> HeldCheck<T>
where
    Self: ReleasesNothing,
{
    /// Does nothing.
    pub fn check_parts(&self) {}
    /// Does nothing.
    pub fn check_bound_parts(&self) {}
    /// Does nothing.
    pub fn check_matched_parts(&self) {}
}

/// For locals of other types.
pub trait HeldPartsFallback {
    /// The type of the local.
    type Local;

    /// Does not compile.
    fn check_parts(&self)
    where
        Self::Local: VisiblyTyped,
    {
    }

    /// Does not compile.
    fn check_bound_parts(&self)
    where
        Self::Local: BoundAgain,
    {
    }

    /// Does not compile.
    fn check_matched_parts(&self)
    where
        Self::Local: NamedBefore,
    {
    }
}

impl<T> HeldPartsFallback for HeldCheck<T> {
    type Local = T;
}

/// Implemented for nothing: asking for it is the error message.
#[diagnostic::on_unimplemented(
    message = "a part of a `{Self}` is taken by value here, and the rest of it would be dropped at \
               the next step",
    label = "borrow it, or write `.clone()` behind it: then all of the `{Self}` is kept",
    note = "a local from which something was taken is not kept across a step, and this one releases \
            something when it is dropped",
    note = "to take it apart, bind every part of it: `let Name {{ one, other }} = ..`"
)]
pub trait TakenFrom {}

/// Implemented for nothing: asking for it is the error message.
#[diagnostic::on_unimplemented(
    message = "the pattern takes a part of a `{Self}`, and the rest of it would be dropped at the \
               next step",
    label = "match on a reference to it, or bind what `_` and `..` leave out, too",
    note = "a local from which something was taken is not kept across a step, and this one releases \
            something when it is dropped"
)]
pub trait TakenByPattern {}

/// What is asked about a local of type `T` of which a part of type `Part` is taken. [`Permit`] and
/// [`Handle`] are the only types here that are not `Unpin`, and so is all that they are a part of.
#[derive(Debug)]
pub struct PartCheck<T, Part>(PhantomData<fn() -> (T, Part)>);

impl<T, Part> PartCheck<T, Part> {
    /// `take` takes the part.
    pub fn of(_take: impl FnOnce(T) -> Part) -> Self {
        Self(PhantomData)
    }
}

impl<T> PartCheck<T, ()> {
    /// A pattern takes the part.
    pub fn of_pattern() -> Self {
        Self(PhantomData)
    }
}

/// Nothing is released where the rest is dropped early.
impl<T: Unpin, Part> PartCheck<T, Part> {
    /// Does nothing.
    pub fn check(&self) {}

    /// Does nothing.
    pub fn check_pattern(&self) {}
}

/// What is taken is what would be released.
pub trait PartIsHeld {
    /// Does nothing.
    fn check(&self) {}
}

impl<T, Part: Held> PartIsHeld for PartCheck<T, Part> {}

/// For all others.
pub trait PartFallback {
    /// The local.
    type Whole;

    /// Does not compile.
    fn check(&self)
    where
        Self::Whole: TakenFrom,
    {
    }

    /// Does not compile.
    fn check_pattern(&self)
    where
        Self::Whole: TakenByPattern,
    {
    }
}

impl<T, Part> PartFallback for &PartCheck<T, Part> {
    type Whole = T;
}
