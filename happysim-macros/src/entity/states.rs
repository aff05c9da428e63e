//! The states of a machine: one for each step, with the locals that live across it.

use proc_macro2::Ident;
use syn::Type;

use super::advice::Advice;
use super::cfg::{Binding, BindingId, Graph, Origin, StepId, Terminator};
use super::codes;
use super::liveness::{Flow, Form, Status, apply};
use super::signature::EntityImpl;
use super::steps::Step;
use super::types;
use crate::diagnostics::{Code, Diagnostics};

/// A local in a state.
#[derive(Debug)]
pub(crate) struct StateField {
    pub(crate) binding: BindingId,
    pub(crate) form: Form,
    /// Without `Self`.
    pub(crate) ty: Type,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) step: StepId,
    pub(crate) name: Ident,
    /// In order of declaration.
    pub(crate) fields: Vec<StateField>,
}

/// The states that can be reached, in the order of their steps in the source.
pub(crate) fn states(
    graph: &Graph,
    flow: &Flow,
    entity: &EntityImpl,
    errors: &mut Diagnostics,
) -> Vec<State> {
    let mut reported = Vec::new();
    let mut steps: Vec<StepId> = graph
        .reachable()
        .into_iter()
        .filter_map(|id| match graph.blocks[id].terminator() {
            Terminator::Step { step, .. } => Some(*step),
            _ => None,
        })
        .collect();
    steps.sort_unstable();
    refuse_conditional_moves(graph, flow, errors);
    steps
        .into_iter()
        .map(|step| {
            let mut fields = Vec::new();
            for &(binding, form) in &flow.kept_across[step] {
                if let Some(ty) = field_type(graph, step, binding, &mut reported, errors) {
                    let ty = types::without_self(&ty, &entity.self_ty);
                    fields.push(StateField { binding, form, ty });
                }
            }
            State { step, name: graph.steps[step].state.clone(), fields }
        })
        .collect()
}

fn field_type(
    graph: &Graph,
    step: StepId,
    id: BindingId,
    reported: &mut Vec<BindingId>,
    errors: &mut Diagnostics,
) -> Option<Type> {
    let binding = &graph.bindings[id];
    let step = &graph.steps[step];
    if let Some(ty) = &binding.ty
        && !types::has_reference(ty)
        && !types::is_inferred(ty)
    {
        return Some(ty.clone());
    }
    if !reported.contains(&id) {
        reported.push(id);
        let (code, message) = refusal(binding, step);
        errors.error(code, &binding.name, message);
    }
    None
}

/// Why a local cannot be part of the state of a step.
fn refusal(binding: &Binding, step: &Step) -> (Code, String) {
    let (name, step) = (&binding.name, &step.text);
    let mutable = if binding.mutable { "mut " } else { "" };
    let reference = || {
        let message = format!(
            "`{name}` is a reference and is used after `{step}.await`: the task's state cannot \
             borrow, since it may be copied; borrow again after the step, or keep an owned value"
        );
        (codes::REFERENCE, message)
    };
    let unseen = format!("`{name}` is used after `{step}.await`, but its type cannot be seen");
    let message = match (&binding.ty, &binding.advice) {
        (Some(ty), _) if types::has_reference(ty) => return reference(),
        (None, Some(Advice::Reference)) => return reference(),
        (Some(_), _) => format!(
            "write the type of `{name}` in full: it is kept across `{step}.await` as part of the \
             state"
        ),
        (None, _) if binding.is_temporary() => format!(
            "this value is kept across `{step}.await`, but its type cannot be seen: bind it in a \
             statement before, `let value: Type = ..;`"
        ),
        (None, Some(Advice::Closure)) => format!(
            "`{name}` is a closure and is used after `{step}.await`: the type of a closure has no \
             name, so that no state can keep it; make it a function, or write it again after the \
             step"
        ),
        (None, Some(Advice::InChain)) => format!(
            "{unseen}: test what follows it with `if` inside the branch, behind `let \
             {mutable}{name}: Type = {name};`"
        ),
        (None, Some(Advice::Borrowed { value })) => {
            let message = format!(
                "`{name}` borrows a value that nothing else keeps, and is used after `{step}.await`: \
                 write `let {mutable}{name} = {value};`, and borrow it where it is used"
            );
            return (codes::REFERENCE, message);
        }
        (None, Some(Advice::Declared { ty })) => {
            format!("{unseen}: write `let {mutable}{name}: {ty};`")
        }
        (None, Some(Advice::Type { ty, value })) => {
            format!("{unseen}: write `let {mutable}{name}: {ty} = {value};`")
        }
        (None, None) if binding.origin == Origin::Pattern => format!(
            "{unseen}: bind it again right after the pattern, `let {mutable}{name}: Type = {name};`"
        ),
        (None, None) => format!("{unseen}: write `let {mutable}{name}: Type;`"),
    };
    (codes::UNTYPED, message)
}

/// A permit that one branch of an unsplit statement gives away: whether it is still there at a
/// later step cannot be told.
fn refuse_conditional_moves(graph: &Graph, flow: &Flow, errors: &mut Diagnostics) {
    for id in graph.reachable() {
        let block = &graph.blocks[id];
        let Some(mut status) = flow.status_in[id].clone() else { continue };
        for (index, statement) in block.statements.iter().enumerate() {
            for &binding in &statement.uses.maybe_moves {
                let local = &graph.bindings[binding];
                if status[binding] == Status::Present
                    && flow.crossing_after[id][index].contains(&binding)
                    && !flow.live_after[id][index].contains(&binding)
                    && local.ty.as_ref().is_some_and(types::releases)
                {
                    errors.error(codes::CONDITIONAL_MOVE, &local.name, format!(
                        "`{0}` is given away on some paths only, so that it cannot be told whether a \
                         later step still holds it: call `drop({0})` on the other paths, or make it \
                         an `Option` and use `take()`",
                        local.name
                    ));
                }
            }
            apply(&mut status, statement);
        }
    }
}
