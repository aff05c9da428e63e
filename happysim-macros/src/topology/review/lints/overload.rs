//! A server that is offered as much as it can do, or more.

use super::super::Finding;
use super::super::figure::decimal;
use super::super::graph::Graph;
use super::super::traffic::{Server, offered};

pub(super) const NAME: &str = "overload";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (node, load) in offered(graph) {
        let Some(server) = Server::of(graph, node) else { continue };
        let busy = load.rate * server.mean.value;
        let places = server.capacity.places as f64;
        // At exactly its capacity a queue grows only if something is left to chance.
        let margin = 1e-9 * places;
        let is_random = load.is_random || server.is_random;
        let is_full = (busy - places).abs() <= margin;
        if busy < places - margin || (is_full && !is_random) {
            continue;
        }
        let path = graph.path(node);
        let mut nodes = load.path;
        nodes.push(node);
        findings.push(Finding {
            lint: NAME,
            at: graph.node(node).name.span(),
            what: format!(
                "`{path}` is offered {} x {} = {} requests at a time, and works on {} at most: \
                 its queue grows as long as that goes on",
                load.text,
                server.mean.text,
                decimal(busy),
                server.capacity.sum,
            ),
            help: format!(
                "let `{path}` do more, offer it less, or bound its queue (`{}`)",
                server.bound
            ),
            about: node,
            nodes,
        });
    }
}
