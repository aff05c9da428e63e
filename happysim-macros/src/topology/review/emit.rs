//! Warnings on stable Rust: the use of something deprecated, at the user's token.
//!
//! A finding becomes the call of a method whose name is the lint's and whose deprecation note is
//! the message. That method belongs to a trait which the nodes' types have only if each is the
//! component of the library that it is called: method resolution finds the trait's method first,
//! and for all other types one of the same name that is not deprecated and does nothing. So an
//! entity of the user's own that is called `Server` is not taken for the library's.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Generics;

use super::super::model::Kind;
use super::super::relation;
use super::Finding;
use super::component::Component;
use super::graph::Graph;
use crate::names::hash;

/// A function that does nothing but to be warned of.
pub(super) fn warnings(
    graph: &Graph<'_>,
    name: &Ident,
    generics: &Generics,
    findings: &[Finding],
) -> TokenStream {
    if findings.is_empty() {
        return TokenStream::new();
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    // rustc shows the path of what is deprecated: `Shop::happysim::overload`.
    let mut function = name.clone();
    function.set_span(Span::call_site());
    let warnings = findings.iter().map(|finding| warning(graph, finding));
    quote! {
        const _: () = {
            #[allow(
                dead_code,
                non_snake_case,
                non_camel_case_types,
                clippy::extra_unused_type_parameters,
                reason = "it is there for its warnings only"
            )]
            fn #function #impl_generics () #where_clause {
                #(#warnings)*
            }
        };
    }
}

fn warning(graph: &Graph<'_>, finding: &Finding) -> TokenStream {
    // What is only presumed of types, by the names that the user wrote.
    let presumed = (0..finding.nodes.len()).filter_map(|position| {
        let node = finding.nodes[position];
        let parameter = format_ident!("__T{position}");
        let bound = if graph.is_presumed(node) {
            let name = hash(graph.component(node).name());
            quote!(#parameter: ::happysim::__private::OfLibrary<#name>)
        } else {
            hands_on(graph, &finding.nodes, position, &parameter)?
        };
        Some((parameter, graph.model.nodes[node].ty.to_token_stream(), bound))
    });
    let (mut parameters, mut types, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
    for (parameter, ty, bound) in presumed {
        parameters.push(parameter);
        types.push(ty);
        bounds.push(bound);
    }
    let lint = Ident::new(finding.lint, Span::call_site());
    let call = Ident::new(finding.lint, finding.at);
    let note = note(graph, finding);
    quote! {{
        let __nodes = ::core::marker::PhantomData::<(#(#types,)*)>;
        {
            trait happysim {
                #[deprecated(note = #note)]
                fn #lint(&self) {}
            }
            impl<#(#parameters),*> happysim for ::core::marker::PhantomData<(#(#parameters,)*)>
            where
                #(#bounds,)*
            {
            }
            trait __Otherwise {
                fn #lint(&self) {}
            }
            impl<__T> __Otherwise for &::core::marker::PhantomData<__T> {}
            (&__nodes).#call();
        }
    }}
}

/// That an entity of the user's own waits for what it calls, and hands failures on.
fn hands_on(
    graph: &Graph<'_>,
    nodes: &[usize],
    position: usize,
    entity: &Ident,
) -> Option<TokenStream> {
    let node = nodes[position];
    let (before, after) = (position.checked_sub(1)?, *nodes.get(position + 1)?);
    if graph.component(node) != Component::Other {
        return None;
    }
    let handler = graph.edge(nodes[before], node)?.handler.as_ref();
    let port = graph.edge(node, after)?.port.as_ref();
    let relation = Ident::new("HandsOn", Span::call_site());
    Some(relation::bound(entity, &relation, handler, port))
}

/// The words of a finding, with how to allow it.
pub(super) fn note(graph: &Graph<'_>, finding: &Finding) -> String {
    let Finding { lint, what, help, .. } = finding;
    let node = graph.node(finding.about);
    let place = match node.kind {
        Kind::Wrapper => "the arrow".to_owned(),
        Kind::Link => format!("`link {}`", node.name),
        Kind::Source => format!("`source {}`", node.name),
        Kind::Node => format!("`node {}`", node.name),
    };
    format!(
        "{what}\nhelp: {help}\nhelp: if it is meant, write `#[allow(happysim::{lint})]` before {place}"
    )
}
