//! What is counted and timed on each wire, from the caller's side.

use super::HandlerStatistics;
use crate::model::outcome::Failure;
use crate::time::Instant;

/// The calls that went out over one port: by outcome, with the latency that the caller saw.
#[derive(Clone, Debug, Default)]
pub struct PortStats {
    /// Calls by outcome. A call that timed out or was given up has ended for its caller.
    pub calls: HandlerStatistics,
    /// Replies that came after their caller had stopped waiting.
    pub late_replies: u64,
}

impl PortStats {
    /// A request was sent.
    #[inline]
    pub fn send(&mut self, now: Instant) {
        self.calls.arrive(now);
    }

    /// An outcome came back in time.
    #[inline(always)]
    pub fn answer(&mut self, now: Instant, sent_at: Instant, failure: Option<Failure>) {
        match failure {
            None => self.calls.succeed(now, sent_at),
            Some(failure) => self.fail(now, sent_at, failure),
        }
    }

    /// Whether times and levels are recorded, or outcomes only.
    pub fn set_timed(&mut self, timed: bool) {
        self.calls.set_timed(timed);
    }

    /// Forgets what was before `now`: the end of a warm-up.
    pub fn reset(&mut self, now: Instant) {
        self.calls.reset(now);
        self.late_replies = 0;
    }

    /// The call ended without a reply.
    #[inline]
    pub fn fail(&mut self, now: Instant, sent_at: Instant, failure: Failure) {
        self.calls.fail(now, sent_at, failure.index());
    }
}
