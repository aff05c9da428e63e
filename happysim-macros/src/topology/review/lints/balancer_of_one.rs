//! A balancer that has one backend.

use super::super::super::model::Kind;
use super::super::Finding;
use super::super::component::Component;
use super::super::graph::Graph;

pub(super) const NAME: &str = "balancer_of_one";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (node, _) in graph.nodes().filter(|(_, component)| *component == Component::Balancer) {
        let Some(edge) = graph.next_edge(node) else { continue };
        if graph.lanes(edge) != Some(1) {
            continue;
        }
        let (path, backend) = (graph.path(node), graph.path(backend(graph, edge)));
        findings.push(Finding {
            lint: NAME,
            at: graph.node(node).name.span(),
            what: format!("`{path}` has one backend, `{backend}`, and nothing to choose"),
            help: format!("give `{backend}` more replicas, or leave `{path}` out"),
            about: node,
            nodes: vec![node],
        });
    }
}

/// The declared node that an arrow leads to, behind wrappers.
fn backend(graph: &Graph<'_>, edge: usize) -> usize {
    let mut node = graph.model.edges[edge].to;
    while graph.node(node).kind == Kind::Wrapper {
        // A chain ends with a declared node, and a wrapper has one arrow, which is the chain's.
        let Some(next) = graph.sole_edge(node) else { break };
        node = graph.model.edges[next].to;
    }
    node
}
