//! A source: open load, which does not wait for replies.

use core::fmt;
use core::marker::PhantomData;

use crate::distribution::arrivals::Arrivals;
use crate::engine::random::Random;
use crate::model::bind::{Binder, Part};
use crate::model::entity::{Shape, Target};
use crate::model::parameter::{IntoParameter, InvalidValue};
use crate::prelude::*;

/// An arrival, from which a source makes its message.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// 0 for the first message of the source, 1 for the next.
    pub number: u64,
    /// The instant.
    pub at: Instant,
    /// The source's random stream for messages.
    pub random: &'a mut Random,
}

/// Makes the message of an arrival.
#[derive(Clone)]
pub enum MessageMaker<M> {
    /// All messages are alike.
    Alike(M),
    /// Each is made.
    Made {
        /// Makes one.
        make: fn(&mut Arrival<'_>) -> M,
        /// The stream for that.
        random: Option<Random>,
    },
}

impl<M> fmt::Debug for MessageMaker<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageMaker")
    }
}

impl<M: Clone> MessageMaker<M> {
    #[inline]
    fn make(&mut self, number: u64, at: Instant) -> M {
        match self {
            Self::Alike(message) => message.clone(),
            Self::Made { make, random } => {
                let random = random.as_mut();
                let random =
                    random.expect("a source is used in a topology, which binds its streams");
                make(&mut Arrival { number, at, random })
            }
        }
    }
}

impl<M> Part for MessageMaker<M> {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        if let Self::Made { random, .. } = self {
            *random = Some(binder.random());
        }
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        let stream = match former {
            Self::Made { random, .. } => random.take(),
            Self::Alike(_) => None,
        };
        if let Self::Made { random, .. } = self {
            *random = Some(stream.unwrap_or_else(|| binder.random()));
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M> IntoParameter<MessageMaker<M>> for fn(&mut Arrival<'_>) -> M {
    fn into_parameter(self) -> Result<MessageMaker<M>, InvalidValue> {
        Ok(MessageMaker::Made { make: self, random: None })
    }
}

impl Part for Arrivals {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.bind_stream(binder.random());
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.bind_stream(binder.random());
        self.go_on_from(former);
    }
}

/// Open load: sends a message at each arrival and does not wait for the reply.
///
/// In a topology: `source users: poisson(400/s) emits Request;`. The arrivals may be constant,
/// Poisson, renewal, Markov-modulated, in batches, or replayed; their rates may be profiles.
/// A source without an end keeps a simulation going for ever: run it for a time, or end it with
/// [`Arrivals::until`] or [`Arrivals::limit`].
#[entity]
pub struct Source<Request: Message, Reply: Message> {
    /// When messages are sent.
    arrivals: Arrivals,
    /// What is sent.
    message: MessageMaker<Request>,
    #[state]
    sent: u64,
    #[port]
    out: Call<Request, Reply>,
}

/// A source that emits messages of type `M`, before it is known what it leads to.
#[derive(Clone, Copy, Debug)]
pub struct Emits<M>(PhantomData<M>);

impl<M: Message, T: Target> Shape<T> for Emits<M> {
    type Entity = Source<M, T::Reply>;
}

#[entity]
impl<Request: Message, Reply: Message> Source<Request, Reply> {
    #[process]
    async fn generate(&mut self, cx: &mut Cx<Self>) {
        while let Some(at) = self.arrivals.next() {
            cx.sleep_until(at).await;
            for _ in 0..self.arrivals.batch_size() {
                let message = self.message.make(self.sent, cx.now());
                self.sent += 1;
                self.out.post(cx, message);
            }
        }
    }
}
