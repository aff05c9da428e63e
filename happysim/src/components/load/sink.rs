//! A sink: where messages end.

use core::marker::PhantomData;

use crate::prelude::*;

/// Answers every request at once. Its statistics count what arrives.
#[entity]
pub struct Sink<Request: Message = ()> {
    #[state]
    received: Counter,
    #[state]
    request: PhantomData<fn(Request)>,
}

#[entity]
impl<Request: Message> Sink<Request> {
    #[allow(clippy::unused_async, reason = "a handler is async also where it never waits")]
    async fn receive(&mut self, _cx: &mut Cx<Self>, _request: Request) -> Outcome<()> {
        self.received += 1;
        Ok(())
    }
}
