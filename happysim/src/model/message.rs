//! What travels between nodes.

use core::fmt::Debug;

pub use crate::engine::reply::ReplyTo;

/// Anything that can be sent: plain data, so that a simulation can be copied and shown.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a message, which is copied and shown",
    label = "write `#[derive(Clone, Debug)]` above the declaration of `{Self}`"
)]
pub trait Message: Clone + Debug + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Debug + 'static> Message for T {}

/// A message on its way to a handler.
#[derive(Clone, Debug)]
pub struct Envelope<M> {
    /// What is sent.
    pub message: M,
    /// Where the reply goes.
    pub reply_to: ReplyTo,
    /// Which replica of the node receives it.
    pub replica: u32,
}
