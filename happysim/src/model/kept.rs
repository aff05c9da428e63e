//! Locals that are kept across a step with a type that was guessed from how they are made:
//! `T::new(..)` is a `T`, `.len()` is a `usize`. A guess that is wrong is told of at the local.

/// Implemented for what is as it was taken for.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is kept across a step without a visible type",
    label = "write its type behind its name: `: {Self}`"
)]
pub trait TakenFor<T> {
    /// The value.
    fn taken(self) -> T;
}

impl<T> TakenFor<T> for T {
    #[inline(always)]
    fn taken(self) -> T {
        self
    }
}

/// The value, which was taken for a `T`.
#[inline(always)]
pub fn kept_as<T, V: TakenFor<T>>(value: V) -> T {
    value.taken()
}
