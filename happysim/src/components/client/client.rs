//! A client: a timeout, retries, and what they cost.

use super::backoff::Backoff;
use super::budget::Budget;
use super::retry_policy::{RetryPolicy, Verdict};
use crate::model::entity::Unwired;
use crate::prelude::*;

/// Sends a request on, waits for its reply as long as `timeout` allows, and tries again as the
/// retry policy says.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `timeout` | how long one attempt may take; a duration or a profile, read when the attempt is sent | for ever |
/// | `retry` | a [`RetryPolicy`]: `no_retry`, `fixed(3, 100ms)`, `exponential(3, 20ms..1s, full_jitter)`, `decorrelated(3, 20ms..1s)` | `no_retry` |
/// | `budget` | a [`Budget`] of retries: `budget(10%, 10)` | none |
/// | `giving_up` | what becomes of the work of an attempt that timed out: `abandon` it (the callee goes on), or `cancel` it | `abandon` |
///
/// A request, an attempt, a retry and an outcome are four counts. The handler counts requests and
/// their outcomes (with the last attempt's failure), and times them from the first attempt to
/// the outcome, delays included. The node counts `attempts`, `retries`, `timeouts` (attempts
/// that ended so) and retries that the budget refused (`over_budget`). The wire counts attempts
/// by their outcomes and the replies that came too late.
#[entity(relay)]
pub struct Client<Request: Message = Unwired, Reply: Message = Unwired> {
    #[param(default = None)]
    timeout: Option<Varying<Duration>>,
    #[param(default = RetryPolicy::none())]
    retry: RetryPolicy,
    #[param(default = None)]
    budget: Option<Budget>,
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    #[state]
    attempts: Counter,
    #[state]
    retries: Counter,
    #[state]
    timeouts: Counter,
    #[state]
    over_budget: Counter,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Client<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        if let Some(budget) = &mut self.budget {
            budget.earn(cx);
        }
        let mut backoff: Backoff = Backoff::default();
        loop {
            self.attempts += 1;
            let timeout = self.timeout.as_ref().map(|timeout| timeout.at(cx.now()));
            let outcome =
                self.next.call(request.clone()).timeout_if(timeout).giving_up(self.giving_up).await;
            let Err(failure) = outcome else { return outcome };
            if failure == Failure::TimedOut {
                self.timeouts += 1;
            }
            match self.retry.judge(failure, &mut backoff, self.budget.as_mut(), cx) {
                Verdict::Again(delay) => {
                    self.retries += 1;
                    if !delay.is_zero() {
                        cx.sleep(delay).await;
                    }
                }
                Verdict::GiveUp => return Err(failure),
                Verdict::OverBudget => {
                    self.over_budget += 1;
                    return Err(failure);
                }
            }
        }
    }
}
