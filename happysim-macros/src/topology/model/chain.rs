//! Chains of arrows: from hop to hop, an edge for each arrow.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::Token;
use syn::spanned::Spanned;

use super::super::codes;
use super::super::syntax::{Chain, Hop, Index, Named};
use super::{Attached, Count, Doubtful, Edge, Kind, Lanes, Meaning, Model};
use crate::diagnostics::Diagnostics;

/// One end of an arrow.
pub(super) struct End {
    pub(super) node: usize,
    pub(super) member: Option<Ident>,
    pub(super) lanes: Lanes,
    pub(super) text: String,
    pub(super) tokens: TokenStream,
    pub(super) shared: Option<usize>,
}

impl Model {
    pub(super) fn add_chain(&mut self, chain: Chain, diagnostics: &mut Diagnostics) {
        let Chain { first, mut rest, .. } = chain;
        let first = match first {
            Hop::Named(first) => first,
            Hop::Wrapper(wrapper) => {
                let message = "a chain begins with a declared node or source";
                diagnostics.error(codes::CHAIN_END, wrapper.name, message);
                return self.look_over(rest.into_iter().map(|(_, hop)| hop), diagnostics);
            }
        };
        if let Some((_, Hop::Wrapper(last))) =
            rest.pop_if(|(_, hop)| matches!(hop, Hop::Wrapper(_)))
        {
            let message =
                format!("`{}` has nothing to wrap: a chain ends with a declared node", last.name);
            diagnostics.error(codes::CHAIN_END, last.name, message);
            let rest = rest.into_iter().map(|(_, hop)| hop);
            return self.look_over(core::iter::once(Hop::Named(first)).chain(rest), diagnostics);
        }
        let lanes = self.lanes_ahead(&rest);
        let mut hops = rest.into_iter().zip(lanes);
        let Some(mut from) = self.first_hop(&first, diagnostics) else {
            return self.look_over(hops.map(|((_, hop), _)| hop), diagnostics);
        };
        // Wrappers are named after the node that they stand behind.
        let mut prefix = from.text.clone();
        while let Some(((arrow, hop), many)) = hops.next() {
            let to = match hop {
                Hop::Named(named) => self.named_hop(&from, &named, diagnostics),
                Hop::Wrapper(wrapper) => {
                    self.wrapper_hop(&from, &prefix, wrapper, many, diagnostics)
                }
            };
            let Some(to) = to else {
                return self.look_over(hops.map(|((_, hop), _)| hop), diagnostics);
            };
            let arrow = arrow.into_token_stream();
            if to.node != usize::MAX && self.nodes[to.node].kind != Kind::Wrapper {
                prefix.clone_from(&to.text);
            }
            if let Some(shared) = to.shared {
                self.attach(&from, shared, arrow, diagnostics);
                return;
            }
            from = self.connect(from, to, arrow, diagnostics);
        }
    }

    /// For each hop the node to whose replicas the lanes lead that it stands in: that of the next
    /// hop with a name, if that is wired with `[*]`. Wrappers in lanes are replicated with it.
    fn lanes_ahead(&self, rest: &[(Token![->], Hop)]) -> Vec<Option<usize>> {
        let mut ahead = None;
        let mut lanes: Vec<Option<usize>> = rest
            .iter()
            .rev()
            .map(|(_, hop)| {
                if let Hop::Named(named) = hop {
                    ahead = self.all_replicas_of(named);
                }
                ahead
            })
            .collect();
        lanes.reverse();
        lanes
    }

    /// The node of `node[*]`.
    fn all_replicas_of(&self, named: &Named) -> Option<usize> {
        match (&named.index, self.names.get(&named.name.to_string())?) {
            (Some(Index::All(_)), (_, Meaning::Node(node))) => Some(*node),
            _ => None,
        }
    }

    fn attach(
        &mut self,
        from: &End,
        shared: usize,
        arrow: TokenStream,
        diagnostics: &mut Diagnostics,
    ) {
        if self.nodes[from.node].kind == Kind::Source {
            let message = format!(
                "`{}` is a shared object, which takes no messages: `{}` sends to a node",
                self.shared[shared].name, from.text
            );
            diagnostics.error(codes::SHARED_PATH, arrow, message);
            return;
        }
        if self.nodes[from.node].kind == Kind::Wrapper {
            let message = "a shared object is attached to a field of a node, without wrappers";
            diagnostics.error(codes::SHARED_PATH, &from.tokens, message);
            return;
        }
        let Some(field) = from.member.clone() else {
            let message = format!(
                "say which `#[shared]` field of `{0}` this is: `{0}.field -> {1}`",
                from.text, self.shared[shared].name
            );
            diagnostics.error(codes::SHARED_PATH, &from.tokens, message);
            return;
        };
        let same = |it: &&Attached| it.node == from.node && it.field == field;
        if let Some(first) = self.attached.iter().find(same) {
            let message = format!(
                "`{}` is `{}` already: a field is one shared object",
                from.text, self.shared[first.shared].name
            );
            let earlier = (&first.field, "which is said here");
            diagnostics.error_at_two(codes::WIRED_TWICE, (&from.tokens, message), earlier);
            return;
        }
        self.attached.push(Attached { node: from.node, field, shared, arrow });
    }

    fn connect(
        &mut self,
        from: End,
        to: End,
        arrow: TokenStream,
        diagnostics: &mut Diagnostics,
    ) -> End {
        let port = from.member.clone();
        // A wrapper between a replicated caller's wrapper and the lanes' end is paired with it.
        let lanes = match to.lanes {
            Lanes::All
                if matches!(self.nodes[from.node].count, Count::SameAs(_))
                    && self.nodes[from.node].kind == Kind::Wrapper =>
            {
                Lanes::Same
            }
            lanes => lanes,
        };
        let wire = (from.node, port.clone());
        if let Some(first) = self.wired_before(&wire) {
            let first = &self.edges[first];
            let message = format!(
                "`{0}` is wired already, to `{1}`\nhelp: send to several with a replicated \
                 node and `[*]`, or put a balancer between them",
                from.text, first.to_text
            );
            let earlier =
                (first.from_tokens.clone(), format!("`{}` is first wired here", first.from_text));
            if first.port.is_some() == port.is_some() {
                diagnostics.error_at_two(codes::WIRED_TWICE, (&from.tokens, message), earlier);
            } else {
                self.doubtful.push(Doubtful {
                    node: from.node,
                    later: (from.tokens, message),
                    earlier,
                    later_is_sole: port.is_none(),
                });
            }
            self.wired_twice.insert(from.node);
        } else {
            self.first_of.entry(from.node).or_insert(self.edges.len());
            self.wired.insert(wire, self.edges.len());
            self.edges.push(Edge {
                from: from.node,
                port,
                to: to.node,
                handler: to.member.clone(),
                lanes,
                arrow,
                from_span: from.tokens.span(),
                from_tokens: from.tokens,
                from_text: from.text,
                to_text: to.text.clone(),
                to_span: to.tokens.span(),
            });
        }
        End { member: None, lanes: Lanes::One, ..to }
    }

    /// The edge that leads out of the port already. A node without the name of a port has only
    /// one, whatever its name is.
    fn wired_before(&self, wire: &(usize, Option<Ident>)) -> Option<usize> {
        let (node, port) = wire;
        let sole = (*node, None);
        let other = match port {
            Some(_) => self.wired.get(&sole),
            None => self.first_of.get(node),
        };
        self.wired.get(wire).or(other).copied()
    }
}
