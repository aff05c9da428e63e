//! A machine's states and transitions as a Mermaid state diagram.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::cfg::{BlockId, Graph, Terminator};

/// The text of the diagram.
pub(crate) fn diagram(graph: &Graph) -> String {
    let mut out = String::from("stateDiagram-v2\n");
    let mut edges = Vec::new();
    edges.extend(targets(graph, 0).into_iter().map(|to| ("[*]".to_owned(), to)));
    for id in graph.reachable() {
        if let Terminator::Step { step, next, .. } = graph.blocks[id].terminator() {
            let step = &graph.steps[*step];
            let _ = writeln!(out, "    {}: {}", step.state, step.text);
            let from = step.state.to_string();
            edges.extend(targets(graph, *next).into_iter().map(|to| (from.clone(), to)));
        }
    }
    for (from, to) in edges {
        let _ = writeln!(out, "    {from} --> {to}");
    }
    out
}

/// The states that can come next from the beginning of a block; `[*]` is the end.
fn targets(graph: &Graph, from: BlockId) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut stack = vec![from];
    while let Some(id) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        let terminator = graph.blocks[id].terminator();
        let target = match terminator {
            Terminator::Step { step, .. } => graph.steps[*step].state.to_string(),
            Terminator::Return(..) => "[*]".to_owned(),
            _ => {
                stack.extend(terminator.successors().into_iter().rev());
                continue;
            }
        };
        if !found.contains(&target) {
            found.push(target);
        }
    }
    found
}
