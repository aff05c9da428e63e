//! What can fail, and what answers every request.

use super::component::Component;
use super::figure;
use super::graph::{Given, Graph};
use super::policy::Patience;

/// Whether a caller of this node may be told of a failure that is not handed on from behind it.
pub(super) fn can_fail(graph: &Graph<'_>, node: usize) -> bool {
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
