//! How many bytes a message takes on the wire.

use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::profile::{Profile, Varying};
use crate::quantity::Bytes;
use crate::time::Instant;

/// The size of messages of type `M`: the same for all, or read from each.
///
/// Default: 0 bytes, which takes no time to transmit.
#[derive(Clone, Debug)]
pub enum Size<M> {
    /// This many bytes at that time, whatever the message.
    Fixed(Varying<Bytes>),
    /// What the function says of a message.
    Of(fn(&M) -> Bytes),
}

impl<M> Size<M> {
    /// The size of a message that is sent at `at`.
    #[inline]
    pub fn of(&self, message: &M, at: Instant) -> Bytes {
        match self {
            Self::Fixed(bytes) => bytes.at(at),
            Self::Of(size) => size(message),
        }
    }
}

impl<M> Default for Size<M> {
    fn default() -> Self {
        Self::Fixed(Varying::Constant(Bytes(0)))
    }
}

#[diagnostic::do_not_recommend]
impl<M> IntoParameter<Size<M>> for Bytes {
    fn into_parameter(self) -> Result<Size<M>, InvalidValue> {
        Ok(Size::Fixed(Varying::Constant(self)))
    }
}

#[diagnostic::do_not_recommend]
impl<M> IntoParameter<Size<M>> for Profile<Bytes> {
    fn into_parameter(self) -> Result<Size<M>, InvalidValue> {
        Ok(Size::Fixed(Varying::Profile(self)))
    }
}

#[diagnostic::do_not_recommend]
impl<M> IntoParameter<Size<M>> for Varying<Bytes> {
    fn into_parameter(self) -> Result<Size<M>, InvalidValue> {
        Ok(Size::Fixed(self))
    }
}
