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
use super::Finding;
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
    let function = Ident::new(&name.to_string(), Span::call_site());
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
    // The types that are only presumed to be the library's, by the names that the user wrote.
    let presumed = finding.nodes.iter().filter(|&&node| graph.is_presumed(node));
    let (types, bounds): (Vec<TokenStream>, Vec<TokenStream>) = presumed
        .enumerate()
        .map(|(number, &node)| {
            let parameter = format_ident!("__T{number}");
            let name = hash(graph.component(node).name());
            let bound = quote!(#parameter: ::happysim::__private::OfLibrary<#name>);
            (graph.model.nodes[node].ty.to_token_stream(), bound)
        })
        .unzip();
    let parameters: Vec<Ident> =
        (0..types.len()).map(|number| format_ident!("__T{number}")).collect();
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
            impl<#(#bounds),*> happysim for ::core::marker::PhantomData<(#(#parameters,)*)> {}
            trait __Otherwise {
                fn #lint(&self) {}
            }
            impl<__T> __Otherwise for &::core::marker::PhantomData<__T> {}
            (&__nodes).#call();
        }
    }}
}

/// The words of a finding, with how to allow it.
pub(super) fn note(graph: &Graph<'_>, finding: &Finding) -> String {
    let Finding { lint, what, help, .. } = finding;
    let place = finding.nodes.first().map_or_else(String::new, |&first| {
        let node = &graph.model.nodes[first];
        match node.kind {
            Kind::Wrapper => "the arrow".to_owned(),
            Kind::Link => format!("`link {}`", node.name),
            Kind::Source => format!("`source {}`", node.name),
            Kind::Node => format!("`node {}`", node.name),
        }
    });
    format!(
        "{what}\nhelp: {help}\nhelp: if it is meant, write `#[allow(happysim::{lint})]` before {place}"
    )
}
