//! That each kind of mistake has a compile-fail case, and the limits of size.

use std::collections::BTreeSet;

use proc_macro2::TokenTree;
use quote::{format_ident, quote};

use super::*;
use crate::diagnostics::Code;

/// The codes of all mistakes in one topology.
fn codes_of(input: TokenStream) -> Vec<Code> {
    let mut diagnostics = Diagnostics::default();
    if let Some(topology) = Topology::parse(input, &mut diagnostics) {
        let mut generics = topology.generics.clone();
        let mut model = Model::resolve(topology, &mut diagnostics);
        check::check(&mut model, &mut generics, &mut diagnostics);
    }
    diagnostics.codes().collect()
}

/// The inputs of all calls of `topology!` in a file.
fn calls(tokens: TokenStream) -> Vec<TokenStream> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let call = |trees: &[TokenTree]| match trees {
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(input)]
            if name == "topology" =>
        {
            Some(input.stream())
        }
        _ => None,
    };
    trees.windows(3).filter_map(call).collect()
}

/// As many nodes as an index cannot number any more.
fn too_many_nodes() -> TokenStream {
    let nodes = (0..=u32::from(u16::MAX)).map(|number| {
        let name = format_ident!("n{number}");
        quote!(node #name: Server;)
    });
    let arrows = (0..u32::from(u16::MAX)).map(|number| {
        let (from, to) = (format_ident!("n{number}"), format_ident!("n{}", number + 1));
        quote!(#from.out -> #to;)
    });
    quote!(Large { #(#nodes)* #(#arrows)* })
}

#[test]
fn every_kind_of_mistake_has_a_compile_fail_case() {
    let mut seen = BTreeSet::from([codes::TOO_LARGE]);
    for case in crate::diagnostics::cases() {
        seen.extend(calls(case).into_iter().flat_map(codes_of));
    }
    let missing: Vec<_> = codes::ALL.iter().filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "no compile-fail case for {missing:?}");
}

#[test]
fn a_topology_that_no_index_can_number_is_refused() {
    assert!(codes_of(too_many_nodes()).contains(&codes::TOO_LARGE));
}
