//! What the `impl` block becomes.

mod body;
mod entity;
mod hands_on;
mod machine;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{GenericParam, ImplItem, Type};

use super::signature::{EntityImpl, Method, plain_function, unwritten};
use super::{liveness, lower, names, states, validate};
use crate::entity::errors::Diagnostics;

/// All items for the block; errors in the bodies are reported and leave the rest intact.
pub(crate) fn expand(entity: &EntityImpl, errors: &mut Diagnostics) -> TokenStream {
    let machines: Vec<TokenStream> =
        entity.methods.iter().map(|method| machine(entity, method, errors)).collect();
    let plain = plain_items(entity);
    let whole = entity::items(entity);
    quote!(#plain #(#machines)* #whole)
}

/// One `async fn`: its state enum and the function that advances it.
fn machine(entity: &EntityImpl, method: &Method, errors: &mut Diagnostics) -> TokenStream {
    let mut own = Diagnostics::new();
    let tokens = try_machine(entity, method, &mut own);
    if own.is_empty() {
        return tokens;
    }
    errors.append(own);
    // The types and impls are still there, so that nothing else seems to be missing.
    let mut empty = method.clone();
    empty.block = unwritten();
    try_machine(entity, &empty, &mut Diagnostics::new())
}

fn try_machine(entity: &EntityImpl, method: &Method, errors: &mut Diagnostics) -> TokenStream {
    let graph = lower::lower(entity, method, errors);
    if !errors.is_empty() {
        return TokenStream::new();
    }
    let flow = liveness::analyse(&graph);
    let states = states::states(&graph, &flow, entity, errors);
    if !errors.is_empty() {
        return TokenStream::new();
    }
    if cfg!(debug_assertions) {
        validate::validate(&graph, &flow);
    }
    let body = body::Body::new(entity, method, &graph, &flow, &states, errors).tokens();
    machine::items(entity, method, &graph, &states, &body)
}

/// The ordinary functions and constants of the block.
fn plain_items(entity: &EntityImpl) -> TokenStream {
    if entity.verbatim.is_empty() {
        return TokenStream::new();
    }
    let (generics, _, conditions) = entity.generics.split_for_impl();
    let (attributes, ty) = (&entity.attributes, &entity.self_ty);
    let items = entity.verbatim.iter().map(|item| match item {
        ImplItem::Fn(function) => {
            let function = plain_function(function, entity);
            quote!(#function)
        }
        other => quote!(#other),
    });
    quote!(#(#attributes)* impl #generics #ty #conditions { #(#items)* })
}

/// Generic parameters of the entity, with one more for the context.
pub(super) fn with_context(entity: &EntityImpl) -> syn::Generics {
    let mut generics = entity.generics.clone();
    let (context, wires) = (names::local("__C"), names::wires(&entity.name));
    let (_, arguments, _) = entity.generics.split_for_impl();
    let parameter: syn::TypeParam = syn::parse_quote!(#context: #wires #arguments);
    generics.params.push(GenericParam::Type(parameter));
    generics
}

/// The type of the queue of spawned tasks: `()` where nothing is spawned.
pub(super) fn spawns_type(entity: &EntityImpl) -> Type {
    if entity.methods.iter().any(|method| method.is_spawned) {
        let name = spawns_name(entity);
        let (_, arguments, _) = entity.generics.split_for_impl();
        syn::parse_quote!(#name #arguments)
    } else {
        syn::parse_quote!(())
    }
}

pub(super) fn spawns_name(entity: &EntityImpl) -> Ident {
    format_ident!("{}Spawns", entity.name)
}

/// The enum of states that can be spawned.
pub(crate) fn spawn_name(entity: &EntityImpl) -> Ident {
    format_ident!("{}Spawn", entity.name)
}

/// Type parameters that the tokens do not mention.
pub(super) fn unmentioned(entity: &EntityImpl, tokens: &TokenStream) -> Vec<Ident> {
    let unmentioned = entity
        .generics
        .type_params()
        .filter(|parameter| !mentions(tokens.clone(), &parameter.ident));
    unmentioned.map(|parameter| parameter.ident.clone()).collect()
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|tree| match tree {
        proc_macro2::TokenTree::Ident(ident) => ident == *name,
        proc_macro2::TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}
