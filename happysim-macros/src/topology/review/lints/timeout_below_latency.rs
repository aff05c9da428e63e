//! A timeout that ends before the first reply can come.

use syn::Expr;

use super::super::Finding;
use super::super::component::Component;
use super::super::figure::{self, Time, time};
use super::super::graph::{Given, Graph};
use super::super::policy::Patience;

pub(super) const NAME: &str = "timeout_below_latency";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (caller, _) in graph.nodes() {
        if let Patience::Until(patience) = graph.patience(caller) {
            findings.extend(too_short(graph, caller, &patience));
        }
    }
}

/// The first node on the way with which a reply takes longer than the caller waits, if nobody between them
/// gives up earlier.
fn too_short(graph: &Graph<'_>, caller: usize, patience: &Time) -> Option<Finding> {
    let mut path = vec![caller];
    let mut least = Least::default();
    for node in graph.behind(caller) {
        path.push(node);
        match (graph.component(node), graph.patience(node)) {
            // These have an answer without one of what is behind them.
            (Component::Fallback | Component::FallbackValue, _) | (_, Patience::Unknown) => {
                return None;
            }
            (_, Patience::Until(own)) if own.value < patience.value => return None,
            _ => least.add(graph, node),
        }
        if least.value > patience.value {
            return Some(finding(graph, path, patience, &least));
        }
    }
    None
}

/// The least time that a reply takes, and how it comes about.
#[derive(Default)]
struct Least {
    /// In nanoseconds.
    value: u64,
    parts: Vec<String>,
}

impl Least {
    /// Adds what a node surely takes.
    fn add(&mut self, graph: &Graph<'_>, node: usize) {
        let (parameter, times) = match graph.component(node) {
            // There and back.
            Component::Link => ("latency", 2),
            Component::Server => ("service", 1),
            Component::Database => ("query", 1),
            _ => return,
        };
        let Given::Value(value) = graph.parameter(node, parameter) else { return };
        let Some(least) = at_least(value).filter(|least| least.value > 0) else { return };
        self.value = self.value.saturating_add(least.value.saturating_mul(times));
        self.parts.push(if times == 1 { least.text } else { format!("{times} x {}", least.text) });
    }

    /// `85ms`; as the user wrote it, where it is one figure.
    fn text(&self) -> String {
        match &self.parts[..] {
            [only] if !only.contains(" x ") => only.clone(),
            _ => time(self.value),
        }
    }

    /// `2 x 40ms + 5ms = 85ms`
    fn sum(&self) -> String {
        let (sum, text) = (self.parts.join(" + "), self.text());
        if sum == text { sum } else { format!("{sum} = {text}") }
    }
}

/// The least value of a time: of a literal, or of an even spread.
fn at_least(value: &Expr) -> Option<Time> {
    if let Some(constant) = figure::duration(value) {
        return Some(constant);
    }
    let (word, arguments) = figure::call(value)?;
    let [range] = arguments[..] else { return None };
    let (least, _) = figure::times(range)?;
    (word == "uniform").then_some(least)
}

fn finding(graph: &Graph<'_>, path: Vec<usize>, patience: &Time, least: &Least) -> Finding {
    let (caller, end) = (graph.path(path[0]), graph.path(path[path.len() - 1]));
    Finding {
        lint: NAME,
        at: patience.span,
        what: format!(
            "`{caller}` gives up after {}, but no reply of `{end}` comes in less than {}: every call \
             times out",
            patience.text,
            least.sum()
        ),
        help: format!("a timeout well above {}", least.text()),
        about: path[0],
        nodes: path,
    }
}
