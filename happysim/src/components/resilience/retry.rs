//! Retries around a call.

use crate::components::client::{Backoff, Budget, RetryPolicy, Verdict};
use crate::model::entity::Unwired;
use crate::prelude::*;

/// Passes a call on, and again after failures, as its policy says. It sets no timeout of its
/// own: put `timeout(..)` behind it for one in each attempt, in front of it for one over all.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `policy` | a [`RetryPolicy`]: `fixed(3, 100ms)`, `exponential(3, 20ms..1s, full_jitter)`, `decorrelated(3, 20ms..1s)` | required |
/// | `budget` | a [`Budget`] of retries: `budget(10%, 10)` | none |
///
/// The caller is told the last attempt's outcome. Statistics: `attempts`, `retries`, and retries
/// that the budget refused (`over_budget`), besides the requests and their outcomes.
#[entity(relay)]
pub struct Retry<Request: Message = Unwired, Reply: Message = Unwired> {
    policy: RetryPolicy,
    #[param(default = None)]
    budget: Option<Budget>,
    #[state]
    attempts: Counter,
    #[state]
    retries: Counter,
    #[state]
    over_budget: Counter,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Retry<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        if let Some(budget) = &mut self.budget {
            budget.earn(cx);
        }
        let mut backoff: Backoff = Backoff::default();
        loop {
            self.attempts += 1;
            let outcome = self.next.call(request.clone()).await;
            let Err(failure) = outcome else { return outcome };
            match self.policy.judge(failure, &mut backoff, self.budget.as_mut(), cx) {
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
