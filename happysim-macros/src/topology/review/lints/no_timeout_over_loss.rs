//! A call over a line that loses messages, for whose reply somebody waits for ever.

use super::super::Finding;
use super::super::component::{Component, preset};
use super::super::figure;
use super::super::graph::{Given, Graph};
use super::super::policy::Patience;

pub(super) const NAME: &str = "no_timeout_over_loss";

pub(super) fn find(graph: &Graph<'_>, findings: &mut Vec<Finding>) {
    for (link, _) in graph.nodes().filter(|(_, component)| *component == Component::Link) {
        if !is_lossy(graph, link) {
            continue;
        }
        // That entities of the user's own wait is presumed; that relays do is known.
        let known = endless_path(graph, link, false);
        let presumed = endless_path(graph, link, true);
        findings.extend([known, presumed].into_iter().flatten().map(|path| finding(graph, path)));
    }
}

/// `path` leads from the source to the link.
fn finding(graph: &Graph<'_>, path: Vec<usize>) -> Finding {
    // The source waits for nothing; what it sends to does.
    let about = path[1];
    let (source, waiting) = (graph.path(path[0]), graph.path(about));
    let link = graph.path(path[path.len() - 1]);
    Finding {
        lint: NAME,
        at: graph.node(about).name.span(),
        what: format!(
            "`{waiting}` can wait for ever: of a message that is lost on `{link}` nobody is told, and \
             nobody between `{source}` and `{link}` sets a timeout"
        ),
        help: format!("put `timeout(..)` somewhere between `{source}` and `{link}`"),
        about,
        nodes: path,
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
fn endless_path(graph: &Graph<'_>, link: usize, with_others: bool) -> Option<Vec<usize>> {
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
            let waits = match graph.component(caller) {
                Component::Other => with_others,
                _ => graph.next(caller) == Some(node),
            };
            let is_new = caller != link && towards[caller].is_none();
            if waits && is_new && matches!(graph.patience(caller), Patience::Endless) {
                towards[caller] = Some(node);
                open.push(caller);
            }
        }
    }
    None
}
