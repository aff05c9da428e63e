//! A balancer that has one backend.

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
        let (path, backend) =
            (graph.path(node), graph.path(graph.declared(graph.model.edges[edge].to)));
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
