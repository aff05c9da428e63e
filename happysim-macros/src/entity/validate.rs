//! Checks, in debug builds of the macros, that the graph is what the other passes rely on. A
//! failure is a mistake in the macros, never the user's.

use super::cfg::{BindingId, Bindings, Graph, StatementKind, Terminator};
use super::liveness::{Flow, Status};

pub(crate) fn validate(graph: &Graph, flow: &Flow) {
    let roots = graph.roots();
    let held: Vec<BindingId> =
        (0..graph.bindings.len()).filter(|&id| graph.bindings[id].is_held()).collect();
    for id in graph.reachable() {
        let block = &graph.blocks[id];
        let mut scope = block.scope.clone();
        in_scope(graph, id, &scope, flow.live_in[id].iter());
        for statement in &block.statements {
            in_scope(graph, id, &scope, statement.uses.reads.iter());
            if let StatementKind::EndScope(ended) = &statement.kind {
                in_scope(graph, id, &scope, ended.iter());
                scope.retain(|binding| !ended.contains(binding));
            }
            scope.extend(&statement.defines);
        }
        let defined: Vec<BindingId> = match block.terminator() {
            Terminator::Branch { defines, .. } => defines.clone(),
            Terminator::Match { arms, .. } => {
                arms.iter().flat_map(|arm| arm.defines.clone()).collect()
            }
            _ => Vec::new(),
        };
        let visible: Vec<BindingId> =
            scope.iter().copied().chain(defined.iter().copied()).collect();
        in_scope(graph, id, &visible, block.terminator().uses().reads.iter());
        if !defined.is_empty() {
            for next in block.terminator().successors() {
                let binds =
                    graph.blocks[next].scope.iter().any(|binding| defined.contains(binding));
                assert!(
                    !(binds && roots.contains(&next)),
                    "block {next} takes bindings from a pattern but is reached on several ways; \
                     this is a mistake in happysim-macros"
                );
            }
        }
        if let Some(status) = &flow.status_in[id] {
            let scope: Bindings = block.scope.iter().copied().collect();
            for &binding in held.iter().filter(|id| !scope.contains(id)) {
                assert!(
                    status[binding] == Status::Absent || !flow.live_in[id].contains(&binding),
                    "`{}` is used outside its scope; this is a mistake in happysim-macros",
                    graph.bindings[binding].name
                );
            }
        }
    }
}

fn in_scope<'a>(
    graph: &Graph,
    block: usize,
    scope: &[BindingId],
    used: impl Iterator<Item = &'a BindingId>,
) {
    for id in used {
        assert!(
            scope.contains(id),
            "`{}` is used in block {block} but not in scope there; this is a mistake in \
             happysim-macros",
            graph.bindings[*id].name
        );
    }
}
