//! A breaker behind which nothing can fail.

use super::super::Finding;
use super::super::component::Component;
use super::super::failure::can_fail;
use super::super::graph::Graph;
use super::super::policy::Patience;

pub(super) const NAME: &str = "breaker_never_opens";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (node, _) in graph.nodes().filter(|(_, component)| *component == Component::Breaker) {
        // It may call a reply a failure.
        if graph.has(node, "is_failure") || graph.has(node, "call_timeout") {
            continue;
        }
        let mut nodes = vec![node];
        nodes.extend(graph.behind(node));
        if nodes.len() == 1 || nodes[1..].iter().any(|&node| can_fail(graph, node)) {
            continue;
        }
        findings.push(Finding {
            lint: NAME,
            at: graph.node(node).name.span(),
            what: what(graph, &nodes),
            help: "put `timeout(..)` behind it, or give it a `call_timeout`".to_owned(),
            about: node,
            nodes,
        });
    }
}

fn what(graph: &Graph<'_>, nodes: &[usize]) -> String {
    let path = graph.path(nodes[0]);
    let end = graph.path(nodes[nodes.len() - 1]);
    let link = nodes.iter().find(|&&node| graph.component(node) == Component::Link);
    let lost = link.map_or_else(String::new, |&link| {
        format!(", and of a message that is lost on `{}` nobody is told", graph.path(link))
    });
    let before = timeout_before(graph, nodes[0]).map_or_else(String::new, |caller| {
        format!("; it does not see that `{}` before it gives up", graph.path(caller))
    });
    format!(
        "`{path}` never opens, as it is never told of a failure: `{end}` answers every request, \
         however late{lost}{before}"
    )
}

/// Who waits for the breaker no longer than a time.
fn timeout_before(graph: &Graph<'_>, breaker: usize) -> Option<usize> {
    let mut node = breaker;
    for _ in graph.nodes() {
        node = graph.callers(node).next()?;
        if !matches!(graph.patience(node), Patience::Endless) {
            return Some(node);
        }
    }
    None
}
