//! A bulkhead: a limit of calls under way, so that one slow callee does not take all there is.

use crate::model::entity::Unwired;
use crate::prelude::*;

/// Lets up to `max_concurrent` calls through at once, lets some more wait, and rejects the rest.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `max_concurrent` | calls under way at once, 0 or more, as in an outage, but not the literal 0; a profile raises and lowers it: raised, it lets waiting calls through at that instant, lowered, it drains | required |
/// | `max_wait_queue` | calls that may wait, first in first out; `None`: any number | 0 |
/// | `max_wait_time` | how long a call may wait; it is rejected exactly then | for ever |
///
/// A call is rejected with `queue full` if all places are taken and the queue is full when it
/// comes, with `waited too long` after `max_wait_time`. A place is held from the moment a call is
/// let through until its outcome, or until its caller cancels it; so is a place in the queue.
/// Statistics: besides those of every handler, places in use, calls waiting and how long they
/// waited (the resource `places`).
///
/// Source: M. Nygard, *Release It!* (2007).
#[entity(relay)]
pub struct Bulkhead<Request: Message = Unwired, Reply: Message = Unwired> {
    max_concurrent: Varying<usize>,
    #[param(default = Some(Varying::Constant(0)))]
    max_wait_queue: Option<Varying<usize>>,
    #[param(default = None)]
    max_wait_time: Option<Varying<Duration>>,
    #[state(Resource::new(max_concurrent.clone()).room(max_wait_queue.clone()))]
    places: Resource,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Bulkhead<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let patience = self.max_wait_time.as_ref().map(|time| time.at(cx.now()));
        let _place: Permit = self.places.enter(Claim::of(1).patience(patience)).await?;
        self.next.call(request).await
    }
}
