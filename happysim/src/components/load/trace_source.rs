//! A source that replays a trace.

use super::trace::Trace;
use crate::model::entity::Unwired;
use crate::prelude::*;

/// Sends the records of a trace at their times, and does not wait for replies.
///
/// In a topology: `node clients: TraceSource { trace: trace };`, where `trace` is a
/// [`Trace`]. The simulation comes to its end when the trace does. A record whose time is past
/// is sent at once. Statistics: records sent, broken lines skipped.
///
/// # Panics
/// When a streamed trace has a broken line that is not to be skipped: the run ends with an
/// error that names file and line.
#[entity(relay)]
pub struct TraceSource<Request: Message = Unwired, Reply: Message = Unwired> {
    trace: Trace<Request>,
    #[port]
    out: Call<Request, Reply>,
}

#[entity]
impl<Request: Message, Reply: Message> TraceSource<Request, Reply> {
    #[process]
    async fn replay(&mut self, cx: &mut Cx<Self>) {
        while let Some((after, message)) = self.next() {
            let message: Request = message;
            cx.sleep_until(Instant::ZERO.saturating_add(after)).await;
            self.out.post(cx, message);
        }
    }

    fn next(&mut self) -> Option<(Duration, Request)> {
        self.trace.next_record().unwrap_or_else(|error| panic!("{error}"))
    }
}
