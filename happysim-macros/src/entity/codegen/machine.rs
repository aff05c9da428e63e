//! The state enum of one `async fn`, and its traits.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Type};

use super::super::cfg::Graph;
use super::super::liveness::Form;
use super::super::names::{self, local};
use super::super::prepare::advance_name;
use super::super::signature::{EntityImpl, Method};
use super::super::states::State;
use super::super::steps::StepKind;
use super::super::unbegun::asking;
use super::super::{diagram, types};
use super::{Items, spawns_type, unmentioned, with_context};

pub(super) fn items(
    entity: &EntityImpl,
    method: &Method,
    graph: &Graph,
    states: &[State],
    body: &TokenStream,
    hands_on_mutable: bool,
) -> Items {
    let description = description(entity, method, graph, states);
    let advance = advance(entity, method, graph, body, hands_on_mutable);
    Items {
        named: state_enum(entity, method, graph, states),
        unnamed: quote!(#description #advance),
    }
}

fn state_enum(
    entity: &EntityImpl,
    method: &Method,
    graph: &Graph,
    states: &[State],
) -> TokenStream {
    let name = names::joined(&entity.name, &method.name);
    let start = method.parameters.iter().rev().map(|parameter| {
        let (name, ty) = (&parameter.name, types::without_self(&parameter.ty, &entity.self_ty));
        quote!(#name: #ty)
    });
    let variants = states.iter().map(|state| variant(entity, graph, state));
    let body = quote! {
        /// Before the first statement.
        Start { #(#start),* },
        #(#variants,)*
        /// The function has returned.
        Finished,
    };
    let unused = unmentioned(entity, &body);
    // The impl block does not know how visible the entity is. The enum is public; that its type
    // names the entity is what makes its traits no more visible than the entity.
    let (marker, ty) = (local("__E"), &entity.self_ty);
    let unused = quote! {
        #[doc(hidden)]
        __Of(
            ::core::convert::Infallible,
            ::core::marker::PhantomData<fn() -> (#marker, #(#unused,)*)>,
        ),
    };
    let mut generics = entity.declared_generics();
    generics.params.push(GenericParam::Type(syn::parse_quote!(#marker = #ty)));
    let conditions = &entity.generics.where_clause;
    let docs = &method.docs;
    let summary = format!(" The states of `{}` of [`{}`].", method.name, entity.name);
    let separator = (!docs.is_empty()).then(|| quote!(#[doc = ""]));
    let drawing = format!("\n\n```mermaid\n{}```", diagram::diagram(graph));
    quote! {
        #[doc = #summary]
        #separator
        #(#docs)*
        #[doc = #drawing]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[repr(u64)]
        #[allow(
            missing_docs, private_interfaces, unreachable_pub, non_snake_case,
            clippy::large_enum_variant, reason = "the fields are the locals of the function"
        )]
        pub enum #name #generics #conditions { #body #unused }
    }
}

fn variant(entity: &EntityImpl, graph: &Graph, state: &State) -> TokenStream {
    let name = &state.name;
    let step = &graph.steps[state.step];
    let docs = format!(" Waits at `{}`.", step.text);
    let first = match &step.kind {
        StepKind::Helper { name, .. } => {
            let callee = names::joined(&entity.name, name);
            let (_, arguments, _) = entity.generics.split_for_impl();
            quote!(callee: #callee #arguments,)
        }
        // A timer is known to be one.
        StepKind::Sleep => TokenStream::new(),
        _ => quote!(wait: ::happysim::__private::Wait,),
    };
    // Dropped in order of declaration: the youngest local first.
    let fields = state.fields.iter().rev().map(|field| {
        let (name, ty) = (&graph.bindings[field.binding].field, &field.ty);
        match field.form {
            Form::Plain => quote!(#name: #ty),
            Form::Optional => quote!(#name: ::core::option::Option<#ty>),
        }
    });
    quote!(#[doc = #docs] #name { #first #(#fields),* })
}

fn description(
    entity: &EntityImpl,
    method: &Method,
    graph: &Graph,
    states: &[State],
) -> TokenStream {
    let name = names::joined(&entity.name, &method.name);
    let (generics, arguments, conditions) = entity.generics.split_for_impl();
    let ty = &entity.self_ty;
    let output = types::without_self(&method.output, ty);
    let label = method.name.to_string();
    let kind = method.kind.variant();
    let infos = states.iter().map(|state| {
        let step = &graph.steps[state.step];
        let (name, text) = (state.name.to_string(), &step.text);
        let line = u32::try_from(step.line).unwrap_or(0);
        quote!(::happysim::__private::StateInfo { name: #name, step: #text, line: #line })
    });
    // The number of the variant, so that nothing has to be computed.
    let numbers = states.iter().zip(1_usize..).map(|(state, number)| {
        let variant = &state.name;
        quote!(Self::#variant { .. } => #number)
    });
    let waits = states.iter().map(|state| {
        let variant = &state.name;
        match graph.steps[state.step].kind {
            StepKind::Helper { .. } => quote!(
                Self::#variant { callee, .. } => ::happysim::__private::Machine::wait(callee)
            ),
            StepKind::Sleep => quote!(
                Self::#variant { .. } =>
                    ::core::option::Option::Some(&::happysim::__private::Wait::Timer)
            ),
            _ => quote!(Self::#variant { wait, .. } => ::core::option::Option::Some(wait)),
        }
    });
    let diagram = diagram::diagram(graph);
    let end = states.len() + 1;
    quote! {
        #[automatically_derived]
        impl #generics ::happysim::__private::Machine for #name #arguments #conditions {
            type Entity = #ty;
            type Output = #output;
            const INFO: &'static ::happysim::__private::MachineInfo =
                &::happysim::__private::MachineInfo {
                    name: #label,
                    kind: ::happysim::__private::MachineKind::#kind,
                    states: &[#(#infos),*],
                    diagram: #diagram,
                };

            #[inline]
            fn finished() -> Self {
                Self::Finished
            }

            #[inline]
            fn state(&self) -> usize {
                match self {
                    Self::Start { .. } => 0,
                    #(#numbers,)*
                    _ => #end,
                }
            }

            fn wait(&self) -> ::core::option::Option<&::happysim::__private::Wait> {
                match self {
                    #(#waits,)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

/// The function with the user's code, as a method of the entity, so that `self` and `Self` are
/// what they were.
fn advance(
    entity: &EntityImpl,
    method: &Method,
    graph: &Graph,
    body: &TokenStream,
    hands_on_mutable: bool,
) -> TokenStream {
    let machine = names::joined(&entity.name, &method.name);
    let function = advance_name(&method.name);
    let (generics, arguments, conditions) = entity.generics.split_for_impl();
    let with_context = with_context(entity);
    let (generics_with_context, _, _) = with_context.split_for_impl();
    let ty = &entity.self_ty;
    let (output, name) = (&method.output, &method.context);
    let (named, receiver) = (&method.context_type, &method.receiver);
    let (mut context, spawns, ports) =
        (names::context(&entity.name), local("spawns"), &entity.ports);
    // Where the user wrote what has become of it.
    context.set_span(named.span());
    let (from, state) = (local("from"), local("state"));
    let queue: Type = spawns_type(entity);
    // What a macro of the user's own returns is held against what stands behind `->`.
    let result = quote_spanned!(output.span()=> ::core::task::Poll<#output>);
    let (attributes, asking) = (&entity.attributes, asking());
    let lints = method.lints.iter().chain(&graph.lints);
    // Changed before a step or behind it, it is mutable on both sides.
    let unused_mut = hands_on_mutable.then(
        || quote!(#[allow(unused_mut, reason = "a local is declared anew behind each step")]),
    );
    quote! {
        #(#attributes)*
        impl #generics #ty #conditions {
            #[inline(always)]
            #[allow(
                unused_variables, unused_assignments, unreachable_code,
                dropping_copy_types, dropping_references, private_interfaces,
                clippy::used_underscore_binding, clippy::diverging_sub_expression,
                clippy::needless_return, clippy::no_effect_underscore_binding,
                clippy::match_single_binding, clippy::single_match_else, clippy::never_loop,
                clippy::too_many_lines, clippy::items_after_statements, clippy::drop_non_drop,
                clippy::manual_let_else, clippy::large_enum_variant, clippy::let_unit_value,
                clippy::needless_late_init, clippy::let_and_return, clippy::question_mark,
                clippy::explicit_auto_deref, clippy::borrow_deref_ref, clippy::type_complexity,
                unused_parens,
                reason = "the function's code is spread over the states that it passes through"
            )]
            #unused_mut
            #(#lints)*
            fn #function<#context: #ports>(
                #receiver,
                #name: &mut #context,
                #from: #machine #arguments,
                #state: &mut #machine #arguments,
                #spawns: &mut #queue,
            ) -> #result {
                // The context that the function was written for has become the one above.
                let _ = ::core::marker::PhantomData::<#named>;
                #asking
                #body
            }
        }

        #[automatically_derived]
        impl #generics_with_context ::happysim::__private::Advance<#context>
            for #machine #arguments #conditions
        {
            #[inline(always)]
            fn advance(
                from: Self,
                state: &mut Self,
                entity: &mut #ty,
                cx: &mut #context,
                spawns: &mut #queue,
            ) -> ::core::task::Poll<<Self as ::happysim::__private::Machine>::Output> {
                entity.#function(cx, from, state, spawns)
            }
        }
    }
}
