//! The states of a machine: one for each step, with the locals that live across it.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::Type;

use super::cfg::{BindingId, Graph, Origin, StepId, Terminator};
use super::liveness::{Flow, Form, Status, apply};
use super::signature::EntityImpl;
use super::types;
use crate::entity::errors::Diagnostics;

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
    let name = &binding.name;
    let message = match &binding.ty {
        Some(ty) if types::has_reference(ty) => format!(
            "`{name}` is a reference and is used after `{}.await`: the task's state cannot borrow, \
             since it may be copied; borrow again after the step, or keep an owned value",
            step.text
        ),
        Some(Type::Infer(_)) => format!(
            "write the type of `{name}` in full: it is kept across \
            `{}.await` as part of the state",
            step.text
        ),
        Some(ty) => return Some(ty.clone()),
        None if binding.is_temporary() => format!(
            "the value of this step is kept across `{}.await`, but its type cannot be seen: bind it \
             in a statement before, `let value: Type = ..;`",
            step.text
        ),
        None if binding.origin == Origin::Pattern => format!(
            "`{name}` is used after `{}.await`, but its type cannot be seen: bind it again right \
             after the pattern, `let {name}: Type = {name};`",
            step.text
        ),
        None => format!(
            "`{name}` is used after `{}.await`, but its type cannot be seen: write `let {}{name}: \
             Type = ..;`",
            step.text,
            if binding.mutable { "mut " } else { "" }
        ),
    };
    if !reported.contains(&id) {
        reported.push(id);
        if binding.is_temporary() {
            errors.error(&step.tokens, message);
        } else {
            errors.error(binding.name.to_token_stream(), message);
        }
    }
    None
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
                    && local.ty.as_ref().is_some_and(releases)
                {
                    errors.error(&local.name, format!(
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

/// Whether dropping a value of this type is known to release something.
fn releases(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "Permit" || word == "Handle")
}
