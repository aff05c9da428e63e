//! What makes no sense although every name and type is right: parameters of the library's
//! components that contradict each other or what they are wired to.

use std::collections::HashSet;

use proc_macro2::Ident;
use syn::{Expr, PathArguments, Type};

use super::codes;
use super::model::{Count, Kind, Lanes, Model, NodeModel};
use crate::diagnostics::Diagnostics;
use crate::units::literal_base;

pub(super) fn check(model: &mut Model, diagnostics: &mut Diagnostics) {
    for (index, node) in model.nodes.iter().enumerate() {
        match component(node).as_str() {
            "LoadBalancer" => {
                has_key(node, diagnostics);
                looks_at_weights(node, diagnostics);
                knows_its_backends(model, index, diagnostics);
            }
            "CircuitBreaker" => breaker(node, diagnostics),
            _ => {}
        }
    }
    // The types of a circle are those of nobody, and rustc would say so at length.
    let circles = circles(model, diagnostics);
    model.edges.retain(|edge| !(circles.contains(&edge.from) && circles.contains(&edge.to)));
}

/// The name of the type of a node.
fn component(node: &NodeModel) -> String {
    let Ok(Type::Path(path)) = syn::parse2(node.ty.clone()) else { return String::new() };
    path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
}

fn given<'a>(node: &'a NodeModel, parameter: &str) -> Option<&'a Expr> {
    node.fields.iter().find(|(name, _)| name == parameter).map(|(_, value)| value)
}

/// The name of a balancer's strategy, where it is written.
fn strategy(node: &NodeModel) -> Option<Ident> {
    let Ok(Type::Path(path)) = syn::parse2(node.ty.clone()) else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    let Some(syn::GenericArgument::Type(Type::Path(strategy))) = arguments.args.first() else {
        return None;
    };
    strategy.path.segments.last().map(|last| last.ident.clone())
}

/// Strategies of the library that take no notice of weights.
const WITHOUT_WEIGHTS: [&str; 6] = [
    "RoundRobin",
    "LeastConnections",
    "LeastResponseTime",
    "PowerOfTwoChoices",
    "ConsistentHash",
    "IpHash",
];

/// Weights that the strategy takes no notice of change nothing.
fn looks_at_weights(node: &NodeModel, diagnostics: &mut Diagnostics) {
    // The default of the component.
    let strategy = strategy(node).map_or_else(|| "RoundRobin".to_owned(), |name| name.to_string());
    let given = node.fields.iter().find(|(name, _)| name == "weights");
    // Anything else may be what gives each backend its weight of 1, or no weights at all.
    let Some((name, Expr::Array(_))) = given else { return };
    if WITHOUT_WEIGHTS.contains(&strategy.as_str()) {
        let message = format!(
            "`weights` are never looked at: `{strategy}` takes no notice of them\nhelp: write \
             `LoadBalancer<WeightedRoundRobin>` or `LoadBalancer<WeightedLeastConnections>`, or \
             leave them out"
        );
        diagnostics.error(codes::NEVER_REACHED, name, message);
    }
}

/// A balancer that chooses by the hash of a key must be told what the key is.
fn has_key(node: &NodeModel, diagnostics: &mut Diagnostics) {
    let Some(strategy) = strategy(node) else { return };
    let hashes = strategy == "ConsistentHash" || strategy == "IpHash";
    if hashes && given(node, "key").is_none() {
        let message = format!(
            "`{strategy}` hashes a key and is not told which: all requests would go to one backend\n\
             help: add `key: |request| request.user` or the like"
        );
        diagnostics.error(codes::KEY, strategy, message);
    }
}

/// Weights and the number of backends in use, where both sides are literals.
fn knows_its_backends(model: &Model, index: usize, diagnostics: &mut Diagnostics) {
    let node = &model.nodes[index];
    let Some(edge) = model.edges.iter().find(|edge| edge.from == index) else { return };
    let (target, wired_to) = match &model.nodes[edge.to].count {
        // A wrapper in each lane.
        Count::SameAs(behind) => (&model.nodes[*behind], &model.nodes[*behind].path),
        _ => (&model.nodes[edge.to], &edge.to_text),
    };
    let backends = match (&edge.lanes, &target.count) {
        (Lanes::All, Count::Expr(count)) => literal_base(count),
        (Lanes::All, Count::SameAs(_)) => None,
        _ => Some(1.0),
    };
    let Some(backends) = backends else { return };
    let noun = if backends > 1.0 { "backends" } else { "backend" };
    if let Some(weights @ Expr::Array(array)) = given(node, "weights")
        && (array.elems.len() as f64 - backends).abs() > 0.5
    {
        let message = format!(
            "{} weights for {backends} {noun}: `{}` is wired to `{}`\nhelp: give one weight for each",
            array.elems.len(),
            node.path,
            wired_to
        );
        diagnostics.error(codes::WEIGHTS, weights, message);
    }
    if let Some(active) = given(node, "active")
        && literal_base(active).is_some_and(|active| active > backends)
    {
        let message =
            format!("there are {backends} {noun}: `{}` is wired to `{wired_to}`", node.path);
        diagnostics.error(codes::NEVER_REACHED, active, message);
    }
}

fn breaker(node: &NodeModel, diagnostics: &mut Diagnostics) {
    if let (Some(threshold), Some(rate)) =
        (given(node, "failure_threshold"), given(node, "failure_rate"))
        // Anything else may turn out to be no rate.
        && literal_base(rate).is_some()
    {
        let later =
            (threshold, "this number of failures is never looked at: a rate opens the breaker");
        let earlier = (rate, "because this rate is given; leave one of them out");
        diagnostics.error_at_two(codes::NEVER_REACHED, later, earlier);
    }
    for parameter in ["window", "minimum_calls"] {
        if let Some(value) = given(node, parameter)
            && given(node, "failure_rate").is_none()
        {
            let message = format!(
                "`{parameter}` is never looked at: it belongs to `failure_rate`, which is not given"
            );
            diagnostics.error(codes::NEVER_REACHED, value, message);
        }
    }
    let (Some(open), Some(longest)) = (given(node, "timeout"), given(node, "max_timeout")) else {
        return;
    };
    if literal_base(longest).zip(literal_base(open)).is_some_and(|(longest, open)| longest < open) {
        let later = (longest, "the longest time open is shorter than the first");
        diagnostics.error_at_two(codes::NEVER_REACHED, later, (open, "which is this"));
    }
}

/// What only passes requests on.
const RELAYS: [&str; 11] = [
    "LoadBalancer",
    "Link",
    "Network",
    "Client",
    "ConnectionPool",
    "CircuitBreaker",
    "Bulkhead",
    "Timeout",
    "Retry",
    "Hedge",
    "FallbackValue",
];

/// Whether a node is a component of the library that only passes requests on.
fn is_relay(node: &NodeModel) -> bool {
    node.kind == Kind::Link || RELAYS.contains(&component(node).as_str())
}

/// For each node the one whose requests and replies its own are: behind relays the next node that
/// is none.
pub(super) fn ends_of_relays(model: &Model) -> Vec<usize> {
    let mut next: Vec<Option<usize>> = vec![None; model.nodes.len()];
    let mut is_split = vec![false; model.nodes.len()];
    for edge in &model.edges {
        is_split[edge.from] |= next[edge.from].replace(edge.to).is_some();
    }
    let relays: Vec<bool> = (0..next.len())
        .map(|node| is_relay(&model.nodes[node]) && !is_split[node] && next[node].is_some())
        .collect();
    let mut ends: Vec<Option<usize>> = vec![None; next.len()];
    for start in 0..next.len() {
        let (mut node, mut path) = (start, Vec::new());
        // In a circle nobody says what they are.
        while relays[node] && ends[node].is_none() && path.len() < next.len() {
            path.push(node);
            node = next[node].unwrap_or(node);
        }
        let end = ends[node].unwrap_or(node);
        path.push(start);
        for node in path {
            ends[node] = Some(end);
        }
    }
    ends.into_iter().enumerate().map(|(node, end)| end.unwrap_or(node)).collect()
}

/// For each node whether an arrow was refused out of it, or out of the relays that it leads to: what
/// it carries may be something else.
pub(super) fn doubts(model: &Model) -> Vec<bool> {
    let mut doubts = vec![false; model.nodes.len()];
    let mut found: Vec<usize> = model.wired_twice.iter().copied().collect();
    while let Some(node) = found.pop() {
        if is_relay(&model.nodes[node]) && !doubts[node] {
            doubts[node] = true;
            let callers = model.edges.iter().filter(|edge| edge.to == node);
            found.extend(callers.map(|edge| edge.from));
        }
    }
    doubts
}

/// Relays that pass on to each other in a circle, with nothing that answers among them: a request
/// would go round for ever, and nobody says of what type it is. The nodes of such circles.
fn circles(model: &Model, diagnostics: &mut Diagnostics) -> HashSet<usize> {
    let passes_on = |index: usize| is_relay(&model.nodes[index]);
    let mut arrows: Vec<Vec<usize>> = vec![Vec::new(); model.nodes.len()];
    model.edges.iter().for_each(|edge| arrows[edge.from].push(edge.to));
    let relays: Vec<bool> = (0..model.nodes.len()).map(passes_on).collect();
    // A relay with one arrow has one successor.
    let next: Vec<Option<usize>> = arrows
        .iter()
        .enumerate()
        .map(|(from, to)| match to[..] {
            [to] if relays[from] && relays[to] => Some(to),
            _ => None,
        })
        .collect();
    // What was walked over once need not be again.
    let mut walked = vec![false; next.len()];
    let mut circles = HashSet::new();
    for start in 0..next.len() {
        let mut path = vec![start];
        while let Some(to) = next[path[path.len() - 1]].filter(|to| !walked[*to]) {
            walked[to] = true;
            path.push(to);
        }
        let Some(to) = next[path[path.len() - 1]] else { continue };
        let Some(begin) = path[1..].iter().position(|node| *node == to) else { continue };
        let circle = &path[begin + 1..];
        let names: Vec<String> = circle
            .iter()
            .chain([&to])
            .map(|node| format!("`{}`", model.nodes[*node].path))
            .collect();
        let message = format!(
            "requests go round for ever: {} only pass on what they get\nhelp: let one of them lead \
             to a node that answers",
            names.join(" -> ")
        );
        diagnostics.error(codes::CIRCLE, &model.nodes[to].name, message);
        circles.extend(circle);
    }
    circles
}
