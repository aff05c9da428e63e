//! Binding: giving the fields of an entity their random streams and places in the core when a
//! topology is built.

use super::core::Core;
use crate::distribution::{Chance, Choice, Distribution, Zipf};
use crate::engine::random::Random;
use crate::quantity::Quantity;

/// What a field can ask for while it is bound.
#[derive(Debug)]
pub struct Binder<'a> {
    core: &'a mut Core,
    path: &'a str,
    field: &'static str,
}

impl<'a> Binder<'a> {
    /// For the fields of the node at `path`.
    pub fn new(core: &'a mut Core, path: &'a str) -> Self {
        Self { core, path, field: "" }
    }

    /// The fields that follow belong to this one.
    pub fn field(&mut self, field: &'static str) {
        self.field = field;
    }

    /// The random stream of this field.
    pub fn random(&self) -> Random {
        Random::new(self.core.seed, self.path, self.field)
    }

    /// A further random stream of this field.
    pub fn random_for(&self, purpose: &str) -> Random {
        Random::new(self.core.seed, self.path, &format!("{}.{purpose}", self.field))
    }

    /// Path of the node.
    pub fn path(&self) -> &str {
        self.path
    }

    /// Name of the field.
    pub fn name(&self) -> &'static str {
        self.field
    }

    pub(crate) fn core(&mut self) -> &mut Core {
        self.core
    }
}

/// A field type with random draws or waiting: distributions, resources, locks, or what is made
/// of them.
pub trait Part {
    /// Takes what it needs from the binder.
    fn bind(&mut self, binder: &mut Binder<'_>);

    /// Takes the place of `former`, which was bound: continues its random streams, waits where it
    /// waited, and keeps what is under way there. What `former` lacks comes from the binder.
    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>);
}

impl Part for Random {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        *self = binder.random();
    }

    fn inherit(&mut self, former: &mut Self, _binder: &mut Binder<'_>) {
        self.clone_from(former);
    }
}

impl<Q: Quantity> Part for Distribution<Q> {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.bind_stream(binder.random());
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.bind_stream(former.take_stream().unwrap_or_else(|| binder.random()));
    }
}

impl Part for Chance {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.bind_stream(binder.random());
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.bind_stream(former.take_stream().unwrap_or_else(|| binder.random()));
    }
}

impl Part for Zipf {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.bind_stream(binder.random());
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.bind_stream(former.take_stream().unwrap_or_else(|| binder.random()));
    }
}

impl<T> Part for Choice<T> {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.bind_stream(binder.random());
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.bind_stream(former.take_stream().unwrap_or_else(|| binder.random()));
    }
}

impl<T: Part> Part for Option<T> {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        if let Some(part) = self {
            part.bind(binder);
        }
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        match (self, former) {
            (Some(part), Some(former)) => part.inherit(former, binder),
            (Some(part), None) => part.bind(binder),
            (None, _) => {}
        }
    }
}

/// A field on its way to be bound: [`Part`]s have the inherent method, all others fall back to
/// [`BindFallback`], which does nothing.
#[derive(Debug)]
pub struct Bindable<'a, T>(pub &'a mut T);

impl<T: Part> Bindable<'_, T> {
    /// Binds the part.
    pub fn bind(self, binder: &mut Binder<'_>) {
        self.0.bind(binder);
    }

    /// The parameter's new value takes the place of the part.
    pub fn replace(self, mut value: T, binder: &mut Binder<'_>) {
        value.inherit(self.0, binder);
        *self.0 = value;
    }

    /// State that follows from a parameter: what it would be from the start takes its place.
    pub fn follow(self, value: impl FnOnce() -> T, binder: &mut Binder<'_>) {
        self.replace(value(), binder);
    }
}

/// For fields that need nothing.
pub trait BindFallback<T>: Sized {
    /// Does nothing.
    fn bind(self, _binder: &mut Binder<'_>) {}
    /// Replaces the value.
    fn replace(self, value: T, _binder: &mut Binder<'_>);
    /// Keeps the state: what has happened is not undone.
    fn follow(self, _value: impl FnOnce() -> T, _binder: &mut Binder<'_>) {}
}

impl<T> BindFallback<T> for Bindable<'_, T> {
    fn replace(self, value: T, _binder: &mut Binder<'_>) {
        *self.0 = value;
    }
}
