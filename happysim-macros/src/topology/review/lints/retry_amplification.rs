//! Layers of retries that multiply.

use super::super::Finding;
use super::super::component::Component;
use super::super::figure;
use super::super::graph::{Given, Graph};

pub(super) const NAME: &str = "retry_amplification";

/// As many calls for one are told, if more than one layer makes them. One layer of three
/// attempts before another is common and 9; a third one makes 27.
const LIMIT: u64 = 10;

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let covered = behind_others(graph);
    for (node, _) in graph.nodes().filter(|&(node, _)| !covered[node]) {
        if factor(graph, node).is_some() {
            findings.extend(amplified(graph, node));
        }
    }
}

/// How many calls a node makes of one in the worst case, if it makes more than one; and where
/// its number stands.
fn factor(graph: &Graph<'_>, node: usize) -> Option<(u64, proc_macro2::Span)> {
    match graph.component(node) {
        Component::Client | Component::Retry => {
            let attempts = graph.policy(node)?.attempts;
            let parameter =
                if graph.component(node) == Component::Client { "retry" } else { "policy" };
            let Given::Value(policy) = graph.parameter(node, parameter) else { return None };
            let span = syn::spanned::Spanned::span(policy);
            (attempts > 1).then_some((attempts, span))
        }
        Component::Hedge if !graph.has(node, "budget") => {
            let hedges = match graph.parameter(node, "max_hedges") {
                Given::Default => 1,
                Given::Value(hedges) => figure::whole(hedges)?.value,
                Given::None | Given::Unknown => return None,
            };
            (hedges > 0).then(|| (hedges.saturating_add(1), graph.node(node).name.span()))
        }
        _ => None,
    }
}

/// Whether a node ends the attempts behind it early: an open breaker, or a caller that cancels.
fn ends_attempts(graph: &Graph<'_>, node: usize) -> bool {
    let abandons = match graph.parameter(node, "giving_up") {
        Given::Default => true,
        Given::Value(word) => figure::word(word).as_deref() == Some("abandon"),
        Given::None | Given::Unknown => false,
    };
    let hedges = graph.component(node) == Component::Hedge;
    graph.component(node) == Component::Breaker || !(abandons || hedges)
}

/// Which nodes stand behind another one that repeats calls.
fn behind_others(graph: &Graph<'_>) -> Vec<bool> {
    let mut covered = vec![false; graph.model.nodes.len()];
    for (node, _) in graph.nodes() {
        if !covered[node] && factor(graph, node).is_some() {
            graph.behind(node).for_each(|behind| covered[behind] = true);
        }
    }
    covered
}

/// The product along the way from `first`, which is the first that repeats calls on it.
fn amplified(graph: &Graph<'_>, first: usize) -> Option<Finding> {
    let (_, at) = factor(graph, first)?;
    let mut path = vec![first];
    path.extend(graph.behind(first));
    if path.iter().any(|&node| ends_attempts(graph, node)) {
        return None;
    }
    let layers: Vec<(usize, u64)> = path
        .iter()
        .filter_map(|&node| factor(graph, node).map(|(factor, _)| (node, factor)))
        .collect();
    let product = layers.iter().fold(1, |product: u64, &(_, layer)| product.saturating_mul(layer));
    if layers.len() < 2 || product <= LIMIT {
        return None;
    }
    let factors: Vec<String> = layers.iter().map(|(_, factor)| factor.to_string()).collect();
    let names: Vec<String> =
        layers.iter().map(|&(node, _)| format!("`{}`", graph.path(node))).collect();
    let end = graph.path(*path.last()?);
    Some(Finding {
        lint: NAME,
        at,
        what: format!(
            "one request can become {} = {product} calls of `{end}`, just when that is in trouble: \
             {} multiply",
            factors.join(" x "),
            names.join(", "),
        ),
        help: "retry in one layer only, or limit the others by a `budget`".to_owned(),
        nodes: path,
    })
}
