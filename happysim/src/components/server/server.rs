//! A server with a number of slots and a queue.

use core::marker::PhantomData;

use super::service::Service;
use crate::prelude::*;
use crate::queueing::fifo;

/// Works on up to `concurrency` requests at once; the others wait.
///
/// A request takes as many slots as `weight` says (one), waits for them under the discipline
/// of `queue`, holds them for its service time, and is answered with the reply's default.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `concurrency` | slots; 0 or more, as in an outage, but not the literal 0; a profile raises and lowers it while requests run: raised slots start queued work at that instant, lowered ones drain | 1 |
/// | `service` | service time: a duration, distribution, profile (read when service starts) or a function of the request | 10 ms |
/// | `queue` | discipline: `fifo()`, `lifo()`, `priority()`, `codel(5ms, 100ms)`, whose times are 1 ns or longer | `fifo()` |
/// | `queue_capacity` | how many may wait; more are rejected | any number |
/// | `max_wait` | how long a request waits before it is rejected: a duration, distribution (its patience) or profile, drawn when it comes | for ever |
/// | `class` | what the discipline looks at, as a function of the request | the same for all |
/// | `weight` | slots that a request takes, as a function of it; more than there ever are from now on is rejected, also when `concurrency` falls so while it waits | 1 |
///
/// Failures: `queue full`, `dropped` (by the discipline), `waited too long`, `too heavy`, each
/// told to the caller. Statistics: besides those of every handler, slots in use and requests
/// waiting over time, and how long they waited (the resource `slots`).
#[entity]
pub struct Server<Request: Message = (), Reply: Message + Default = ()> {
    #[param(default = Varying::Constant(1))]
    concurrency: Varying<usize>,
    #[param(default = Service::Drawn(Distribution::constant(millis(10))))]
    service: Service<Request>,
    #[param(default = fifo(), range = 1e-9..)]
    queue: Discipline,
    #[param(default = None)]
    queue_capacity: Option<Varying<usize>>,
    #[param(default = None)]
    max_wait: Option<Distribution>,
    #[param(default = None)]
    class: Option<fn(&Request) -> Class>,
    #[param(default = None)]
    weight: Option<fn(&Request) -> u64>,
    #[state(Resource::new(concurrency.clone()).queue(queue.clone()).room(queue_capacity.clone()))]
    slots: Resource,
    #[state]
    reply: PhantomData<fn() -> Reply>,
}

#[entity]
impl<Request: Message, Reply: Message + Default> Server<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let weight = self.weight.map_or(1, |weight| weight(&request));
        let _slots: Permit = self
            .slots
            .enter(
                Claim::of(weight)
                    .class(said(self.class, &request, &mut None))
                    .patience(drawn(&mut self.max_wait, cx.now())),
            )
            .await?;
        cx.sleep(self.service.sample(cx, &request)).await;
        Ok(Reply::default())
    }
}

/// How long a request that comes in now waits at most.
fn drawn(max_wait: &mut Option<Distribution>, now: Instant) -> Option<Duration> {
    max_wait.as_mut().map(|wait| wait.sample(&now))
}

/// What a request says about itself, if anybody asks, kept in `class`.
#[inline]
fn said<'a, Request>(
    ask: Option<fn(&Request) -> Class>,
    request: &Request,
    class: &'a mut Option<Class>,
) -> Option<&'a Class> {
    ask.map(|ask| &*class.insert(ask(request)))
}
