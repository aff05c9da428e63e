//! The function that advances a state: user code between the steps, as the user wrote it.
//!
//! Code begins at the start, behind each step, and at *joins*: places that several ways lead to.
//! Everything else is written where control reaches it. A join is a variant of an enum that is
//! local to the function; its fields have type parameters, so that rustc infers what they are.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::super::cfg::{
    Binding, BindingId, BlockId, Graph, StatementKind, StepId, Terminator, Uses,
};
use super::super::liveness::{Flow, Form, Kept, Status, Statuses, apply, apply_uses};
use super::super::names::{self, local};
use super::super::signature::{EntityImpl, Method};
use super::super::states::State;
use super::super::steps::StepKind;
use super::super::types;
use crate::entity::errors::Diagnostics;

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
        let state = local("state");
        let machine = self.machine();
        let mut entries = vec![self.start()];
        let states = self.states;
        entries.extend(states.iter().map(|state| self.resumption(state)));
        let message =
            format!("`{}` of `{}` was resumed after its end", self.method.name, self.entity.name);
        let first = quote! {
            match ::core::mem::replace(#state, #machine::Finished) {
                #(#entries)*
                _ => ::core::unreachable!(#message),
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

    // The local enum of joins.

    fn join_name(&self, root: BlockId) -> Ident {
        let number = self.roots.iter().position(|&other| other == root).map_or(0, |at| at + 1);
        format_ident!("Join{}", number)
    }

    fn parameter(&self, id: BindingId, form: Form) -> Ident {
        let number = self.parameters.iter().position(|&other| other == (id, form)).unwrap_or(0);
        format_ident!("T{}", number)
    }

    fn join_enum(&self) -> TokenStream {
        let at = local("At");
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

    // Where code begins.

    fn start(&mut self) -> TokenStream {
        let kept = self.flow.kept[0].clone();
        let scope = &self.graph.blocks[0].scope;
        // The fields of the start are named as the parameters are.
        let (place, patterns) = self.entry_by(0, &kept, scope, |parameter| &parameter.name);
        let machine = self.machine();
        let late = self.late_bindings(0, &place);
        let body = self.inline(0, place);
        let rest = (patterns.len() < self.method.parameters.len()).then(|| quote!(..));
        quote!(#machine::Start { #(#patterns,)* #rest } => { #late #body })
    }

    fn resumption(&mut self, state: &State) -> TokenStream {
        let (machine, name) = (self.machine(), &state.name);
        let origin = self.origin(state.step);
        let kept = self.flow.kept_across[state.step].clone();
        let wait = local("wait");
        let Terminator::Step { result, next, uses, .. } = self.graph.blocks[origin].terminator()
        else {
            unreachable!("a state belongs to a step");
        };
        let (result, next) = (*result, *next);
        if self.is_poll(origin) {
            let (place, patterns) = self.entry(origin, &kept, &self.graph.blocks[origin].scope);
            let prior = quote!(::core::option::Option::Some(#wait));
            let body = self.jump(origin, &place, Some(prior));
            return quote!(#machine::#name { wait: #wait, #(#patterns),* } => { #body });
        }
        let scope = super::super::liveness::scope_at_end(self.graph, origin);
        let (mut place, patterns) = self.entry(next, &kept, &scope);
        place.status = self.status_at_step(origin, uses);
        let late = self.late_bindings(next, &place);
        let (context, this) = (&self.method.context, &self.method.receiver.self_token);
        let step = &self.graph.steps[state.step];
        let value = match &step.kind {
            StepKind::Sleep => None,
            StepKind::Field { field, marker } => Some(quote!(
                ::happysim::__private::Complete::<#marker, _>::complete(
                    &mut #this.#field, #context, #wait,
                )
            )),
            StepKind::Claim => {
                let ty = &step.output;
                Some(quote!(
                    <#ty as ::happysim::__private::Granted<_>>::granted(#context, #wait)
                ))
            }
            StepKind::Helper { .. } => return self.resumed_helper(state, place, &patterns, &late),
            StepKind::Repoll => unreachable!("handled above"),
        };
        let pattern = if value.is_some() { quote!(#wait) } else { quote!(_) };
        let value = value.unwrap_or_else(|| quote!(()));
        let body = self.completed(result, next, place, &value);
        quote!(#machine::#name { wait: #pattern, #(#patterns),* } => { #late #body })
    }

    fn resumed_helper(
        &mut self,
        state: &State,
        place: Place,
        patterns: &[TokenStream],
        late: &TokenStream,
    ) -> TokenStream {
        let (machine, name) = (self.machine(), &state.name);
        let origin = self.origin(state.step);
        let Terminator::Step { result, next, .. } = self.graph.blocks[origin].terminator() else {
            unreachable!("a state belongs to a step");
        };
        let (result, next) = (*result, *next);
        let call = self.helper_call(state.step);
        let (callee, value) = (local("callee"), local("value"));
        let suspend = self.suspend(state.step, &place);
        let body = self.completed(result, next, place, &value.to_token_stream());
        quote! {
            #machine::#name { callee: mut #callee, #(#patterns),* } => {
                #late
                match #call {
                    ::core::task::Poll::Ready(#value) => { #body }
                    ::core::task::Poll::Pending => { #suspend }
                }
            }
        }
    }

    fn join(&mut self, root: BlockId) -> TokenStream {
        let kept = self.flow.kept[root].clone();
        let (place, patterns) = self.entry(root, &kept, &self.graph.blocks[root].scope);
        let name = self.join_name(root);
        let at = local("At");
        let late = self.late_bindings(root, &place);
        let body = self.inline(root, place);
        let prior = self.is_poll(root).then(|| {
            let prior = local("prior");
            quote!(#prior,)
        });
        quote!(#at::#name { #prior #(#patterns),* } => { #late #body })
    }

    /// The block that ends in a step.
    fn origin(&self, step: StepId) -> BlockId {
        (0..self.graph.blocks.len())
            .find(|&id| {
                matches!(self.graph.blocks[id].terminator(),
                    Terminator::Step { step: other, .. } if *other == step)
            })
            .expect("a state belongs to a step")
    }

    fn status_at_step(&self, origin: BlockId, uses: &Uses) -> Statuses {
        let mut status =
            self.flow.status_in[origin].clone().expect("states are made for reachable steps only");
        let statements = &self.graph.blocks[origin].statements;
        statements.iter().for_each(|statement| apply(&mut status, statement));
        apply_uses(&mut status, uses);
        status
    }

    /// The variables at a beginning, and the patterns `field: variable` that bind them.
    fn entry(&self, block: BlockId, kept: &Kept, scope: &[BindingId]) -> (Place, Vec<TokenStream>) {
        self.entry_by(block, kept, scope, |binding| &binding.field)
    }

    /// As [`entry`](Self::entry), for fields with other names.
    fn entry_by(
        &self,
        block: BlockId,
        kept: &Kept,
        scope: &[BindingId],
        field: fn(&Binding) -> &Ident,
    ) -> (Place, Vec<TokenStream>) {
        let mut slots = Vec::new();
        let mut patterns = Vec::new();
        let live = &self.flow.live_in[block];
        for &(id, form) in kept {
            let binding = &self.graph.bindings[id];
            let is_visible = self.means(scope, &binding.name) == Some(id);
            let field = field(binding);
            let is_used = live.contains(&id) || binding.hidden;
            let variable = if form == Form::Plain && is_visible && is_used {
                binding.name.clone()
            } else {
                local(&format!("__{}", binding.field))
            };
            let mutable = (binding.mutable && variable == binding.name).then(|| quote!(mut));
            patterns.push(if mutable.is_none() && variable == *field {
                quote!(#variable)
            } else {
                quote!(#field: #mutable #variable)
            });
            slots.push(Slot { binding: id, variable, form });
        }
        let status = self.flow.status_in[block].clone().unwrap_or_default();
        (Place { slots, status }, patterns)
    }

    /// Bindings in scope without a value that get one in this piece of code.
    fn late_bindings(&self, block: BlockId, place: &Place) -> TokenStream {
        let mut assigned = BTreeSet::new();
        self.assigned_from(block, &mut assigned);
        let missing = self.graph.blocks[block].scope.iter().filter(|id| {
            assigned.contains(id)
                && place
                    .slot(**id)
                    .is_none_or(|slot| slot.variable != self.graph.bindings[**id].name)
        });
        let lets = missing.map(|&id| {
            let binding = &self.graph.bindings[id];
            let name = &binding.name;
            let mutable = binding.mutable.then(|| quote!(mut));
            match &binding.ty {
                Some(ty) => quote!(let #mutable #name: #ty;),
                None => quote!(let #mutable #name;),
            }
        });
        quote!(#(#lets)*)
    }

    fn assigned_from(&self, block: BlockId, assigned: &mut BTreeSet<BindingId>) {
        let block = &self.graph.blocks[block];
        for statement in &block.statements {
            assigned.extend(&statement.uses.assigns);
        }
        assigned.extend(&block.terminator().uses().assigns);
        if matches!(block.terminator(), Terminator::Step { .. }) {
            return;
        }
        for next in block.terminator().successors() {
            if !self.roots.contains(&next) {
                self.assigned_from(next, assigned);
            }
        }
    }

    // Code in place.

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
        let at = local("At");
        let name = self.join_name(target);
        let fields = self.flow.kept[target].iter().map(|kept| self.handed_on(*kept, place));
        let prior = prior.map(|value| {
            let prior = local("prior");
            quote!(#prior: #value,)
        });
        quote!(#at::#name { #prior #(#fields),* })
    }

    /// `field: variable`.
    fn handed_on(&self, (id, form): (BindingId, Form), place: &Place) -> TokenStream {
        let binding = &self.graph.bindings[id];
        let field = &binding.field;
        let value = match (form, place.slot(id)) {
            (Form::Plain, Some(slot)) if slot.variable == *field => return quote!(#field),
            (Form::Plain, Some(slot)) => slot.variable.to_token_stream(),
            // rustc reports the use of a variable without a value, in its own words.
            (Form::Plain, None) => binding.name.to_token_stream(),
            (Form::Optional, Some(slot)) if slot.form == Form::Optional => {
                slot.variable.to_token_stream()
            }
            (Form::Optional, Some(slot)) if place.status[id] == Status::Present => {
                let variable = &slot.variable;
                quote!(::core::option::Option::Some(#variable))
            }
            (Form::Optional, _) => quote!(::core::option::Option::None),
        };
        quote!(#field: #value)
    }

    fn inline(&mut self, id: BlockId, mut place: Place) -> TokenStream {
        let graph = self.graph;
        let block = &graph.blocks[id];
        let mut out = TokenStream::new();
        let mut scope = block.scope.clone();
        for (index, statement) in block.statements.iter().enumerate() {
            scope.extend(&statement.defines);
            let live_after = &self.flow.live_after[id][index];
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
                            let saved = self.save(&shadowed, &mut place);
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
            apply(&mut place.status, statement);
            let mut touched = statement.uses.reads.clone();
            touched.extend(&statement.defines);
            let crossing = &self.flow.crossing_after[id][index];
            let dying = touched
                .iter()
                .copied()
                .filter(|id| crossing.contains(id) && !live_after.contains(id));
            out.extend(self.checks(dying, &place));
        }
        out.extend(self.terminator(id, place));
        out
    }

    /// Those that are dropped at the next step must not be of a kind that is held.
    fn checks(&self, dying: impl Iterator<Item = BindingId>, place: &Place) -> TokenStream {
        let checks = dying.filter_map(|id| {
            let binding = &self.graph.bindings[id];
            let slot = place.slot(id)?;
            if binding.ty.is_some() || binding.hidden || place.status[id] != Status::Present {
                return None;
            }
            let name = &slot.variable;
            Some(quote!(
                {
                    use ::happysim::__private::HeldFallback as _;
                    ::happysim::__private::HeldCheck(&#name).check();
                }
            ))
        });
        quote!(#(#checks)*)
    }

    /// Variables that a new one of the same name would hide although they are needed later.
    fn shadowed(
        &self,
        defines: &[BindingId],
        uses: &Uses,
        live_after: &super::super::cfg::Bindings,
        place: &Place,
    ) -> Vec<BindingId> {
        let mut after = place.status.clone();
        apply_uses(&mut after, uses);
        let is_needed = |slot: &&Slot| {
            let binding = &self.graph.bindings[slot.binding];
            let is_hidden = defines.iter().any(|&id| self.graph.bindings[id].name == slot.variable);
            let is_held = binding.is_held() && after[slot.binding] != Status::Absent;
            is_hidden
                && !defines.contains(&slot.binding)
                && slot.variable == binding.name
                && (live_after.contains(&slot.binding) || is_held)
        };
        place.slots.iter().filter(is_needed).map(|slot| slot.binding).collect()
    }

    /// Gives variables another name of ours.
    fn save(&self, shadowed: &[BindingId], place: &mut Place) -> TokenStream {
        let mut out = TokenStream::new();
        for slot in place.slots.iter_mut().filter(|slot| shadowed.contains(&slot.binding)) {
            let binding = &self.graph.bindings[slot.binding];
            let old =
                core::mem::replace(&mut slot.variable, local(&format!("__{}", binding.field)));
            let new = &slot.variable;
            out.extend(quote!(let #new = #old;));
        }
        out
    }

    fn define(&self, defines: &[BindingId], place: &mut Place) {
        for &id in defines {
            place.slots.retain(|slot| slot.binding != id);
            let variable = self.graph.bindings[id].name.clone();
            place.slots.push(Slot { binding: id, variable, form: Form::Plain });
        }
    }

    fn end_scope(
        &self,
        ended: &[BindingId],
        scope: &[BindingId],
        live_after: &super::super::cfg::Bindings,
        place: &mut Place,
    ) -> TokenStream {
        let mut out = TokenStream::new();
        for &id in ended.iter().rev() {
            let binding = &self.graph.bindings[id];
            if let Some(slot) = place.slot(id)
                && binding.is_held()
                && (slot.form == Form::Optional || place.status[id] == Status::Present)
            {
                let variable = &slot.variable;
                out.extend(quote!(::core::mem::drop(#variable);));
            }
            place.slots.retain(|slot| slot.binding != id);
        }
        // What these had hidden can be seen again.
        for slot in &mut place.slots {
            let binding = &self.graph.bindings[slot.binding];
            let is_visible = self.means(scope, &binding.name) == Some(slot.binding);
            if is_visible
                && slot.form == Form::Plain
                && slot.variable != binding.name
                && live_after.contains(&slot.binding)
            {
                let (name, saved) = (&binding.name, &slot.variable);
                let mutable = binding.mutable.then(|| quote!(mut));
                out.extend(quote!(let #mutable #name = #saved;));
                slot.variable = binding.name.clone();
            }
        }
        out
    }

    // Terminators.

    fn terminator(&mut self, id: BlockId, mut place: Place) -> TokenStream {
        let graph = self.graph;
        let terminator = graph.blocks[id].terminator();
        match terminator {
            Terminator::Goto(target) => self.goto(*target, place),
            Terminator::Return(value, _) => quote!(return ::core::task::Poll::Ready(#value);),
            Terminator::Diverge(tokens, _) => quote!(#tokens;),
            Terminator::Branch { condition, uses, defines, then, otherwise } => {
                let edges = [(&defines[..], *then), (&[], *otherwise)];
                let saved = self.save_hidden(&edges, uses, &Uses::default(), &mut place);
                apply_uses(&mut place.status, uses);
                let then = self.arrive_at(defines, *then, place.clone());
                let otherwise = self.arrive_at(&[], *otherwise, place);
                quote!(#saved if #condition { #then } else { #otherwise })
            }
            Terminator::Match { scrutinee, uses, arms } => {
                let edges: Vec<_> = arms.iter().map(|arm| (&arm.defines[..], arm.target)).collect();
                let mut guards = Uses::default();
                guards.reads.extend(arms.iter().flat_map(|arm| {
                    arm.guard_uses.reads.iter().filter(|id| !arm.defines.contains(id))
                }));
                let saved = self.save_hidden(&edges, uses, &guards, &mut place);
                apply_uses(&mut place.status, uses);
                let arms: Vec<TokenStream> = arms
                    .iter()
                    .map(|arm| {
                        let body = self.arrive_at(&arm.defines, arm.target, place.clone());
                        let pattern = &arm.pattern;
                        let guard = arm.guard.as_ref().map(|guard| quote!(if #guard));
                        quote!(#pattern #guard => { #body })
                    })
                    .collect();
                quote!(#saved match #scrutinee { #(#arms)* })
            }
            Terminator::Step { step, expression, uses, result, next } => {
                self.step(id, *step, expression, uses, *result, *next, place)
            }
        }
    }

    /// Bindings that a pattern makes on the way into a block.
    fn arrive(&self, defines: &[BindingId], place: &mut Place) {
        self.define(defines, place);
        defines.iter().for_each(|&id| place.status[id] = Status::Present);
    }

    /// Goes on behind an edge that binds `defines`.
    fn arrive_at(
        &mut self,
        defines: &[BindingId],
        target: BlockId,
        mut place: Place,
    ) -> TokenStream {
        // What another edge hides can be seen here.
        let mut seen = TokenStream::new();
        if !self.roots.contains(&target) {
            for slot in &mut place.slots {
                let binding = &self.graph.bindings[slot.binding];
                let is_hidden =
                    defines.iter().any(|&id| self.graph.bindings[id].name == binding.name);
                let is_visible = self.visible_in(target, slot.binding);
                if slot.form == Form::Plain
                    && slot.variable != binding.name
                    && !is_hidden
                    && is_visible
                    && self.flow.live_in[target].contains(&slot.binding)
                {
                    let (name, saved) = (&binding.name, &slot.variable);
                    let mutable = binding.mutable.then(|| quote!(mut));
                    seen.extend(quote!(let #mutable #name = #saved;));
                    slot.variable = binding.name.clone();
                }
            }
        }
        self.arrive(defines, &mut place);
        let rest = self.goto(target, place);
        quote!(#seen #rest)
    }

    /// Whether the binding is the one that its name means at the beginning of a block.
    fn visible_in(&self, block: BlockId, id: BindingId) -> bool {
        self.means(&self.graph.blocks[block].scope, &self.graph.bindings[id].name) == Some(id)
    }

    /// What a name means in a scope.
    fn means(&self, scope: &[BindingId], name: &Ident) -> Option<BindingId> {
        scope.iter().rev().copied().find(|&id| self.graph.bindings[id].name == *name)
    }

    /// Gives another name to variables that the pattern of some edge would hide although they
    /// are needed behind it.
    fn save_hidden(
        &mut self,
        edges: &[(&[BindingId], BlockId)],
        uses: &Uses,
        guards: &Uses,
        place: &mut Place,
    ) -> TokenStream {
        let mut hidden: Vec<BindingId> = Vec::new();
        for &(defines, target) in edges {
            let live = self.flow.live_in[target].clone();
            hidden.extend(self.shadowed(defines, uses, &live, place));
        }
        hidden.sort_unstable();
        hidden.dedup();
        let mut copied = TokenStream::new();
        for &id in &hidden {
            let binding = &self.graph.bindings[id];
            let is_mentioned = uses.reads.contains(&id) || guards.reads.contains(&id);
            if is_mentioned && !binding.ty.as_ref().is_some_and(types::is_copy) {
                self.errors.error(&binding.name, format!(
                    "`{}` is matched by a pattern that hides it, and is still needed across a step: \
                     rename one of the two",
                    binding.name
                ));
            }
        }
        copied.extend(self.save(&hidden, place));
        copied
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one terminator")]
    fn step(
        &mut self,
        block: BlockId,
        step: StepId,
        expression: &TokenStream,
        uses: &Uses,
        result: Option<BindingId>,
        next: BlockId,
        mut place: Place,
    ) -> TokenStream {
        let context = self.method.context.clone();
        let (wait, value) = (local("wait"), local("value"));
        let poll = self.is_poll(block);
        let before = place.clone();
        apply_uses(&mut place.status, uses);
        let suspend = self.suspend(step, if poll { &before } else { &place });
        let kind = &self.graph.steps[step].kind;
        if matches!(kind, StepKind::Sleep) || !self.graph.steps[step].may_be_ready() && !poll {
            return quote! {
                let ::happysim::__private::Begun::Wait(#wait) =
                    ::happysim::__private::Step::begin(#expression, #context)
                else {
                    ::core::unreachable!("sleeps and calls are never done at once")
                };
                #suspend
            };
        }
        let helper = matches!(kind, StepKind::Helper { .. });
        let call = helper.then(|| self.helper_call(step));
        let body = self.completed(result, next, place, &value.to_token_stream());
        if let Some(call) = call {
            let start = self.helper_start(step, expression);
            let callee = local("callee");
            return quote! {
                let mut #callee = #start;
                match #call {
                    ::core::task::Poll::Ready(#value) => { #body }
                    ::core::task::Poll::Pending => { #suspend }
                }
            };
        }
        if poll {
            let prior = local("prior");
            return quote! {
                match ::happysim::__private::Repoll::poll(#expression, #context, #prior) {
                    ::core::result::Result::Ok(#value) => { #body }
                    ::core::result::Result::Err(#wait) => { #suspend }
                }
            };
        }
        quote! {
            match ::happysim::__private::Step::begin(#expression, #context) {
                ::happysim::__private::Begun::Ready(#value) => { #body }
                ::happysim::__private::Begun::Wait(#wait) => { #suspend }
            }
        }
    }

    fn helper_name(&self, step: StepId) -> &Ident {
        match &self.graph.steps[step].kind {
            StepKind::Helper { name, .. } => name,
            _ => unreachable!("asked for helpers only"),
        }
    }

    fn helper_call(&self, step: StepId) -> TokenStream {
        let advance = super::super::prepare::advance_name(self.helper_name(step));
        let (callee, spawns, context) = (local("callee"), local("spawns"), &self.method.context);
        let this = &self.method.receiver.self_token;
        quote!(#this.#advance(#context, &mut #callee, #spawns))
    }

    fn helper_start(&self, step: StepId, arguments: &TokenStream) -> TokenStream {
        let name = self.helper_name(step);
        let method = self.entity.method(name).expect("the step was recognised");
        let machine = names::joined(&self.entity.name, &method.name);
        // The prepared arguments, in order: taken apart by a tuple pattern's evaluation order.
        let fields: Vec<&Ident> =
            method.parameters.iter().map(|parameter| &parameter.name).collect();
        let values: Vec<Ident> =
            fields.iter().map(|field| local(&format!("__{field}_argument"))).collect();
        if fields.is_empty() {
            return quote!(#machine::Start {});
        }
        quote!({
            let (#(#values,)*) = (#arguments,);
            #machine::Start { #(#fields: #values),* }
        })
    }

    /// Stores the state and leaves.
    fn suspend(&self, step: StepId, place: &Place) -> TokenStream {
        let machine = self.machine();
        let name = &self.graph.steps[step].state;
        let state = local("state");
        let fields =
            self.flow.kept_across[step].iter().rev().map(|kept| self.handed_on(*kept, place));
        let is_helper = matches!(self.graph.steps[step].kind, StepKind::Helper { .. });
        let (field, variable) = if is_helper {
            (quote!(callee), local("callee"))
        } else {
            (quote!(wait), local("wait"))
        };
        quote! {
            *#state = #machine::#name { #field: #variable, #(#fields),* };
            return ::core::task::Poll::Pending;
        }
    }

    /// The step is done: its value goes where it belongs.
    fn completed(
        &mut self,
        result: Option<BindingId>,
        next: BlockId,
        mut place: Place,
        value: &TokenStream,
    ) -> TokenStream {
        let Some(id) = result else {
            let discard = (value.to_string() != "()").then(|| quote!(::core::mem::drop(#value);));
            let rest = self.goto(next, place);
            return quote!(#discard #rest);
        };
        let live = self.flow.live_in[next].clone();
        let shadowed = self.shadowed(&[id], &Uses::default(), &live, &place);
        let saved = self.save(&shadowed, &mut place);
        let binding = &self.graph.bindings[id];
        let name = &binding.name;
        let mutable = binding.mutable.then(|| quote!(mut));
        let ty = binding.annotated.then_some(binding.ty.as_ref()).flatten().map(|ty| quote!(: #ty));
        self.arrive(&[id], &mut place);
        let rest = self.goto(next, place);
        quote!(#saved let #mutable #name #ty = #value; #rest)
    }
}
