//! A timeout around a call.

use crate::model::entity::Unwired;
use crate::prelude::*;

/// Passes a call on and waits for its outcome no longer than `timeout`.
///
/// | parameter | meaning | default |
/// |---|---|---|
/// | `timeout` | how long; a reply at that very instant is in time; a duration or a profile, read when the call comes | required |
/// | `giving_up` | what becomes of the work then: `abandon` it, so that the callee goes on and its late reply is counted and dropped, or `cancel` it, so that its permits and places in queues are free at that instant | `abandon` |
///
/// After `timeout` the caller is told [`Failure::TimedOut`].
#[entity(relay)]
#[allow(clippy::struct_field_names, reason = "as the other components name it")]
pub struct Timeout<Request: Message = Unwired, Reply: Message = Unwired> {
    timeout: Varying<Duration>,
    #[param(default = GivingUp::Abandon)]
    giving_up: GivingUp,
    #[port]
    next: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> Timeout<Request, Reply> {
    async fn handle(&mut self, cx: &mut Cx<Self>, request: Request) -> Outcome<Reply> {
        let timeout = self.timeout.at(cx.now());
        self.next.call(request).timeout(timeout).giving_up(self.giving_up).await
    }
}
