//! What travels between nodes.

use core::fmt::Debug;

use super::known::Known;
pub use crate::engine::reply::ReplyTo;

/// Anything that can be sent: plain data, so that a simulation can be copied and shown.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent: messages are copied with a simulation and shown in reports",
    label = "write `#[derive(Clone, Debug)]` above the declarations of `{Self}` and of what is in it"
)]
pub trait Message: Clone + Debug + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Debug + 'static> Message for T {}

/// Asks whether something can be sent: where it cannot, rustc says so at the type, and there is no
/// answer.
pub const fn is_message<M: Message>() -> bool {
    true
}

/// The type `M` behind the answer of [`is_message`]: no type at all where there is none, so that
/// rustc keeps quiet about whatever has it.
pub trait Sent<M> {
    /// `M`.
    type Type;
}

impl<M> Sent<M> for Known<true> {
    type Type = M;
}

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
