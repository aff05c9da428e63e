//! A bulkhead that lets more calls through at once than its callee works on.

use super::super::Finding;
use super::super::component::Component;
use super::super::figure;
use super::super::graph::{Given, Graph};
use super::super::traffic::Capacity;

pub(super) const NAME: &str = "bulkhead_too_wide";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (node, _) in graph.nodes().filter(|(_, component)| *component == Component::Bulkhead) {
        let Given::Value(width) = graph.parameter(node, "max_concurrent") else { continue };
        let Some(width) = figure::whole(width) else { continue };
        let Some((path, capacity)) = protected(graph, node) else { continue };
        if width.value <= capacity.places {
            continue;
        }
        let callee = graph.path(*path.last().unwrap_or(&node));
        findings.push(Finding {
            lint: NAME,
            at: width.span,
            what: format!(
                "`{}` lets {} calls through at once, but `{callee}` behind it works on {} at most: \
                 the others wait there, where the bulkhead was to reject them",
                graph.path(node),
                width.text,
                capacity.sum,
            ),
            help: format!("let at most {} calls through at once", capacity.places),
            about: node,
            nodes: path,
        });
    }
}

/// The way to the server behind a bulkhead, and how many requests that works on at once. On the
/// way there may only be what takes no time, for a call that is under way elsewhere is not there.
fn protected(graph: &Graph<'_>, bulkhead: usize) -> Option<(Vec<usize>, Capacity)> {
    use Component::{Balancer, Breaker, FallbackValue, Timeout};
    let mut path = vec![bulkhead];
    let mut lanes = graph.lanes(graph.next_edge(bulkhead)?)?;
    for node in graph.behind(bulkhead) {
        path.push(node);
        match graph.component(node) {
            Balancer | Breaker | FallbackValue | Timeout => {
                lanes = lanes.checked_mul(graph.lanes(graph.next_edge(node)?)?)?;
            }
            _ => return Capacity::of(graph, node, lanes).map(|capacity| (path, capacity)),
        }
    }
    None
}
