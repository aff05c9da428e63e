//! What is computed of two values, or iterated over, in a handler that keeps it across a step.

use core::ops;

use super::absent::{Unknown, never};
use super::{Ask, Known};

/// An operator, for a left and a right value.
pub trait Operator<L, R> {
    /// What it yields.
    type Output;
}

macro_rules! operators {
    ($($marker:ident $name:ident $method:ident),*) => {
        /// The operators as types. They are not named as their traits are, which rustc would call by their
        /// paths then.
        pub mod operator {
            $(
                /// The operator of this name.
                #[derive(Debug)]
                pub struct $marker;
            )*
        }

        $(
            impl<L: ops::$name<R>, R> Operator<L, R> for operator::$marker {
                type Output = L::Output;
            }

            impl<R> ops::$name<R> for Unknown {
                type Output = Self;

                fn $method(self, _: R) -> Self {
                    never()
                }
            }
        )*
    };
}

operators!(Plus Add add, Minus Sub sub, Times Mul mul, Over Div div, Modulo Rem rem);

impl<L, M: Operator<L, R>, R> Ask<(L, M, R)> {
    /// There is such an operator.
    pub const COMPUTES: bool = true;
}

/// What an operator yields.
pub trait Computed<L, M, R> {
    /// [`Unknown`] where there is no such operator: rustc tells of it where it stands.
    type Output;
}

impl<L, M: Operator<L, R>, R> Computed<L, M, R> for Known<true> {
    type Output = M::Output;
}

impl<L, M, R> Computed<L, M, R> for Known<false> {
    type Output = Unknown;
}

/// Something to iterate over.
#[derive(Debug)]
pub struct Iterated<T>(T);

impl<T: IntoIterator> Ask<Iterated<T>> {
    /// It can be iterated over.
    pub const ITERATES: bool = true;
}

/// What a value is iterated over by.
pub trait IterationOf<T> {
    /// [`Unknown`] where it cannot be: rustc tells of it where it stands.
    type Iterator: Iterator<Item = Self::Item>;
    /// Likewise.
    type Item;
}

impl<T: IntoIterator> IterationOf<T> for Known<true> {
    type Iterator = T::IntoIter;
    type Item = T::Item;
}

impl<T> IterationOf<T> for Known<false> {
    type Iterator = Unknown;
    type Item = Unknown;
}
