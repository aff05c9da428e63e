//! A timeout that ends before the retries behind it can.

use super::super::Finding;
use super::super::figure::Time;
use super::super::graph::Graph;
use super::super::policy::{Longest, Patience};

pub(super) const NAME: &str = "timeout_below_retries";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let can_take = graph.can_take();
    for (caller, _) in graph.nodes() {
        if let Patience::Until(patience) = graph.patience(caller) {
            findings.extend(beyond(graph, &can_take, caller, &patience));
        }
    }
}

/// The nearest retries behind `caller` that can take longer than it waits, if nobody between
/// them gives up earlier.
fn beyond(
    graph: &Graph<'_>,
    can_take: &[Option<Longest>],
    caller: usize,
    patience: &Time,
) -> Option<Finding> {
    let mut path = vec![caller];
    let mut between = u64::MAX;
    for node in graph.behind(caller) {
        path.push(node);
        let retries = graph.policy(node).is_some_and(|policy| policy.attempts > 1);
        if let Some(longest) = can_take[node].as_ref().filter(|_| retries) {
            let is_short = patience.value < longest.value && longest.value <= between;
            return is_short.then(|| finding(graph, path, patience, longest));
        }
        match graph.patience(node) {
            Patience::Endless => {}
            Patience::Until(own) => between = between.min(own.value),
            Patience::Unknown => return None,
        }
    }
    None
}

fn finding(graph: &Graph<'_>, path: Vec<usize>, patience: &Time, longest: &Longest) -> Finding {
    let (caller, retries) = (graph.path(path[0]), graph.path(path[path.len() - 1]));
    Finding {
        lint: NAME,
        at: patience.span,
        what: format!(
            "`{caller}` gives up after {}, but the retries of `{retries}` behind it can take {}: \
             the last of them are for nobody",
            patience.text, longest.sum
        ),
        help: format!(
            "a timeout of at least {}, or fewer or shorter attempts behind it",
            longest.text
        ),
        nodes: path,
    }
}
