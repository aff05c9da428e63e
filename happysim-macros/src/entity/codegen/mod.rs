//! What the `impl` block becomes.

mod answers;
mod body;
mod calls_at_once;
mod entity;
mod hands_on;
mod machine;
mod unused;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{GenericParam, ImplItem, Type};

use super::cfg::Graph;
use super::signature::{
    EntityImpl, Method, MethodKind, plain_function, refuse_foreign_context, unwritten,
};
use super::unbegun;
use super::unknown::UnknownType;
use super::{codes, liveness, lower, names, questions, stand_in, states, validate};
use crate::diagnostics::Diagnostics;

/// What comes of an `async fn`.
struct Items {
    /// Its states, which tests may name.
    named: TokenStream,
    /// What nobody names.
    unnamed: TokenStream,
}

/// All items for the block; errors in the bodies are reported and leave the rest intact.
///
/// What nobody names stands apart, so that of two blocks of one entity only the implementations of
/// traits are in each other's way.
pub(crate) fn expand(entity: &EntityImpl, errors: &mut Diagnostics) -> TokenStream {
    let plain = plain_items(entity, errors);
    let (named, unnamed): (Vec<TokenStream>, Vec<TokenStream>) = entity
        .methods
        .iter()
        .map(|method| machine(entity, method, errors))
        .map(|items| (items.named, items.unnamed))
        .unzip();
    let whole = entity::items(entity);
    let (block, bounds) = (entity.block.item(), bounds(entity));
    let unbegun = entity.methods.iter().map(|method| unbegun::checks(entity, method));
    let unknown = entity.methods.iter().filter_map(|method| method.unknown.as_ref());
    let unknown = unknown.map(UnknownType::item);
    quote! {
        #block
        #bounds
        #plain
        #(#unbegun)*
        #(#named)*
        const _: () = {
            #(#unnamed)*
            #whole
        };
        #(#unknown)*
    }
}

/// One `async fn`: its state enum and the function that advances it.
fn machine(entity: &EntityImpl, method: &Method, errors: &mut Diagnostics) -> Items {
    let mut own = method.refusal.clone();
    questions::refuse(method, &mut own);
    if !own.has_errors() {
        let made = try_machine(entity, method, &mut own);
        if let Some((Items { named, unnamed }, graph)) = made
            && !own.has_errors()
            && !refuse_idle(method, &graph, &mut own)
        {
            let unused = unused::items(entity, method, &graph);
            return Items { named, unnamed: quote!(#unnamed #unused) };
        }
    }
    // The types and impls are still there, so that nothing else seems to be missing.
    let mut empty = method.clone();
    empty.block = unwritten();
    let made = try_machine(entity, &empty, &mut Diagnostics::default());
    let (named, unnamed) = made.map(|(items, _)| (items.named, items.unnamed)).unzip();
    let told = errors.append_placed(own);
    let whole = stand_in::function(entity, method, &told);
    Items { named: named.unwrap_or_default(), unnamed: quote!(#unnamed #whole) }
}

/// Refuses a function that is awaited and contains no step. A handler may: it answers at once.
fn refuse_idle(method: &Method, graph: &Graph, errors: &mut Diagnostics) -> bool {
    let is_idle = method.kind == MethodKind::Helper && !method.is_spawned && graph.steps.is_empty();
    if is_idle {
        let name = &method.name;
        errors.error(
            codes::IDLE,
            name,
            format!(
                "`{name}` never waits, because there is no step in it: write `fn {name}(..)`, and \
                 call it without `.await`"
            ),
        );
    }
    is_idle
}

fn try_machine(
    entity: &EntityImpl,
    method: &Method,
    errors: &mut Diagnostics,
) -> Option<(Items, Graph)> {
    let graph = lower::lower(entity, method, errors);
    if errors.has_errors() {
        return None;
    }
    let flow = liveness::analyse(&graph);
    let states = states::states(&graph, &flow, entity, errors);
    if errors.has_errors() {
        return None;
    }
    if cfg!(debug_assertions) {
        validate::validate(&graph, &flow);
    }
    let body = body::Body::new(entity, method, &graph, &flow, &states, errors).tokens();
    let mut kept = flow.kept.iter().chain(&flow.kept_across).flatten();
    let hands_on_mutable = kept.any(|&(id, _)| graph.bindings[id].mutable);
    let machine = machine::items(entity, method, &graph, &states, &body, hands_on_mutable);
    Some((machine, graph))
}

/// The ordinary functions and constants of the block.
fn plain_items(entity: &EntityImpl, errors: &mut Diagnostics) -> TokenStream {
    if entity.verbatim.is_empty() {
        return TokenStream::new();
    }
    let declared = entity.declared_generics();
    let (generics, _, conditions) = declared.split_for_impl();
    let (attributes, ty) = (&entity.attributes, &entity.written_ty);
    let items = entity.verbatim.iter().map(|item| match item {
        ImplItem::Fn(function) => {
            let mut own = Diagnostics::default();
            refuse_foreign_context(function, &entity.name, &mut own);
            stand_in::refuse_calls(entity, function, &mut own);
            let mut function = plain_function(function, entity);
            if own.has_errors() {
                let told = errors.append_placed(own);
                stand_in::plain(entity, &mut function, &told);
            }
            quote!(#function)
        }
        other => quote!(#other),
    });
    quote!(#(#attributes)* impl #generics #ty #conditions { #(#items)* })
}

/// Holds the block's own bounds against those of the struct, which all the rest takes for granted.
/// It comes first, so that it is told first.
fn bounds(entity: &EntityImpl) -> Option<TokenStream> {
    let (generics, _, conditions) = entity.written_generics.split_for_impl();
    let written = &entity.written_ty;
    entity.written_generics.type_params().next().map(|_| {
        quote! {
            const _: () = {
                #[allow(dead_code, reason = "asks for the struct's bounds, in words")]
                fn has_bounds #generics (_: #written) #conditions {}
            };
        }
    })
}

/// Generic parameters of the entity, with one more for the context.
pub(crate) fn with_context(entity: &EntityImpl) -> syn::Generics {
    let mut generics = entity.generics.clone();
    let (context, ports) = (names::context(&entity.name), &entity.ports);
    let parameter: syn::TypeParam = syn::parse_quote!(#context: #ports);
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
    names::hidden(&format!("{}Spawns", entity.name))
}

/// The enum of states that can be spawned.
pub(crate) fn spawn_name(entity: &EntityImpl) -> Ident {
    names::hidden(&format!("{}Spawn", entity.name))
}

/// Type parameters that the tokens do not mention.
pub(super) fn unmentioned(entity: &EntityImpl, tokens: &TokenStream) -> Vec<Ident> {
    let unmentioned = entity
        .generics
        .type_params()
        .filter(|parameter| !mentions(tokens.clone(), &parameter.ident));
    unmentioned.map(|parameter| parameter.ident.clone()).collect()
}

/// Whether the name is among the tokens.
pub(crate) fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|tree| match tree {
        proc_macro2::TokenTree::Ident(ident) => ident == *name,
        proc_macro2::TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}
