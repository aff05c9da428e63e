//! The function that advances a state: user code between the steps, as the user wrote it.
//!
//! Code begins at the start, behind each step, and at *joins*: places that several ways lead to.
//! Everything else is written where control reaches it. A join is a variant of an enum that is
//! local to the function; its fields have type parameters, so that rustc infers what they are.

mod entry;
mod hidden;
mod parts;
mod step;

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use crate::diagnostics::Diagnostics;
use crate::entity::cfg::{
    BindingId, Bindings, BlockId, Graph, StatementKind, StepId, Terminator, Uses,
};
use crate::entity::codes;
use crate::entity::liveness::{Flow, Form, Status, Statuses, apply, apply_uses};
use crate::entity::names::{self, local};
use crate::entity::place::answered;
use crate::entity::signature::{EntityImpl, Method};
use crate::entity::states::State;
use crate::entity::steps::StepKind;

/// A binding that is there as a Rust variable.
#[derive(Debug, Clone)]
struct Slot {
    binding: BindingId,
    variable: Ident,
    form: Form,
}

/// What is known at a place in the generated code.
#[derive(Debug, Clone)]
struct Place {
    slots: Vec<Slot>,
    status: Statuses,
}

impl Place {
    fn slot(&self, id: BindingId) -> Option<&Slot> {
        self.slots.iter().rev().find(|slot| slot.binding == id)
    }

    /// The variable of a binding that surely has a value.
    fn variable_of(&self, id: BindingId) -> Option<&Ident> {
        let slot = self.slot(id)?;
        (self.status[id] == Status::Present).then_some(&slot.variable)
    }
}

pub(super) struct Body<'a> {
    pub(super) entity: &'a EntityImpl,
    pub(super) method: &'a Method,
    pub(super) graph: &'a Graph,
    pub(super) flow: &'a Flow,
    pub(super) states: &'a [State],
    pub(super) errors: &'a mut Diagnostics,
    roots: Vec<BlockId>,
    /// The type parameters of the local enum.
    parameters: BTreeSet<(BindingId, Form)>,
    jumps: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        entity: &'a EntityImpl,
        method: &'a Method,
        graph: &'a Graph,
        flow: &'a Flow,
        states: &'a [State],
        errors: &'a mut Diagnostics,
    ) -> Self {
        let roots = graph.roots();
        let parameters = roots.iter().flat_map(|&root| flow.kept[root].iter().copied()).collect();
        Self { entity, method, graph, flow, states, errors, roots, parameters, jumps: false }
    }

    /// The statements of the function.
    pub(super) fn tokens(mut self) -> TokenStream {
        let items = &self.graph.items;
        let (from, other) = (local("from"), local("other"));
        let mut entries = vec![self.start()];
        let states = self.states;
        entries.extend(states.iter().map(|state| self.resumption(state)));
        let message =
            format!("`{}` of `{}` was resumed after its end", self.method.name, self.entity.name);
        let first = quote! {
            match #from {
                #(#entries)*
                #other => {
                    ::happysim::__private::disown(#other);
                    ::core::unreachable!(#message)
                }
            }
        };
        if self.roots.is_empty() {
            return quote!(#(#items)* #first);
        }
        self.jumps = false;
        let roots = self.roots.clone();
        let joins: Vec<TokenStream> = roots.iter().map(|&root| self.join(root)).collect();
        let definition = self.join_enum();
        let at = local("at");
        if self.jumps {
            quote! {
                #(#items)*
                #definition
                let mut #at = #first;
                loop {
                    #at = match #at { #(#joins)* };
                }
            }
        } else {
            quote! {
                #(#items)*
                #definition
                match #first { #(#joins)* }
            }
        }
    }

    fn machine(&self) -> Ident {
        names::joined(&self.entity.name, &self.method.name)
    }

    fn join_name(&self, root: BlockId) -> Ident {
        let number = self.roots.iter().position(|&other| other == root).map_or(0, |at| at + 1);
        format_ident!("Join{}", number)
    }

    fn parameter(&self, id: BindingId, form: Form) -> Ident {
        let number = self.parameters.iter().position(|&other| other == (id, form)).unwrap_or(0);
        format_ident!("T{}", number)
    }

    fn join_enum(&self) -> TokenStream {
        let at = names::hidden("At");
        let parameters: Vec<Ident> =
            self.parameters.iter().map(|&(id, form)| self.parameter(id, form)).collect();
        let variants = self.roots.iter().map(|&root| {
            let name = self.join_name(root);
            let fields = self.flow.kept[root].iter().map(|&(id, form)| {
                let field = &self.graph.bindings[id].field;
                let ty = self.parameter(id, form);
                quote!(#field: #ty)
            });
            let prior = self.is_poll(root).then(|| {
                let prior = local("prior");
                quote!(#prior: ::core::option::Option<::happysim::__private::Wait>,)
            });
            quote!(#name { #prior #(#fields),* })
        });
        quote! {
            /// Where several ways meet.
            #[allow(non_snake_case, reason = "the fields are the locals of the function")]
            enum #at<#(#parameters),*> { #(#variants,)* }
        }
    }

    fn is_poll(&self, block: BlockId) -> bool {
        self.poll_step(block).is_some()
    }

    /// The re-polled step that the block consists of.
    fn poll_step(&self, block: BlockId) -> Option<StepId> {
        match self.graph.blocks[block].terminator() {
            Terminator::Step { step, .. }
                if matches!(self.graph.steps[*step].kind, StepKind::Repoll)
                    && self.graph.blocks[block].is_root =>
            {
                Some(*step)
            }
            _ => None,
        }
    }

    fn goto(&mut self, target: BlockId, place: Place) -> TokenStream {
        if self.roots.contains(&target) {
            let prior = self.is_poll(target).then(|| quote!(::core::option::Option::None));
            self.jump(target, &place, prior)
        } else {
            self.inline(target, place)
        }
    }

    /// The variant for a join, as the value of the piece of code.
    fn jump(&mut self, target: BlockId, place: &Place, prior: Option<TokenStream>) -> TokenStream {
        self.jumps = true;
        let at = names::hidden("At");
        let name = self.join_name(target);
        let fields = self.flow.kept[target].iter().map(|kept| self.handed_on(*kept, place));
        let prior = prior.map(|value| {
            let prior = local("prior");
            quote!(#prior: #value,)
        });
        quote!(#at::#name { #prior #(#fields),* })
    }

    /// `field: variable`.
    fn handed_on(&self, kept: (BindingId, Form), place: &Place) -> TokenStream {
        let field = &self.graph.bindings[kept.0].field;
        match place.slot(kept.0) {
            Some(slot)
                if kept.1 == Form::Plain
                    && slot.variable == *field
                    && !self.graph.bindings[kept.0].guessed =>
            {
                quote!(#field)
            }
            _ => {
                let value = self.handed_value(kept, place);
                quote!(#field: #value)
            }
        }
    }

    fn handed_value(&self, (id, form): (BindingId, Form), place: &Place) -> TokenStream {
        let binding = &self.graph.bindings[id];
        match (form, place.slot(id)) {
            (Form::Plain, Some(slot)) => self.as_guessed(id, &slot.variable),
            // rustc reports the use of a variable without a value, in its own words.
            (Form::Plain, None) => binding.name.to_token_stream(),
            (Form::Optional, Some(slot)) if slot.form == Form::Optional => {
                slot.variable.to_token_stream()
            }
            (Form::Optional, Some(slot)) if place.status[id] == Status::Present => {
                let value = self.as_guessed(id, &slot.variable);
                quote!(::core::option::Option::Some(#value))
            }
            (Form::Optional, _) => quote!(::core::option::Option::None),
        }
    }

    /// The value of a local; if that is not what it was taken for, rustc tells of it where it is declared.
    fn as_guessed(&self, id: BindingId, variable: &Ident) -> TokenStream {
        let binding = &self.graph.bindings[id];
        match binding.ty.as_ref().filter(|_| binding.guessed) {
            Some(ty) => quote_spanned! {binding.name.span()=>
                ::happysim::__private::kept_as::<#ty, _>(#variable)
            },
            None => variable.to_token_stream(),
        }
    }

    fn inline(&mut self, id: BlockId, mut place: Place) -> TokenStream {
        let graph = self.graph;
        let block = &graph.blocks[id];
        let mut out = TokenStream::new();
        let mut scope = block.scope.clone();
        let mut probed = Bindings::default();
        out.extend(self.probe(self.dying_from(id, 0).into_iter(), &place, &mut probed));
        for (index, statement) in block.statements.iter().enumerate() {
            scope.extend(&statement.defines);
            let live_after = &self.flow.live_after[id][index];
            let crossing = &self.flow.crossing_after[id][index];
            out.extend(self.part_checks(&statement.uses, crossing));
            let (revived, replaced) = self.revive(&statement.uses.assigns, &mut place);
            out.extend(revived);
            match &statement.kind {
                StatementKind::Expression(tokens) => out.extend(tokens.clone()),
                StatementKind::Let { pattern, init, diverge } => {
                    let shadowed =
                        self.shadowed(&statement.defines, &statement.uses, live_after, &place);
                    let diverge = diverge.as_ref().map(|diverge| quote!(else #diverge));
                    match init {
                        None => out.extend(quote!(let #pattern;)),
                        Some(init) if !shadowed.is_empty() => {
                            let value = local("value");
                            let mut status = place.status.clone();
                            apply_uses(&mut status, &statement.uses);
                            let saved = self.save(&shadowed, &status, &mut place);
                            out.extend(quote!(
                                let #value = #init; #saved let #pattern = #value #diverge;
                            ));
                        }
                        Some(init) => out.extend(quote!(let #pattern = #init #diverge;)),
                    }
                    self.define(&statement.defines, &mut place);
                }
                StatementKind::EndScope(ended) => {
                    scope.retain(|id| !ended.contains(id));
                    out.extend(self.end_scope(ended, &scope, live_after, &mut place));
                }
            }
            out.extend(replaced);
            apply(&mut place.status, statement);
            out.extend(self.checks(&self.dying(id, index), &probed, &place));
            let later = self.dying_from(id, index + 1);
            let defined = statement.defines.iter().copied().filter(|id| later.contains(id));
            out.extend(self.probe(defined, &place, &mut probed));
        }
        out.extend(self.terminator(id, place));
        out
    }

    fn define(&self, defines: &[BindingId], place: &mut Place) {
        for &id in defines {
            let variable = self.graph.bindings[id].name.clone();
            // Whatever had the name is of no use any more, or it was given another.
            place.slots.retain(|slot| slot.binding != id && slot.variable != variable);
            place.slots.push(Slot { binding: id, variable, form: Form::Plain });
        }
    }

    fn terminator(&mut self, id: BlockId, mut place: Place) -> TokenStream {
        let graph = self.graph;
        let terminator = graph.blocks[id].terminator();
        let mut checks = self.part_checks(&terminator.uses(), &self.flow.crossing_out[id]);
        if let Terminator::Match { arms, .. } = terminator {
            for arm in arms {
                checks.extend(self.part_checks(&arm.taken, &self.flow.crossing_in[arm.target]));
            }
        }
        checks.extend(self.checks(&self.dying_at_end(id), &Bindings::new(), &place));
        let (revived, replaced) = self.revive(&terminator.uses().assigns, &mut place);
        let code = match terminator {
            Terminator::Goto(target) => self.goto(*target, place),
            Terminator::Return(value, _) => {
                let value = answered(self.method, value);
                quote!(return ::core::task::Poll::Ready(#value);)
            }
            Terminator::Diverge(tokens, _) => quote!(#tokens;),
            Terminator::Branch { condition, uses, defines, then, otherwise } => {
                let nothing = Uses::default();
                let edges = [(&defines[..], &nothing, *then), (&[], &nothing, *otherwise)];
                let saved = self.save_hidden(&edges, uses, &Uses::default(), &mut place);
                apply_uses(&mut place.status, uses);
                let then = self.arrive_at(defines, *then, place.clone());
                let otherwise = self.arrive_at(&[], *otherwise, place);
                quote!(#saved if #condition { #then } else { #otherwise })
            }
            Terminator::Match { scrutinee, uses, arms } => {
                let edges: Vec<_> =
                    arms.iter().map(|arm| (&arm.defines[..], &arm.taken, arm.target)).collect();
                let mut guards = Uses::default();
                guards.reads.extend(arms.iter().flat_map(|arm| {
                    arm.guard_uses.reads.iter().filter(|id| !arm.defines.contains(id))
                }));
                let saved = self.save_hidden(&edges, uses, &guards, &mut place);
                apply_uses(&mut place.status, uses);
                let arms: Vec<TokenStream> = arms
                    .iter()
                    .map(|arm| {
                        let mut place = place.clone();
                        apply_uses(&mut place.status, &arm.taken);
                        let body = self.arrive_at(&arm.defines, arm.target, place);
                        let pattern = &arm.pattern;
                        let guard = arm.guard.as_ref().map(|guard| quote!(if #guard));
                        // Where the arm is, behind which rustc would add one that is missing.
                        quote_spanned!(arm.end=> #pattern #guard => { #body })
                    })
                    .collect();
                quote!(#saved match #scrutinee { #(#arms)* })
            }
            Terminator::Step { step, expression, uses, result, next } => {
                self.step(id, *step, expression, uses, *result, *next, place)
            }
        };
        quote!(#checks #revived #replaced #code)
    }

    /// What stands before and behind a piece of code that gives these a new value: they are variables of
    /// their names there, with the former value if there is one, as it is dropped when the new one comes.
    fn revive(&mut self, assigns: &Bindings, place: &mut Place) -> (TokenStream, TokenStream) {
        let (mut before, mut behind) = (TokenStream::new(), TokenStream::new());
        let graph = self.graph;
        for &id in assigns {
            let binding = &graph.bindings[id];
            let name = &binding.name;
            let mutable = binding.mutable.then(|| quote!(mut));
            let former = place.slot(id).cloned();
            match former {
                Some(former) if former.variable == *name && former.form == Form::Plain => continue,
                Some(former) if former.form == Form::Plain => {
                    let variable = former.variable;
                    before.extend(quote!(let #mutable #name = #variable;));
                }
                former => {
                    // The variable declared here is another one to rustc, which has no value yet.
                    if !binding.mutable && place.status[id] != Status::Absent {
                        self.errors.error(
                            codes::ASSIGNED_TWICE,
                            &binding.name,
                            format!(
                                "`{0}` is assigned to when it has a value already: write `mut {0}`",
                                binding.name
                            ),
                        );
                    }
                    let ty = binding.ty.as_ref().map(|ty| quote!(: #ty));
                    before.extend(quote!(let #mutable #name #ty;));
                    let former = former.map(|former| former.variable);
                    behind.extend(former.map(|former| quote!(::core::mem::drop(#former);)));
                }
            }
            let revived = Slot { binding: id, variable: name.clone(), form: Form::Plain };
            match place.slots.iter_mut().find(|slot| slot.binding == id) {
                Some(slot) => *slot = revived,
                // In order of declaration.
                None => {
                    let behind = place.slots.iter().position(|slot| slot.binding > id);
                    place.slots.insert(behind.unwrap_or(place.slots.len()), revived);
                }
            }
            before.extend(self.renew_younger(&[id], &place.status, place));
        }
        (before, behind)
    }

    /// Bindings that a pattern makes on the way into a block.
    fn arrive(&self, defines: &[BindingId], place: &mut Place) {
        self.define(defines, place);
        for &id in defines {
            place.status[id] = Status::Present;
        }
    }
}
