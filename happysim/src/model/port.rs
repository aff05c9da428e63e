//! Ports: where an entity is wired to others.

use core::fmt;
use core::marker::PhantomData;

use super::call::{self, CallStep, Handle};
use super::context::{Context, Wire};
use super::message::Message;

/// The type-level identity of a port; `#[entity]` makes one for each port field.
pub trait Port: 'static {
    /// What is sent.
    type Message: Message;
    /// What comes back; `()` for one-way ports.
    type Reply: Message;
    /// The field's name as a type.
    type Key;
    /// The field's name.
    const NAME: &'static str;
    /// The entity's name.
    const ENTITY: &'static str;
}

/// A port whose entity was not expanded by `#[entity]`: nothing can be sent over it.
#[derive(Clone, Copy, Debug)]
pub struct Unnamed;

/// An out port for requests that are answered, as a field of an entity:
/// `#[port] db: Call<Query, Rows>`.
///
/// A port may be wired to several receivers (`-> api[*]`); each is a *lane*.
pub struct Call<Q, R, P = Unnamed> {
    types: PhantomData<fn(Q, P) -> R>,
}

/// An out port for messages that nobody answers, as a field of an entity:
/// `#[port] log: Send<Line>`.
pub struct Send<M, P = Unnamed> {
    types: PhantomData<fn(M, P)>,
}

macro_rules! plain_data {
    ($name:ident<$($parameter:ident),*>) => {
        impl<$($parameter),*> Clone for $name<$($parameter),*> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<$($parameter),*> Copy for $name<$($parameter),*> {}
        impl<$($parameter),*> Default for $name<$($parameter),*> {
            fn default() -> Self {
                Self { types: PhantomData }
            }
        }
        impl<$($parameter),*> fmt::Debug for $name<$($parameter),*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

plain_data!(Call<Q, R, P>);
plain_data!(Send<M, P>);

impl<Q, R, P: Port<Message = Q, Reply = R>> Call<Q, R, P> {
    /// A request over the only (or the first) lane; `.await` it for the outcome.
    #[inline]
    pub fn call(&self, message: Q) -> CallStep<P> {
        CallStep::new(message, 0)
    }

    /// The lane with this number, for ports that are wired to several receivers.
    #[inline]
    pub fn lane(&self, lane: usize) -> Lane<P> {
        Lane { lane, port: PhantomData }
    }

    /// How many receivers the port is wired to.
    #[inline]
    pub fn lanes<C: Wire<P>>(&self, cx: &C) -> usize {
        cx.lanes()
    }

    /// How many calls this replica has open over each lane: sent, and neither answered nor
    /// timed out nor given up.
    #[inline]
    pub fn in_flight<'c, C: Wire<P> + Context>(&self, cx: &'c mut C) -> &'c [u32] {
        call::in_flight::<P, C>(cx)
    }

    /// Sends a request now and returns a handle to its outcome, which can be awaited later,
    /// raced or joined with others. Dropping the handle abandons the call.
    #[inline]
    pub fn start<C: Wire<P> + Context>(&self, cx: &mut C, message: Q) -> Handle<P> {
        self.call(message).start(cx)
    }

    /// Sends a request now and waits for nothing; its outcome is only counted.
    #[inline]
    pub fn post<C: Wire<P> + Context>(&self, cx: &mut C, message: Q) {
        self.call(message).post(cx);
    }
}

impl<M, P: Port<Message = M, Reply = ()>> Send<M, P> {
    /// Sends a message over the only (or the first) lane.
    #[inline]
    pub fn send<C: Wire<P> + Context>(&self, cx: &mut C, message: M) {
        CallStep::<P>::new(message, 0).post(cx);
    }

    /// Sends a message over the lane with this number.
    #[inline]
    pub fn send_to<C: Wire<P> + Context>(&self, cx: &mut C, lane: usize, message: M) {
        CallStep::<P>::new(message, lane).post(cx);
    }

    /// How many receivers the port is wired to.
    #[inline]
    pub fn lanes<C: Wire<P>>(&self, cx: &C) -> usize {
        cx.lanes()
    }
}

/// Implemented for nothing: asking for it is the error message.
#[diagnostic::on_unimplemented(
    message = "nobody answers what is sent over a `Send`",
    label = "write `.send(cx, ..)`, or declare the port as `Call<Request, Reply>`"
)]
pub trait Answered {}

/// Implemented for nothing: asking for it is the error message.
#[diagnostic::on_unimplemented(
    message = "what is sent over a `Call` is answered",
    label = "write `.call(..).await`, `.post(cx, ..)` to wait for nothing, or declare the port as \
             `Send<Message>`"
)]
pub trait Unanswered {}

/// What the other kind of port has.
#[doc(hidden)]
impl<M, P: Port<Message = M, Reply = ()>> Send<M, P> {
    /// Does not compile.
    pub fn call(&self, message: M) -> CallStep<P>
    where
        Self: Answered,
    {
        CallStep::new(message, 0)
    }

    /// Does not compile.
    pub fn start<C: Wire<P> + Context>(&self, cx: &mut C, message: M) -> Handle<P>
    where
        Self: Answered,
    {
        self.call(message).start(cx)
    }
}

#[doc(hidden)]
impl<Q, R, P: Port<Message = Q, Reply = R>> Call<Q, R, P> {
    /// Does not compile.
    pub fn send<C: Wire<P> + Context>(&self, cx: &mut C, message: Q)
    where
        Self: Unanswered,
    {
        self.call(message).post(cx);
    }
}

/// One of the receivers that a port is wired to.
#[derive(Clone, Copy, Debug)]
pub struct Lane<P> {
    lane: usize,
    port: PhantomData<fn(P)>,
}

impl<P: Port> Lane<P> {
    /// A request over this lane; `.await` it for the outcome.
    #[inline]
    pub fn call(self, message: P::Message) -> CallStep<P> {
        CallStep::new(message, self.lane)
    }

    /// Sends a request over this lane now and returns a handle to its outcome.
    #[inline]
    pub fn start<C: Wire<P> + Context>(self, cx: &mut C, message: P::Message) -> Handle<P> {
        self.call(message).start(cx)
    }

    /// Sends a request over this lane now and waits for nothing.
    #[inline]
    pub fn post<C: Wire<P> + Context>(self, cx: &mut C, message: P::Message) {
        self.call(message).post(cx);
    }
}
