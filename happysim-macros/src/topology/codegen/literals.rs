//! Parameters that are literals are compared with their ranges when the topology is compiled.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Input;
use super::checks::{around, call};
use crate::names::hash;
use crate::units::literal_base;

/// The checks of a topology without generics, as items: `cargo check` evaluates these too.
pub(super) fn items(input: &Input<'_>) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let checks = checks(input);
    quote!(#(const _: () = #checks;)*)
}

/// The checks of a generic topology, as statements: an item cannot name its parameters.
pub(super) fn statements(input: &Input<'_>) -> TokenStream {
    if input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let checks = checks(input);
    quote!(#(const { #checks };)*)
}

fn checks(input: &Input<'_>) -> Vec<TokenStream> {
    let nodes = input.model.nodes.iter().enumerate();
    let fields = nodes.flat_map(|(index, node)| {
        let entity = input.names.entity(index);
        node.fields.iter().filter_map(move |(name, value)| {
            let base = literal_base(value)?;
            Some((entity.clone(), hash(&name.to_string()), base, value.to_token_stream()))
        })
    });
    let check = |(entity, hash, base, value): (TokenStream, u64, f64, TokenStream)| {
        let limits = quote!(<::happysim::__private::Limits<#entity, #hash>>);
        let checked = call(
            around(&value),
            "check_literal",
            &TokenStream::new(),
            quote!(#base, #limits::RANGE, #limits::EXPECTED),
        );
        quote! {{
            #[allow(unused_imports, reason = "for what is no parameter, which has a check of its own")]
            use ::happysim::__private::AnyValue as _;
            #checked
        }}
    };
    fields.map(check).collect()
}
