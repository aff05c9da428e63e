//! A hedge: a second request where the first is slow.

use super::hedge_delay::HedgeDelay;
use crate::components::client::Budget;
use crate::model::entity::Unwired;
use crate::prelude::*;

/// Sends a request again if it is not answered within a delay, and takes the first success.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `delay` | hedge `j` is sent one delay after the attempt before it, if nothing has succeeded yet: a duration, a profile, or a running percentile of the latencies, `percentile(95, 50ms)` | required |
/// | `max_hedges` | how many, besides the first attempt | 1 |
/// | `giving_up` | what becomes of the losers when one has won: `abandon` them, so that they run to their end, or `cancel` them, so that what they hold and where they queue is free at that instant | `abandon` |
/// | `budget` | a [`Budget`] of hedges: `budget(5%, 10)`; a hedge without a token is left out | none |
///
/// A failed attempt is no answer while others are under way. When all that were sent have
/// failed, the caller is told the last failure at once: a hedge is no retry. Statistics:
/// `hedges` sent, requests that one of them answered first (`rescued`), hedges that the budget refused (`over_budget`).
///
/// Source: J. Dean and L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.
#[entity(relay)]
pub struct Hedge<Request: Message = Unwired, Reply: Message = Unwired> {
    delay: HedgeDelay,
    #[param(default = Varying::Constant(1))]
    max_hedges: Varying<usize>,
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    #[param(default = None)]
    budget: Option<Budget>,
    #[state]
    hedges: Counter,
    #[state]
    rescued: Counter,
    #[state]
    over_budget: Counter,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Hedge<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        if let Some(budget) = &mut self.budget {
            budget.earn(cx);
        }
        let started: Instant = cx.now();
        let mut due: Instant = started.saturating_add(self.delay.at(cx));
        let mut chances: usize = self.max_hedges.at(started);
        let mut open: Vec<Handle<HedgeNext<Request, Reply>>> = Vec::new();
        open.push(self.next.call(request.clone()).giving_up(self.giving_up).start(cx));
        let mut first_is_open: bool = true;
        loop {
            let patience: Option<Duration> = (chances > 0).then(|| due.saturating_since(cx.now()));
            let news: Option<(usize, Outcome<Reply>)> = first(&mut open).timeout_if(patience).await;
            match news {
                Some((position, outcome)) => {
                    let is_first = first_is_open && position == 0;
                    if outcome.is_ok() {
                        self.rescued += u64::from(!is_first);
                        self.delay.learn(cx.now().since(started), is_first, cx);
                    }
                    if outcome.is_ok() || open.is_empty() {
                        return outcome;
                    }
                    first_is_open &= !is_first;
                }
                None => {
                    chances -= 1;
                    due = due.saturating_add(self.delay.at(cx));
                    if self.budget.as_mut().is_none_or(Budget::spend) {
                        self.hedges += 1;
                        let again = self.next.call(request.clone()).giving_up(self.giving_up);
                        open.push(again.start(cx));
                    } else {
                        self.over_budget += 1;
                    }
                }
            }
        }
    }
}
