//! The probes that a half-open circuit breaker has under way.

use crate::engine::keys::ClaimKey;
use crate::model::bind::{Binder, Part};
use crate::model::claims::ClaimState;
use crate::model::context::Context;
use crate::prelude::*;

/// Places for the probes of one half-open state. A probe holds its place by a permit, so that it
/// is free however the probe ends.
#[derive(Clone, Debug)]
pub struct Probes {
    /// Gives out permits; how many there may be is not its affair, since those of earlier states
    /// are among them.
    permits: Resource,
    /// What the probes of the present state hold, or held.
    held: Vec<ClaimKey>,
}

impl Default for Probes {
    fn default() -> Self {
        Self { permits: Resource::new(1 << 40).inner(), held: Vec::new() }
    }
}

impl Probes {
    /// A half-open state begins: none of its probes is under way.
    pub(super) fn begin(&mut self) {
        self.held.clear();
    }

    /// A place for one more probe, unless `most` are under way.
    pub(super) fn admit<C: Context>(&mut self, cx: &mut C, most: usize) -> Option<Permit> {
        self.held.retain(|key| cx.core().claim_state(*key) == ClaimState::Granted);
        if self.held.len() >= most {
            return None;
        }
        let place = self.permits.try_acquire(cx, 1)?;
        self.held.push(place.key());
        Some(place)
    }
}

impl Part for Probes {
    fn bind(&mut self, binder: &mut Binder<'_>) {
        self.permits.bind(binder);
    }

    fn inherit(&mut self, former: &mut Self, binder: &mut Binder<'_>) {
        self.permits.inherit(&mut former.permits, binder);
        self.held.clone_from(&former.held);
    }
}
