//! Lanes to several replicas for a component that does not choose among them.

use super::super::super::model::Lanes;
use super::super::Finding;
use super::super::component::Component;
use super::super::graph::Graph;

pub(super) const NAME: &str = "unchosen_lanes";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (index, edge) in graph.model.edges.iter().enumerate() {
        let is_wide = matches!(edge.lanes, Lanes::All) && graph.lanes(index) != Some(1);
        if !is_wide || !takes_the_first(graph.component(edge.from)) {
            continue;
        }
        let target = graph.path(graph.declared(edge.to));
        let path = graph.path(edge.from);
        findings.push(Finding {
            lint: NAME,
            at: edge.to_span,
            what: format!(
                "`{path}` does not choose among the replicas of `{target}`: the first gets every \
                 request, the others none"
            ),
            help: format!(
                "put a `LoadBalancer` right before `{target}[*]`, or write `{target}[0]`, or \
                 `{target}[same]` where each replica of the caller has one"
            ),
            about: edge.from,
            nodes: vec![edge.from, edge.to],
        });
    }
}

/// Whether it sends everything over the first lane, however many there are.
fn takes_the_first(component: Component) -> bool {
    let chooses = matches!(component, Component::Balancer | Component::Other);
    component.is_source() || (component.is_relay() && !chooses)
}
