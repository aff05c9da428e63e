//! Parameters that are literals are compared with their ranges when the topology is compiled.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::Input;
use crate::names::hash;
use crate::units::{generated, literal_base};

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
    quote!(#(const #checks;)*)
}

fn checks(input: &Input<'_>) -> Vec<TokenStream> {
    let nodes = input.model.nodes.iter().enumerate();
    let fields = nodes.flat_map(|(index, node)| {
        let entity = input.names.entity(index);
        node.fields.iter().filter_map(move |(name, value)| {
            Some((entity.clone(), hash(&name.to_string()), literal_base(value)?, value.span()))
        })
    });
    let check = |(entity, hash, base, span)| {
        let span = generated(span);
        quote_spanned! {span=> {
            #[allow(unused_imports, reason = "for what is no parameter, of which rustc tells")]
            use ::happysim::__private::AnyValue as _;
            #[allow(clippy::approx_constant, reason = "318ms are 0.318 s, not the inverse of pi")]
            const BASE: f64 = #base;
            assert!(
                ::happysim::__private::is_within(
                    BASE,
                    <::happysim::__private::Limits<#entity, #hash>>::RANGE,
                ),
                "{}",
                <::happysim::__private::Limits<#entity, #hash>>::EXPECTED,
            );
        }}
    };
    fields.map(check).collect()
}
