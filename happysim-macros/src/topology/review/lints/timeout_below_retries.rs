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
            for way in graph.ways(caller) {
                findings.extend(beyond(graph, &can_take, &way, &patience));
            }
        }
    }
}

/// The nearest retries on a way that can take longer than who is at its beginning waits, if nobody
/// between them gives up earlier.
fn beyond(
    graph: &Graph<'_>,
    can_take: &[Option<Longest>],
    way: &[usize],
    patience: &Time,
) -> Option<Finding> {
    let mut between = u64::MAX;
    for (position, &node) in way.iter().enumerate().skip(1) {
        let retries = graph.policy(node).is_some_and(|policy| policy.attempts > 1);
        if let Some(longest) = can_take[node].as_ref().filter(|_| retries) {
            let is_short = patience.value < longest.value && longest.value <= between;
            return is_short.then(|| finding(graph, way[..=position].to_vec(), patience, longest));
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
        about: path[0],
        nodes: path,
    }
}
