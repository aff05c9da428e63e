//! Steps: how they begin, where the state is stored, what happens when they are done.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{Body, Place};
use crate::entity::cfg::{BindingId, Bindings, BlockId, StepId, Uses};
use crate::entity::liveness::{Form, apply_uses};
use crate::entity::names::{self, local};
use crate::entity::place::{ends, placed};
use crate::entity::prepare::advance_name;
use crate::entity::projections;
use crate::entity::steps::StepKind;

impl Body<'_> {
    #[allow(clippy::too_many_arguments, reason = "the parts of one terminator")]
    pub(super) fn step(
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
        let (at, last) = ends(&self.graph.steps[step].tokens);
        // Underlined as what is waited for, so that what is no step is told of once.
        let mut arguments = Group::new(Delimiter::Parenthesis, quote!(#expression, #context));
        arguments.set_span(last);
        let begin = quote_spanned!(at=> ::happysim::__private::Step::begin #arguments);
        if matches!(kind, StepKind::Sleep) {
            return quote! {
                ::happysim::__private::fall_asleep(#expression, #context);
                #suspend
            };
        }
        if !self.graph.steps[step].may_be_ready() && !poll {
            let waits = quote_spanned!(at=> ::happysim::__private::Begun::Wait(#wait));
            return quote! {
                let #waits = #begin else {
                    ::core::unreachable!("calls are never done at once")
                };
                #suspend
            };
        }
        let helper = matches!(kind, StepKind::Helper { .. });
        let call = helper.then(|| self.helper_call(step));
        let body = self.completed(step, result, next, place, &value.to_token_stream());
        if let Some(call) = call {
            let start = self.helper_start(step, expression);
            let (callee, from) = (local("callee"), local("callee_from"));
            let finished = self.helper_finished(step);
            return quote! {
                let #from = #start;
                let mut #callee = #finished;
                match #call {
                    ::core::task::Poll::Ready(#value) => { #body }
                    ::core::task::Poll::Pending => { #suspend }
                }
            };
        }
        if poll {
            let prior = local("prior");
            // What cannot be awaited so is told of there.
            let (first, _) = self.graph.steps[step].place;
            let polled = quote_spanned! {first=>
                ::happysim::__private::Repoll::poll(#expression, #context, #prior)
            };
            return quote! {
                match #polled {
                    ::core::result::Result::Ok(#value) => { #body }
                    ::core::result::Result::Err(#wait) => { #suspend }
                }
            };
        }
        quote! {
            match #begin {
                ::happysim::__private::Begun::Ready(#value) => { #body }
                ::happysim::__private::Begun::Wait(#wait) => { #suspend }
            }
        }
    }

    pub(super) fn helper_name(&self, step: StepId) -> &Ident {
        match &self.graph.steps[step].kind {
            StepKind::Helper { name, .. } => name,
            _ => unreachable!("asked for helpers only"),
        }
    }

    pub(super) fn helper_call(&self, step: StepId) -> TokenStream {
        let advance = advance_name(self.helper_name(step));
        let (callee, from) = (local("callee"), local("callee_from"));
        let (spawns, context) = (local("spawns"), &self.method.context);
        let this = &self.method.receiver.self_token;
        quote!(#this.#advance(#context, #from, &mut #callee, #spawns))
    }

    /// What is in the place of a helper's state while it runs.
    pub(super) fn helper_finished(&self, step: StepId) -> TokenStream {
        let machine = names::joined(&self.entity.name, self.helper_name(step));
        quote!(#machine::Finished)
    }

    pub(super) fn helper_start(&self, step: StepId, arguments: &TokenStream) -> TokenStream {
        let name = self.helper_name(step);
        let method = self.entity.method(name).expect("the step was recognised");
        let machine = names::joined(&self.entity.name, &method.name);
        // The prepared arguments, in order: taken apart by a tuple pattern's evaluation order.
        let fields: Vec<&Ident> =
            method.parameters.iter().map(|parameter| &parameter.name).collect();
        let values: Vec<Ident> =
            fields.iter().map(|field| local(&format!("__{field}_argument"))).collect();
        if method.is_refused() {
            let (_, generics, _) = self.entity.generics.split_for_impl();
            let start = quote!(::happysim::__private::stand_in::<#machine #generics>());
            let looked_at = (!arguments.is_empty()).then(|| quote!(let _ = (#arguments,);));
            return quote!({ #looked_at #start });
        }
        if fields.is_empty() {
            return quote!(#machine::Start {});
        }
        quote!({
            let (#(#values,)*) = (#arguments,);
            #machine::Start { #(#fields: #values),* }
        })
    }

    /// Stores the state and leaves.
    pub(super) fn suspend(&self, step: StepId, place: &Place) -> TokenStream {
        let machine = self.machine();
        let name = &self.graph.steps[step].state;
        let state = local("state");
        let fields =
            self.flow.kept_across[step].iter().rev().map(|kept| self.stored(step, *kept, place));
        let (callee, wait) = (local("callee"), local("wait"));
        let first = match self.graph.steps[step].kind {
            StepKind::Helper { .. } => quote!(callee: #callee,),
            StepKind::Sleep => TokenStream::new(),
            _ => quote!(wait: #wait,),
        };
        quote! {
            ::happysim::__private::suspend(
                #state,
                #machine::#name { #first #(#fields),* },
            );
            return ::core::task::Poll::Pending;
        }
    }

    /// `field: variable`, in the state in which the step is waited for. What has a stand-in for its
    /// type there may be of any type here.
    fn stored(&self, step: StepId, kept: (BindingId, Form), place: &Place) -> TokenStream {
        let fields = self.states.iter().filter(|state| state.step == step);
        let mut fields = fields.flat_map(|state| &state.fields);
        let ty = fields.find(|field| field.binding == kept.0).map(|field| &field.ty);
        let is_checked = self.graph.bindings[kept.0].guessed;
        let Some(ty) = ty.filter(|ty| !is_checked && projections::may_be_unknown(ty)) else {
            return self.handed_on(kept, place);
        };
        let (field, value) = (&self.graph.bindings[kept.0].field, self.handed_value(kept, place));
        let ty = match kept.1 {
            Form::Plain => quote!(#ty),
            Form::Optional => quote!(::core::option::Option<#ty>),
        };
        quote!(#field: {
            #[allow(unused_imports, reason = "for types that are known")]
            use ::happysim::__private::StoredAsIs as _;
            ::happysim::__private::Stored::<#ty>::NEW.store(#value)
        })
    }

    /// The step is done: its value goes where it belongs.
    pub(super) fn completed(
        &mut self,
        step: StepId,
        result: Option<BindingId>,
        next: BlockId,
        mut place: Place,
        value: &TokenStream,
    ) -> TokenStream {
        let Some(id) = result else {
            let place_of_step = self.graph.steps[step].place.0;
            let discard = (value.to_string() != "()")
                .then(|| quote_spanned!(place_of_step=> ::core::mem::drop(#value);));
            let rest = self.goto(next, place);
            return quote!(#discard #rest);
        };
        let live = self.flow.live_in[next].clone();
        let shadowed = self.shadowed(&[id], &Uses::default(), &live, &place);
        let status = place.status.clone();
        let saved = self.save(&shadowed, &status, &mut place);
        let binding = &self.graph.bindings[id];
        let name = &binding.name;
        let mutable = binding.mutable.then(|| quote!(mut));
        let ty = binding.annotated.then_some(binding.ty.as_ref()).flatten().map(|ty| quote!(: #ty));
        // What does not fit the type that is written beside the name shows at the step.
        let value =
            if ty.is_some() { placed(value, self.graph.steps[step].place) } else { value.clone() };
        self.arrive(&[id], &mut place);
        let checks = self.checks(&self.dying_at_once(&[id], next), &Bindings::new(), &place);
        let rest = self.goto(next, place);
        quote!(#saved let #mutable #name #ty = #value; #checks #rest)
    }
}
