//! Layers of retries that multiply.

use super::super::Finding;
use super::super::component::Component;
use super::super::failure::can_fail;
use super::super::figure;
use super::super::graph::{Given, Graph};
use super::super::policy::Patience;

pub(super) const NAME: &str = "retry_amplification";

/// As many calls for one are told, if more than one layer makes them. One layer of three
/// attempts before another is common and 9; a third one makes 27.
const LIMIT: u64 = 10;

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let covered = behind_others(graph);
    for (node, _) in graph.nodes().filter(|&(node, _)| !covered[node]) {
        if factor(graph, node).is_some() {
            findings.extend(graph.ways(node).iter().filter_map(|way| amplified(graph, way)));
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

/// Whether a node ends the attempts before or behind it early: an open breaker, a caller that
/// cancels, a fallback that makes a success of a failure.
fn ends_attempts(graph: &Graph<'_>, node: usize) -> bool {
    let abandons = match graph.parameter(node, "giving_up") {
        Given::Default => true,
        Given::Value(word) => figure::word(word).as_deref() == Some("abandon"),
        Given::None | Given::Unknown => false,
    };
    match graph.component(node) {
        Component::Breaker | Component::Fallback | Component::FallbackValue => true,
        Component::Hedge => false,
        _ => !abandons,
    }
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

/// The product along a way, whose first node repeats calls.
fn amplified(graph: &Graph<'_>, way: &[usize]) -> Option<Finding> {
    let (_, at) = factor(graph, way[0])?;
    let layers: Vec<(usize, u64)> = (0..way.len())
        .filter_map(|position| factor(graph, way[position]).map(|(factor, _)| (position, factor)))
        .collect();
    let product = layers.iter().fold(1, |product: u64, &(_, layer)| product.saturating_mul(layer));
    let &(last, _) = layers.last()?;
    // To the first that is called behind them.
    let end = (last + 1..way.len()).find(|&position| !graph.component(way[position]).is_relay())?;
    let nodes = way[..=end].to_vec();
    let is_ended = nodes.iter().any(|&node| ends_attempts(graph, node));
    // Nothing is tried again where nothing fails.
    let fails = !matches!(graph.patience(way[last]), Patience::Endless)
        || nodes[last + 1..].iter().any(|&node| can_fail(graph, node));
    if layers.len() < 2 || product <= LIMIT || is_ended || !fails {
        return None;
    }
    let factors: Vec<String> = layers.iter().map(|(_, factor)| factor.to_string()).collect();
    let names: Vec<String> =
        layers.iter().map(|&(layer, _)| format!("`{}`", graph.path(way[layer]))).collect();
    Some(Finding {
        lint: NAME,
        at,
        what: format!(
            "one request can become {} = {product} calls of `{}`, just when that is in trouble: \
             {} multiply",
            factors.join(" x "),
            graph.path(way[end]),
            names.join(", "),
        ),
        help: "retry in one layer only, or limit the others by a `budget`".to_owned(),
        about: way[0],
        nodes,
    })
}
