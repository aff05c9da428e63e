//! What can stand for a quantity that may vary.

use super::{Profile, Varying};
use crate::quantity::Quantity;
use crate::time::Duration;

/// A value that a parameter of the quantity `Q` can be given as: a `Q`, a [`Profile`] of it, or a
/// [`Varying`] that is either.
#[diagnostic::on_unimplemented(
    message = "a `{Q}` is expected here, or a profile of it, and this is a `{Self}`",
    label = "expected a `{Q}`",
    note = "a quantity is written with its unit: `5ms`, `400/s`, `5%`, `64KiB`, `10Mbps`"
)]
pub trait IntoVarying<Q> {
    /// The same as a parameter.
    fn into_varying(self) -> Varying<Q>;
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoVarying<Q> for Q {
    fn into_varying(self) -> Varying<Q> {
        Varying::Constant(self)
    }
}

#[diagnostic::do_not_recommend]
impl IntoVarying<Duration> for core::time::Duration {
    fn into_varying(self) -> Varying<Duration> {
        Varying::Constant(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoVarying<Q> for Profile<Q> {
    fn into_varying(self) -> Varying<Q> {
        Varying::Profile(self)
    }
}

#[diagnostic::do_not_recommend]
impl<Q: Quantity> IntoVarying<Q> for Varying<Q> {
    fn into_varying(self) -> Varying<Q> {
        self
    }
}
