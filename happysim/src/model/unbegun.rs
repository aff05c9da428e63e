//! Steps without their `.await`, which never begin. What a method of a field yields is known to
//! rustc alone: methods of one's own types may be called as those of ports are.

use super::known::Known;

/// A step, until it is awaited.
pub trait Unbegun {
    /// What it yields then.
    type Output;
}

/// Where a check of the field's type has told that the step never begins. Elsewhere, as of an entity with
/// parameters of type, asking for it is the message.
#[diagnostic::on_unimplemented(
    message = "this step never begins, because nothing waits for it",
    label = "write `.await` behind it"
)]
pub trait Told {}

impl Told for Known<true> {}

/// What stands where a step is often forgotten to be awaited.
#[derive(Debug)]
pub struct MaybeStep<T>(pub T);

impl<T: Unbegun> MaybeStep<T> {
    /// What the step would yield, so that nothing else is told of.
    #[allow(clippy::missing_panics_doc, reason = "what calls it is never compiled to the end")]
    pub fn value<K: Told>(self) -> T::Output {
        unreachable!("a program with a step that never begins is not compiled")
    }
}

/// For what is no step.
pub trait NoStep<T> {
    /// The value.
    fn value<K>(self) -> T;
}

impl<T> NoStep<T> for MaybeStep<T> {
    #[inline(always)]
    fn value<K>(self) -> T {
        self.0
    }
}
