//! Rights to claims: plain data in the state of the task that made the claim.

use core::marker::PhantomPinned;

use crate::engine::dropped::{self, Dropped};
use crate::engine::keys::ClaimKey;

/// The right to a claim; dropping it releases the claim or leaves the queue.
#[derive(Clone, Debug)]
pub struct ClaimTicket(ClaimKey);

impl ClaimTicket {
    #[inline]
    pub(crate) fn new(key: ClaimKey) -> Self {
        Self(key)
    }

    /// The place of the claim.
    #[inline]
    pub(crate) fn key(&self) -> ClaimKey {
        self.0
    }
}

impl Drop for ClaimTicket {
    #[inline]
    fn drop(&mut self) {
        dropped::note(Dropped::claim(self.0));
    }
}

/// A granted claim: units of a resource, a held lock. Released when it is dropped, which is at
/// the end of its scope at the latest.
///
/// What is dropped is taken back at the end of the step: until the handler waits or returns, it
/// counts as in use, for its own handler too. Those who wait are served then, at the same
/// instant.
#[derive(Clone, Debug)]
#[must_use = "a permit that is not held is released at once: `let _permit: Permit = ...`"]
// Not `Unpin`: see `PartCheck`.
pub struct Permit(ClaimTicket, PhantomPinned);

impl Permit {
    #[inline]
    pub(crate) fn new(ticket: ClaimTicket) -> Self {
        Self(ticket, PhantomPinned)
    }

    /// The claim that it is the right to.
    pub(crate) fn key(&self) -> ClaimKey {
        self.0.key()
    }

    pub(crate) fn into_ticket(self) -> ClaimTicket {
        self.0
    }
}
