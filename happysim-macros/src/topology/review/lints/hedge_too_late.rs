//! A hedge that is sent when nobody waits for it any more, or never.

use std::collections::HashSet;

use super::super::Finding;
use super::super::component::Component;
use super::super::figure::{self, Time};
use super::super::graph::{Given, Graph};
use super::super::policy::Patience;

pub(super) const NAME: &str = "hedge_too_late";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    let mut told = HashSet::new();
    for (caller, _) in graph.nodes() {
        let Patience::Until(patience) = graph.patience(caller) else { continue };
        for way in graph.ways(caller) {
            // The first on the way that hedges, or that gives up itself.
            let is_next = |&position: &usize| {
                let node = way[position];
                let waits = matches!(graph.patience(node), Patience::Endless);
                graph.component(node) == Component::Hedge || !waits
            };
            let Some(position) = (1..way.len()).find(is_next) else { continue };
            let Some(delay) = delay(graph, way[position]) else { continue };
            if delay.value >= patience.value {
                told.insert(way[position]);
                findings.push(behind_timeout(graph, &way[..=position], &delay, &patience));
            }
        }
    }
    for (node, _) in graph.nodes() {
        let Some(delay) = delay(graph, node).filter(|_| !told.contains(&node)) else { continue };
        let Some(next) = graph.next(node) else { continue };
        let Some(longest) = graph.takes_at_most(next).filter(|it| it.value < delay.value) else {
            continue;
        };
        findings.push(Finding {
            lint: NAME,
            at: delay.span,
            what: format!(
                "`{}` sends another request after {}, but the first has an outcome by then: \
                 `{}` behind it takes at most {}",
                graph.path(node),
                delay.text,
                graph.path(next),
                longest.sum,
            ),
            help: format!("a delay below {}", longest.text),
            about: node,
            nodes: vec![node, next],
        });
    }
}

/// The delay of a hedge that surely sends another request.
fn delay(graph: &Graph<'_>, node: usize) -> Option<Time> {
    match graph.parameter(node, "max_hedges") {
        Given::Default => {}
        Given::Value(most) if figure::whole(most).is_some_and(|most| most.value > 0) => {}
        _ => return None,
    }
    match (graph.component(node), graph.parameter(node, "delay")) {
        (Component::Hedge, Given::Value(delay)) => figure::duration(delay),
        _ => None,
    }
}

/// `path` leads from who gives up to the hedge.
fn behind_timeout(graph: &Graph<'_>, path: &[usize], delay: &Time, patience: &Time) -> Finding {
    let about = path[path.len() - 1];
    let (hedge, caller) = (graph.path(about), graph.path(path[0]));
    Finding {
        lint: NAME,
        at: delay.span,
        what: format!(
            "`{hedge}` sends another request after {}, but `{caller}` gives up after {}: nobody \
             waits for it any more",
            delay.text, patience.text
        ),
        help: format!("a delay well below {}", patience.text),
        about,
        nodes: path.to_vec(),
    }
}
