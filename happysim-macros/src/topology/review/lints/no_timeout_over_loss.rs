//! A call over a line that loses messages, for whose reply somebody waits for ever.

use super::super::Finding;
use super::super::component::{Component, preset};
use super::super::figure;
use super::super::graph::{Given, Graph};
use super::super::policy::Patience;

pub(super) const NAME: &str = "no_timeout_over_loss";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (link, _) in graph.nodes().filter(|(_, component)| *component == Component::Link) {
        let Some(path) = is_lossy(graph, link).then(|| endless_path(graph, link)).flatten() else {
            continue;
        };
        // The source waits for nothing; what it sends to does.
        let waiting = path[1];
        findings.push(Finding {
            lint: NAME,
            at: graph.node(waiting).name.span(),
            what: format!(
                "`{}` waits for ever for a reply to a message that is lost on `{}`: nobody \
                 between `{}` and it sets a timeout",
                graph.path(waiting),
                graph.path(link),
                graph.path(path[0]),
            ),
            help: format!(
                "give `{}` a timeout, or put `timeout(..)` before `{}`",
                graph.path(waiting),
                graph.path(link)
            ),
            nodes: path[1..].to_vec(),
        });
    }
}

/// Whether it surely loses messages at some time.
fn is_lossy(graph: &Graph<'_>, link: usize) -> bool {
    if let Given::Value(bursts) = graph.parameter(link, "bursts")
        && figure::call(bursts).is_some_and(|(word, _)| word == "burst_loss")
    {
        return true;
    }
    match graph.parameter(link, "loss") {
        Given::Value(loss) => {
            figure::probability(loss).is_some_and(|loss| loss.value > 0.0)
                || figure::profile_rises(loss)
        }
        Given::Default => loses_by_preset(preset(graph.node(link)).as_deref()),
        Given::None | Given::Unknown => false,
    }
}

/// The presets of links that have a loss of their own.
fn loses_by_preset(preset: Option<&str>) -> bool {
    matches!(preset, Some("internet" | "satellite" | "mobile_3g" | "mobile_4g"))
}

/// The way from a source to the link on which nobody gives up and somebody waits.
fn endless_path(graph: &Graph<'_>, link: usize) -> Option<Vec<usize>> {
    // Every node once, the way back to the link beside it.
    let mut towards = vec![None; graph.model.nodes.len()];
    let mut open = vec![link];
    while let Some(node) = open.pop() {
        for caller in graph.callers(node) {
            if graph.component(caller).is_source() {
                if node == link {
                    continue;
                }
                let back = core::iter::successors(Some(node), |&node| towards[node]);
                return Some([caller].into_iter().chain(back).collect());
            }
            let waits = graph.component(caller).is_relay() && graph.next(caller) == Some(node);
            let is_new = caller != link && towards[caller].is_none();
            if waits && is_new && matches!(graph.patience(caller), Patience::Endless) {
                towards[caller] = Some(node);
                open.push(caller);
            }
        }
    }
    None
}
