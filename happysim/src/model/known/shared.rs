//! Shared objects of a topology: what nodes can share, and which fields it can stand in for.

#![allow(clippy::missing_panics_doc, reason = "a check that fails is a message of the compiler")]

use core::marker::PhantomData;

use super::super::bind::{Binder, Part};
use super::super::core::Core;
use super::super::entity::{Attach, Name};
use super::absent::Unknown;
use super::text::Text;
use super::{Ask, Known};

impl<T: Part> Ask<T> {
    /// Several nodes can share an object of this type.
    pub const IS_PART: bool = true;
}

impl<T: Default> Ask<T> {
    /// The type has a value of its own.
    pub const HAS_DEFAULT: bool = true;
}

impl<E: Attach<NAME>, const NAME: u64> Ask<(E, Name<NAME>)> {
    /// The entity has a shared field of this name.
    pub const HAS_SHARED: bool = true;
}

/// The type of the shared field behind the name with this hash.
pub trait SharedOf<E, const NAME: u64> {
    /// [`Unknown`] where there is none.
    type Shared;
}

impl<E: Attach<NAME>, const NAME: u64> SharedOf<E, NAME> for Known<true> {
    type Shared = E::Shared;
}

impl<E, const NAME: u64> SharedOf<E, NAME> for Known<false> {
    type Shared = Unknown;
}

/// A shared object for which no value is written.
#[derive(Debug)]
pub struct ByDefault<T>(pub PhantomData<T>);

impl<T: Default> ByDefault<T> {
    /// The type's own value.
    pub fn value(self) -> T {
        T::default()
    }
}

/// For types without one.
pub trait NoDefault<T>: Sized {
    /// Nothing.
    fn value(self) -> T {
        super::absent::never()
    }
}

impl<T> NoDefault<T> for ByDefault<T> {}

/// A shared object that is to be bound.
#[derive(Debug)]
pub struct SharedObject<'a, T>(pub &'a mut T);

impl<T: Part> SharedObject<'_, T> {
    /// Binds it; its type is written as `ty`.
    pub fn bind(self, core: &mut Core, name: &'static str, ty: &'static str) {
        bind_shared(self.0, core, name, ty);
    }
}

/// Binds a shared object, whose type is written as `ty`.
pub fn bind_shared(part: &mut impl Part, core: &mut Core, name: &'static str, ty: &'static str) {
    core.shared.push((name, ty));
    let mut binder = Binder::new(core, name);
    binder.field(name);
    part.bind(&mut binder);
}

/// For what cannot be shared.
pub trait NoPart: Sized {
    /// Nothing.
    fn bind(self, _core: &mut Core, _name: &'static str, _ty: &'static str) {
        super::absent::never()
    }
}

impl<T> NoPart for SharedObject<'_, T> {}

/// A shared object must be something that several nodes can share.
#[track_caller]
pub const fn check_shareable(is_part: bool, name: &str, ty: &str) {
    if !is_part {
        let text = Text::new().push_code(name).push(" is ").push_entity(ty);
        let text = text.push(
            ", which nodes cannot share\nhelp: they can share a `Mutex`, a `RwLock`, a \
             `Semaphore`, a `Resource` or a `Condition`",
        );
        panic!("{}", text.as_str());
    }
}

/// A shared object without a written value must have one by its type.
#[track_caller]
pub const fn check_default(has_default: bool, name: &str, ty: &str) {
    if !has_default {
        let text = Text::new().push_code(name).push(" needs a value, as ").push_entity(ty);
        let text = text.push(" has none by itself\nhelp: write `shared ").push(name).push(": ");
        panic!("{}", text.push(ty).push(" = ...;`").as_str());
    }
}
