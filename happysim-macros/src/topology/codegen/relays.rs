//! Relays of the user's own that pass on to each other in a circle: none of them says what it
//! carries, and rustc would ask each for it for ever. Which entities are relays only rustc knows;
//! so the arrow that closes such a circle leads to nothing in particular where all of them are, and
//! a constant at that arrow tells of it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::super::model::Model;
use super::Input;
use super::checks::{around, check};

/// A circle of nodes each of which has no other arrow.
pub(super) struct Circle {
    /// The arrow that was written last.
    pub(super) closing: usize,
    nodes: Vec<usize>,
}

/// All circles of arrows that leave their nodes no other way, as far as the nodes' types mention no
/// parameter of the topology: constants in types cannot depend on these.
pub(super) fn circles(input: &Input<'_>) -> Vec<Circle> {
    let mut circles = all_circles(input.model);
    circles.retain(|circle| circle.nodes.iter().all(|node| input.names.plain[*node]));
    circles
}

fn all_circles(model: &Model) -> Vec<Circle> {
    let mut only: Vec<Option<usize>> = vec![None; model.nodes.len()];
    let mut has_several = vec![false; model.nodes.len()];
    for (index, edge) in model.edges.iter().enumerate() {
        has_several[edge.from] |= only[edge.from].replace(index).is_some();
    }
    let next = |node: usize| only[node].filter(|_| !has_several[node]);
    let mut walked = vec![false; model.nodes.len()];
    let mut circles = Vec::new();
    for start in 0..model.nodes.len() {
        let (mut node, mut path) = (start, Vec::new());
        while !walked[node] {
            walked[node] = true;
            let Some(edge) = next(node) else { break };
            path.push(edge);
            node = model.edges[edge].to;
        }
        let Some(begin) = path.iter().position(|edge| model.edges[*edge].from == node) else {
            continue;
        };
        if let Some(closing) = path[begin..].iter().max() {
            let nodes = path[begin..].iter().map(|edge| model.edges[*edge].from).collect();
            circles.push(Circle { closing: *closing, nodes });
        }
    }
    circles
}

impl Circle {
    /// Whether all of its nodes are relays, as a constant expression.
    pub(super) fn is_of_relays(&self, model: &Model) -> TokenStream {
        let types = self.nodes.iter().map(|node| model.nodes[*node].ty.to_token_stream());
        quote!({
            #[allow(unused_imports, reason = "only for what is no entity")]
            use ::happysim::__private::Otherwise as _;
            #(<::happysim::__private::Ask<#types>>::IS_RELAY)&&*
        })
    }

    /// What the closing arrow leads to, in place of `target`.
    pub(super) fn target(&self, model: &Model, target: &TokenStream) -> TokenStream {
        let is_of_relays = self.is_of_relays(model);
        quote! {
            <::happysim::__private::Known<#is_of_relays> as ::happysim::__private::Choose<
                ::happysim::__private::Anything, #target,
            >>::Type
        }
    }

    fn check(&self, model: &Model) -> TokenStream {
        let edge = &model.edges[self.closing];
        let begin = self.nodes.iter().position(|node| *node == edge.to).unwrap_or_default();
        let nodes = self.nodes[begin..].iter().chain(&self.nodes[..begin]).chain([&edge.to]);
        let names: Vec<String> =
            nodes.map(|node| format!("`{}`", model.nodes[*node].path)).collect();
        let message = format!(
            "requests go round for ever: {} only pass on what they get\nhelp: let one of them lead \
             to a node that answers",
            names.join(" -> ")
        );
        let is_of_relays = self.is_of_relays(model);
        let arguments = quote!(#is_of_relays, #message);
        check(around(&edge.arrow), "refuse", &TokenStream::new(), arguments)
    }
}

/// A constant for each circle, which refuses it.
pub(super) fn checks(input: &Input<'_>) -> TokenStream {
    circles(input).iter().map(|circle| circle.check(input.model)).collect()
}
