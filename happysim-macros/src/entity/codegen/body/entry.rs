//! Where code begins: at the start, behind each step, at joins.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::{Body, Place, Slot};
use crate::entity::cfg::{Binding, BindingId, Bindings, BlockId, StepId, Terminator, Uses};
use crate::entity::liveness::{Form, Kept, Statuses, apply, apply_uses, scope_at_end};
use crate::entity::names::{self, local};
use crate::entity::projections;
use crate::entity::states::State;
use crate::entity::steps::StepKind;

impl Body<'_> {
    pub(super) fn start(&mut self) -> TokenStream {
        let kept = self.flow.kept[0].clone();
        let scope = &self.graph.blocks[0].scope;
        // The fields of the start are named as the parameters are.
        let (place, patterns) = self.entry_by(0, &kept, scope, |parameter| &parameter.name);
        let machine = self.machine();
        let body = self.inline(0, place);
        let rest = (patterns.len() < self.method.parameters.len()).then(|| quote!(..));
        quote!(#machine::Start { #(#patterns,)* #rest } => { #body })
    }

    pub(super) fn resumption(&mut self, state: &State) -> TokenStream {
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
            let restored = self.restored(&place);
            let body = self.jump(origin, &place, Some(prior));
            return quote!(#machine::#name { wait: #wait, #(#patterns),* } => { #restored #body });
        }
        let scope = scope_at_end(self.graph, origin);
        let (mut place, patterns) = self.entry(next, &kept, &scope);
        place.status = self.status_at_step(origin, uses);
        let (context, this) = (&self.method.context, &self.method.receiver.self_token);
        let step = &self.graph.steps[state.step];
        let value = match &step.kind {
            StepKind::Sleep => None,
            StepKind::Field { field, marker } => Some(quote!({
                #[allow(unused_imports, reason = "for a field that has no such step")]
                use ::happysim::__private::NoStepEnd as _;
                ::happysim::__private::StepEnd::<_, #marker, _>::of(
                    &mut #this.#field, #context, #wait,
                ).complete()
            })),
            StepKind::Claim => {
                let ty = &step.output;
                Some(quote!(
                    <#ty as ::happysim::__private::Granted<_>>::granted(#context, #wait)
                ))
            }
            StepKind::Helper { .. } => return self.resumed_helper(state, place, &patterns),
            StepKind::Repoll => unreachable!("handled above"),
        };
        let first = value.is_some().then(|| quote!(wait: #wait,));
        let value = value.unwrap_or_else(|| quote!(()));
        let restored = self.restored(&place);
        let body = self.completed(state.step, result, next, place, &value);
        quote!(#machine::#name { #first #(#patterns),* } => { #restored #body })
    }

    pub(super) fn resumed_helper(
        &mut self,
        state: &State,
        place: Place,
        patterns: &[TokenStream],
    ) -> TokenStream {
        let (machine, name) = (self.machine(), &state.name);
        let origin = self.origin(state.step);
        let Terminator::Step { result, next, .. } = self.graph.blocks[origin].terminator() else {
            unreachable!("a state belongs to a step");
        };
        let (result, next) = (*result, *next);
        let call = self.helper_call(state.step);
        let (callee, from, value) = (local("callee"), local("callee_from"), local("value"));
        let finished = self.helper_finished(state.step);
        let suspend = self.suspend(state.step, &place);
        let restored = self.restored(&place);
        let body = self.completed(state.step, result, next, place, &value.to_token_stream());
        quote! {
            #machine::#name { callee: #from, #(#patterns),* } => {
                let mut #callee = #finished;
                #restored
                match #call {
                    ::core::task::Poll::Ready(#value) => { #body }
                    ::core::task::Poll::Pending => { #suspend }
                }
            }
        }
    }

    pub(super) fn join(&mut self, root: BlockId) -> TokenStream {
        let kept = self.flow.kept[root].clone();
        let (place, patterns) = self.entry(root, &kept, &self.graph.blocks[root].scope);
        let name = self.join_name(root);
        let at = names::hidden("At");
        let body = self.inline(root, place);
        let prior = self.is_poll(root).then(|| {
            let prior = local("prior");
            quote!(#prior,)
        });
        quote!(#at::#name { #prior #(#patterns),* } => { #body })
    }

    /// The block that ends in a step.
    pub(super) fn origin(&self, step: StepId) -> BlockId {
        (0..self.graph.blocks.len())
            .find(|&id| {
                matches!(self.graph.blocks[id].terminator(),
                    Terminator::Step { step: other, .. } if *other == step)
            })
            .expect("a state belongs to a step")
    }

    pub(super) fn status_at_step(&self, origin: BlockId, uses: &Uses) -> Statuses {
        let mut status =
            self.flow.status_in[origin].clone().expect("states are made for reachable steps only");
        let statements = &self.graph.blocks[origin].statements;
        for statement in statements {
            apply(&mut status, statement);
        }
        apply_uses(&mut status, uses);
        status
    }

    /// The variables at a beginning, and the patterns `field: variable` that bind them.
    pub(super) fn entry(
        &self,
        block: BlockId,
        kept: &Kept,
        scope: &[BindingId],
    ) -> (Place, Vec<TokenStream>) {
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
        let mut assigned = Bindings::new();
        self.assigned_from(block, &mut assigned);
        for &(id, form) in kept {
            let binding = &self.graph.bindings[id];
            let is_visible = self.means(scope, &binding.name) == Some(id);
            let field = field(binding);
            let is_used = live.contains(&id) || binding.is_temporary() || assigned.contains(&id);
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

    /// Variables that were in the state, where one of them may have a stand-in for its type: from
    /// here on that one has any type, so that only the name that is unknown is told of. All of them
    /// are bound anew, so that they are dropped in the order in which they would be.
    fn restored(&self, place: &Place) -> TokenStream {
        let may_be_unknown = |slot: &Slot| {
            self.graph.bindings[slot.binding].ty.as_ref().is_some_and(projections::may_be_unknown)
        };
        if !place.slots.iter().any(may_be_unknown) {
            return TokenStream::new();
        }
        let lets = place.slots.iter().map(|slot| {
            let binding = &self.graph.bindings[slot.binding];
            let variable = &slot.variable;
            let mutable = (binding.mutable && *variable == binding.name).then(|| quote!(mut));
            if may_be_unknown(slot) {
                quote!(let #mutable #variable = ::happysim::__private::Restored(#variable).restore();)
            } else {
                quote!(let #mutable #variable = #variable;)
            }
        });
        quote! {
            #[allow(unused_imports, reason = "for types that are known")]
            use ::happysim::__private::RestoredAsIs as _;
            #(#lets)*
        }
    }

    /// Those that get a value in the code that begins with this block.
    fn assigned_from(&self, block: BlockId, assigned: &mut Bindings) {
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
}
