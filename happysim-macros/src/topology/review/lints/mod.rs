//! One file for each lint.

mod balancer_of_one;
mod breaker_never_opens;
mod bulkhead_too_wide;
mod hedge_too_late;
mod no_timeout_over_loss;
mod overload;
mod retry_amplification;
mod timeout_below_latency;
mod timeout_below_retries;
mod unchosen_lanes;

use super::Finding;
use super::graph::Graph;

/// A lint by its name.
pub(super) struct Lint {
    pub(super) name: &'static str,
    pub(super) find: fn(&Graph<'_>, &mut Vec<Finding>),
}

/// All lints, in the order in which their warnings come.
pub(super) const ALL: &[Lint] = &[
    Lint { name: balancer_of_one::NAME, find: balancer_of_one::find },
    Lint { name: breaker_never_opens::NAME, find: breaker_never_opens::find },
    Lint { name: bulkhead_too_wide::NAME, find: bulkhead_too_wide::find },
    Lint { name: hedge_too_late::NAME, find: hedge_too_late::find },
    Lint { name: no_timeout_over_loss::NAME, find: no_timeout_over_loss::find },
    Lint { name: overload::NAME, find: overload::find },
    Lint { name: retry_amplification::NAME, find: retry_amplification::find },
    Lint { name: timeout_below_latency::NAME, find: timeout_below_latency::find },
    Lint { name: timeout_below_retries::NAME, find: timeout_below_retries::find },
    Lint { name: unchosen_lanes::NAME, find: unchosen_lanes::find },
];
