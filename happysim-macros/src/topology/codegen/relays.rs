//! Relays that pass on to each other in a circle: none of them says what it carries, and rustc
//! would ask each for it for ever. Which entities are relays, and which of a relay's arrows says
//! what it carries, only rustc knows; so all arrows that may be on a circle stand in a table, the
//! arrow that closes a circle of relays leads to nothing in particular, and a constant at that
//! arrow tells of it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::super::model::{Edge, Model};
use super::Input;
use super::checks::{around, check};
use crate::names::hash;

/// The arrows that may be on a circle, by their numbers, in the order in which they were written.
pub(super) struct Circles {
    arrows: Vec<usize>,
    table: Ident,
}

impl Circles {
    /// Arrows of nodes whose types cannot be asked are none of them.
    pub(super) fn new(input: &Input<'_>) -> Self {
        let is_asked = |node: usize| input.names.asked_type(node).is_some();
        let edges = input.model.edges.iter().enumerate();
        let asked = edges.filter(|(_, edge)| is_asked(edge.from) && is_asked(edge.to));
        let arrows = on_circles(input.model, asked.map(|(index, _)| index).collect());
        Self { arrows, table: format_ident!("{}Ways", input.names.context) }
    }

    /// The table and the checks of its arrows.
    pub(super) fn items(&self, input: &Input<'_>) -> TokenStream {
        if self.arrows.is_empty() {
            return TokenStream::new();
        }
        let (table, count) = (&self.table, self.arrows.len());
        let ways = self.arrows.iter().map(|&arrow| way(input, arrow));
        let checks = self.arrows.iter().enumerate().map(|(position, &arrow)| {
            let place = around(&input.model.edges[arrow].arrow);
            check(place, "check_relays", &TokenStream::new(), quote!(&#table, #position))
        });
        quote! {
            #[allow(non_upper_case_globals, reason = "named after the topology")]
            const #table: [::happysim::__private::Way; #count] = [#(#ways),*];
            #(#checks)*
        }
    }

    /// Whether an arrow closes a circle of relays, as a constant expression; `None` if it is on no
    /// circle.
    pub(super) fn closes(&self, arrow: usize) -> Option<TokenStream> {
        let position = self.arrows.binary_search(&arrow).ok()?;
        let table = &self.table;
        Some(quote!(::happysim::__private::closes(&#table, #position)))
    }

    /// Whether any circle is one of relays, as constant expressions one of which is true then.
    pub(super) fn any_closes(&self) -> impl Iterator<Item = TokenStream> {
        self.arrows.iter().filter_map(|&arrow| self.closes(arrow))
    }

    /// What an arrow leads to, in place of `target` where it closes a circle.
    pub(super) fn target(&self, arrow: usize, target: TokenStream) -> TokenStream {
        match self.closes(arrow) {
            None => target,
            Some(closes) => quote! {
                <::happysim::__private::Known<{ #closes }> as ::happysim::__private::Choose<
                    ::happysim::__private::Anything, #target,
                >>::Type
            },
        }
    }
}

/// Those among `arrows` that are left when again and again all are taken away that nothing leads
/// to, or that lead to nothing.
fn on_circles(model: &Model, mut arrows: Vec<usize>) -> Vec<usize> {
    loop {
        let (mut is_left, mut is_reached) =
            (vec![false; model.nodes.len()], vec![false; model.nodes.len()]);
        for &arrow in &arrows {
            let Edge { from, to, .. } = model.edges[arrow];
            is_left[from] = true;
            is_reached[to] = true;
        }
        let before = arrows.len();
        arrows.retain(|&arrow| {
            let Edge { from, to, .. } = model.edges[arrow];
            is_reached[from] && is_left[to]
        });
        if arrows.len() == before {
            return arrows;
        }
    }
}

/// The arrow as an entry of the table.
fn way(input: &Input<'_>, arrow: usize) -> TokenStream {
    let Edge { from, from_text, to, port, .. } = &input.model.edges[arrow];
    let ty = input.names.asked_type(*from);
    let is_only = input.model.edges.iter().filter(|edge| edge.from == *from).count() == 1;
    // A relay with one arrow has no other that could say what it carries.
    let is_carrier = port.as_ref().filter(|_| !is_only).map(|port| {
        let hash = hash(&port.to_string());
        quote!(&& <::happysim::__private::Ask<
            (#ty, ::happysim::__private::Only<#hash>)
        >>::IS_ENTITY)
    });
    quote! {
        ::happysim::__private::Way {
            from: #from,
            text: #from_text,
            to: #to,
            carries: {
                #[allow(unused_imports, reason = "only for what is no entity")]
                use ::happysim::__private::Otherwise as _;
                <::happysim::__private::Ask<#ty>>::IS_RELAY #is_carrier
            },
        }
    }
}
