//! A breaker behind which nothing can fail.

use super::super::Finding;
use super::super::component::Component;
use super::super::figure;
use super::super::graph::{Given, Graph};
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

/// Whether a caller of this node may be told of a failure that is not handed on from behind it.
fn can_fail(graph: &Graph<'_>, node: usize) -> bool {
    if !matches!(graph.patience(node), Patience::Endless) {
        return true;
    }
    match graph.component(node) {
        Component::Breaker => graph.has(node, "is_failure"),
        // A lost message is told to nobody.
        Component::Link
        | Component::Hedge
        | Component::Retry
        | Component::Client
        | Component::FallbackValue
        | Component::Sink
        | Component::KeyValueStore => false,
        Component::Server => {
            let refuses =
                ["queue_capacity", "max_wait", "weight"].iter().any(|name| graph.has(node, name));
            refuses || !waits_in_order(graph, node) || !has_places(graph, node, "concurrency")
        }
        Component::Database => {
            graph.has(node, "acquire_timeout") || !has_places(graph, node, "connections")
        }
        Component::Balancer => graph.has(node, "active") || has_health_checks(graph, node),
        _ => true,
    }
}

/// Whether the server's discipline drops nothing.
fn waits_in_order(graph: &Graph<'_>, node: usize) -> bool {
    match graph.parameter(node, "queue") {
        Given::Default => true,
        Given::Value(queue) => {
            matches!(figure::word(queue).as_deref(), Some("fifo" | "lifo" | "priority"))
        }
        Given::None | Given::Unknown => false,
    }
}

/// Whether there is room for a request.
fn has_places(graph: &Graph<'_>, node: usize, parameter: &str) -> bool {
    match graph.parameter(node, parameter) {
        Given::Default => true,
        Given::Value(places) => figure::whole(places).is_some_and(|places| places.value > 0),
        Given::None | Given::Unknown => false,
    }
}

/// Whether somebody tells a balancer which backends there are.
fn has_health_checks(graph: &Graph<'_>, node: usize) -> bool {
    let mut edges = graph.model.edges.iter();
    edges.any(|edge| edge.to == node && edge.handler.as_ref().is_some_and(|name| name == "mark"))
}
