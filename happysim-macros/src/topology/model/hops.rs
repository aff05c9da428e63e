//! The declared nodes in a chain: which node is meant, and to which of its replicas an arrow leads.

use proc_macro2::Ident;
use syn::Expr;
use syn::spanned::Spanned;

use super::super::codes;
use super::super::syntax::{Hop, Index, Named, wired_alike};
use super::super::whole::what_else;
use super::chain::End;
use super::names::Target;
use super::wrapper::wrapper_node;
use super::{Count, Kind, Lanes, Model};
use crate::diagnostics::Diagnostics;
use crate::units::literal_base;

impl Model {
    pub(super) fn first_hop(
        &mut self,
        first: &Named,
        diagnostics: &mut Diagnostics,
    ) -> Option<End> {
        let node = match self.find(&first.name, diagnostics)? {
            Target::Node(node) => node,
            Target::Shared(_) => {
                let message = format!(
                    "`{0}` is a shared object, which has no ports: arrows lead to it only\n\
                     help: write `node.field -> {0};`",
                    first.name
                );
                diagnostics.error(codes::OUT_OF_SHARED, &first.name, message);
                return None;
            }
        };
        self.mentions.push(first.name.clone());
        let target = &self.nodes[node];
        if let (Kind::Source, Some(member)) = (target.kind, &first.member) {
            let message = format!(
                "`{0}` is a source, which has one port without a name\nhelp: write `{0} -> ...`",
                first.name
            );
            diagnostics.error(codes::MEMBER, member, message);
            return None;
        }
        if let Some(index) = &first.index {
            let place = match index {
                Index::All(span) | Index::Same(span) => *span,
                Index::One(index) => index.span(),
            };
            let message = wired_alike(&first.name, first.member.as_ref());
            diagnostics.syn_error(codes::MEMBER, syn::Error::new(place, message));
        }
        Some(End {
            node,
            member: first.member.clone(),
            lanes: Lanes::One,
            text: first.tokens().to_string().replace(' ', ""),
            tokens: first.tokens(),
            shared: None,
        })
    }

    pub(super) fn named_hop(
        &mut self,
        from: &End,
        named: &Named,
        diagnostics: &mut Diagnostics,
    ) -> Option<End> {
        let tokens = named.tokens();
        let text = tokens.to_string().replace(' ', "");
        let node = match self.find(&named.name, diagnostics)? {
            Target::Node(node) => node,
            Target::Shared(shared) => {
                let node = usize::MAX;
                let lanes = Lanes::One;
                return Some(End { node, member: None, lanes, text, tokens, shared: Some(shared) });
            }
        };
        self.mentions.push(named.name.clone());
        let target = &self.nodes[node];
        if target.kind == Kind::Source {
            let message = format!("`{text}` is a source: it sends, and nothing can be sent to it");
            diagnostics.error(codes::INTO_SOURCE, &tokens, message);
            return None;
        }
        if let (Some(Index::One(index)), Count::Expr(count)) = (&named.index, &target.count) {
            let text = &target.name;
            check_replica(text, index, count, diagnostics);
        }
        let lanes = self.lanes(from, named, node, diagnostics)?;
        let member = named.member.clone();
        Some(End { node, member, lanes, text, tokens, shared: None })
    }

    /// Tells of the names of hops that are not connected, as one before them is refused.
    pub(super) fn look_over(
        &mut self,
        hops: impl Iterator<Item = Hop>,
        diagnostics: &mut Diagnostics,
    ) {
        for hop in hops {
            match hop {
                Hop::Named(named) => {
                    if self.find(&named.name, diagnostics).is_some() {
                        self.mentions.push(named.name);
                    }
                }
                Hop::Wrapper(wrapper) => {
                    wrapper_node(wrapper.name.clone(), wrapper, Count::One, diagnostics);
                }
            }
        }
    }

    /// To which replicas of `node` an arrow leads, by the index that is written behind its name.
    fn lanes(
        &self,
        from: &End,
        named: &Named,
        node: usize,
        diagnostics: &mut Diagnostics,
    ) -> Option<Lanes> {
        let target = &self.nodes[node];
        let tokens = named.tokens();
        let text = tokens.to_string().replace(' ', "");
        let caller_is_many = self.nodes[from.node].count.is_many();
        match (&named.index, target.count.is_many()) {
            (None, false) => Some(Lanes::One),
            (Some(Index::All(_)), true) => Some(Lanes::All),
            (Some(Index::Same(_)), true) if caller_is_many => Some(Lanes::Same),
            (Some(Index::One(index)), true) => Some(Lanes::Fixed(index.clone())),
            (Some(Index::Same(span)), true) => {
                let message = format!(
                    "`{}` is not replicated, so there is no replica of `{text}` with its number",
                    from.text
                );
                diagnostics.syn_error(codes::LANES, syn::Error::new(*span, message));
                None
            }
            (None, true) => {
                let message = format!(
                    "`{text}` is replicated: say to which of its replicas the arrow leads\n\
                     help: `{text}[*]` for a lane to each, `{text}[0]` for one, `{text}[same]` \
                     for the one with the caller's number"
                );
                diagnostics.error(codes::LANES, &tokens, message);
                None
            }
            (Some(_), false) => {
                let message = format!(
                    "`{text}` is a single node\nhelp: write `{text}` without an index, or declare \
                     it replicated: `node {text}[3]: ...`"
                );
                diagnostics.error(codes::LANES, &tokens, message);
                None
            }
        }
    }
}

/// A literal index must be below a literal number of replicas.
fn check_replica(node: &Ident, index: &Expr, count: &Expr, diagnostics: &mut Diagnostics) {
    if let Expr::Path(path) = index
        && let Some(word) = path.path.get_ident()
        && word.to_string().starts_with(char::is_lowercase)
    {
        let message = format!(
            "`[{word}]` says nothing\nhelp: `[*]` for a lane to each replica of `{node}`, `[0]` for \
             one, `[same]` for the one with the caller's number"
        );
        diagnostics.error(codes::REPLICA, word, message);
        return;
    }
    if let Some(kind) = what_else(index) {
        let message = format!(
            "replicas of `{node}` are numbered from 0, and this is {kind}\n\
             help: `[*]` for a lane to each, `[0]` for one"
        );
        diagnostics.error(codes::REPLICA, index, message);
        return;
    }
    let Some(index_value) = literal_base(index) else { return };
    let too_high = literal_base(count).is_some_and(|count| index_value >= count);
    if too_high || index_value < 0.0 {
        let message = match literal_base(count).filter(|count| *count >= 1.0) {
            Some(count) => {
                format!(
                    "`{node}` has {count} replicas, which are numbered from 0 to {}",
                    count - 1.0
                )
            }
            None => "replicas are numbered from 0".to_owned(),
        };
        diagnostics.error(codes::REPLICA, index, message);
    }
}
