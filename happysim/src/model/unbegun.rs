//! Steps without their `.await`, which never begin. What a method of a field yields is known to
//! rustc alone: methods of one's own types may be called as those of ports are.

/// A step, until it is awaited.
pub trait Unbegun {
    /// What it yields then.
    type Output;
}

/// Implemented for nothing: asking for it is the error message.
#[diagnostic::on_unimplemented(
    message = "this step never begins, because nothing waits for it",
    label = "write `.await` behind it"
)]
pub trait Awaited {}

/// What stands where a step is often forgotten to be awaited.
#[derive(Debug)]
pub struct MaybeStep<T>(T);

impl<T> MaybeStep<T> {
    /// This value; whether it is that of a step, has been asked of the field's type.
    #[inline(always)]
    pub fn of(value: T, _asked: ()) -> Self {
        Self(value)
    }
}

impl<T: Unbegun> MaybeStep<T> {
    /// What the step would yield: that it does not has been told.
    pub fn value(self) -> T::Output {
        never()
    }

    /// Does not compile: for an entity of whose field nothing can be asked.
    pub fn value_if_none(self) -> T::Output
    where
        T: Awaited,
    {
        never()
    }
}

fn never<T>() -> T {
    unreachable!("a program with a step that never begins is not compiled")
}

/// For what is no step.
pub trait NoStep<T> {
    /// The value.
    fn value(self) -> T;
    /// The value.
    fn value_if_none(self) -> T;
}

impl<T> NoStep<T> for MaybeStep<T> {
    #[inline(always)]
    fn value(self) -> T {
        self.0
    }

    #[inline(always)]
    fn value_if_none(self) -> T {
        self.0
    }
}
