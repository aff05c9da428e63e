//! Wrappers, which are declared where they stand in a chain.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::Expr;

use super::super::codes;
use super::super::syntax::{Argument, Wrapper, WrapperEntity};
use super::super::wrappers::{WRAPPERS, WrapperKind};
use super::chain::End;
use super::declarations::{entity_node, given_once};
use super::{Count, Kind, Lanes, Model, NodeModel};
use crate::diagnostics::{Diagnostics, did_you_mean, expected_one_of};
use crate::names::camel_case;

impl Model {
    /// The name of a field, which may be that of a node that is declared.
    fn unused(&self, name: &str, span: Span) -> Ident {
        let is_used = |name: &str| {
            self.names.contains_key(name) || self.nodes.iter().any(|node| node.name == name)
        };
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = core::iter::once(name.to_owned()).chain(numbered);
        let unused = names.find(|name| !is_used(name)).unwrap_or_default();
        Ident::new(&unused, span)
    }

    /// Declares the node of a wrapper: one for each replica of the caller, or one for each lane.
    pub(super) fn wrapper_hop(
        &mut self,
        from: &End,
        prefix: &str,
        wrapper: Wrapper,
        many: Option<usize>,
        diagnostics: &mut Diagnostics,
    ) -> Option<End> {
        let word = snake_case(&wrapper.name.to_string());
        let mut path = format!("{prefix}.{word}");
        let mut number = 1;
        while !self.paths.insert(path.clone()) {
            number += 1;
            path = format!("{prefix}.{word}{number}");
        }
        // What is made of a raw name is no keyword any more.
        let name = path.replace("r#", "").replace('.', "_");
        let name = self.unused(&name, wrapper.name.span());
        let caller_is_many = self.nodes[from.node].count.is_many();
        let from_is_wrapper = self.nodes[from.node].kind == Kind::Wrapper;
        let (count, lanes) = match (many, caller_is_many) {
            (None, false) => (Count::One, Lanes::One),
            (None, true) => (Count::SameAs(from.node), Lanes::Same),
            (Some(_), true) if from_is_wrapper => (Count::SameAs(from.node), Lanes::Same),
            (Some(target), false) => (Count::SameAs(target), Lanes::All),
            (Some(_), true) => {
                let message = format!(
                    "`{}` stands between a replicated caller and lanes to a replicated node, and \
                     would be needed once for each pair\nhelp: declare it as a replicated node \
                     and wire it with two chains",
                    wrapper.name
                );
                diagnostics.error(codes::LANES, &wrapper.name, message);
                return None;
            }
        };
        let tokens = wrapper.name.to_token_stream();
        let node =
            NodeModel { path: path.clone(), ..wrapper_node(name, wrapper, count, diagnostics)? };
        self.nodes.push(node);
        let node = self.nodes.len() - 1;
        Some(End { node, member: None, lanes, text: path, tokens, shared: None })
    }
}

/// The node of a wrapper, without its path.
pub(super) fn wrapper_node(
    name: Ident,
    wrapper: Wrapper,
    count: Count,
    diagnostics: &mut Diagnostics,
) -> Option<NodeModel> {
    let mut node = match wrapper.entity {
        WrapperEntity::Entity(entity) => {
            entity_node(name, Kind::Wrapper, Vec::new(), count, entity, diagnostics)
        }
        WrapperEntity::Call(arguments) => {
            call_node(name, &wrapper.name, count, arguments, diagnostics)?
        }
    };
    given_once(&mut node, diagnostics);
    Some(node)
}

fn call_node(
    name: Ident,
    word: &Ident,
    count: Count,
    arguments: Vec<Argument>,
    diagnostics: &mut Diagnostics,
) -> Option<NodeModel> {
    let Some(kind) = WrapperKind::find(&word.to_string()) else {
        let known: Vec<&str> = WRAPPERS.iter().map(|kind| kind.word).collect();
        let near = WrapperKind::of_component(&camel_case(&word.to_string()))
            .or_else(|| did_you_mean(&word.to_string(), known.iter().copied()));
        let hint = match near {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        if word == "fallback" || word == "link" {
            let node = if word == "link" {
                "declare `link name: Link { latency: 5ms };` and name it in the chain"
            } else {
                "declare `node name: Fallback;` and wire its ports `primary` and `fallback`, or \
                 write `FallbackValue { value: |request| .. }` in the chain"
            };
            let message = format!("`{word}` is no wrapper with arguments\nhelp: {node}");
            diagnostics.error(codes::UNKNOWN_WRAPPER, word, message);
            return None;
        }
        let message = format!(
            "there is no wrapper `{word}`{hint}\nhelp: {}, or an entity of your own: `{} {{ .. }}`",
            expected_one_of(&known),
            camel_case(&word.to_string()),
        );
        diagnostics.error(codes::UNKNOWN_WRAPPER, word, message);
        return None;
    };
    let (mut fields, mut short) = (Vec::new(), Vec::new());
    let mut positional = kind.positional.iter();
    for Argument { name, value } in arguments {
        let written = name.as_ref().map(ToString::to_string);
        let field = match name {
            Some(name) => kind.parameter(&name),
            None if names_a_parameter(&value, kind) => {
                let message = "a parameter is given with `:`\nhelp: write `:` behind its name";
                diagnostics.error(codes::ARGUMENT, value, message);
                continue;
            }
            None => match positional.next() {
                Some(next) => Ident::new(next, word.span()),
                None => {
                    let message = match kind.positional.len() {
                        1 => format!("`{word}` takes one argument without a name"),
                        most => format!("`{word}` takes at most {most} arguments without a name"),
                    };
                    diagnostics.error(codes::ARGUMENT, value, message);
                    continue;
                }
            },
        };
        let earlier = fields.iter().find(|(other, _): &&(Ident, Expr)| *other == field);
        if let Some((_, earlier)) = earlier {
            let name = written.unwrap_or_else(|| field.to_string());
            let later = (&value, format!("`{name}` is given twice"));
            let earlier = (earlier, format!("`{name}` is first given here"));
            diagnostics.error_at_two(codes::GIVEN_TWICE, later, earlier);
            continue;
        }
        short.extend(
            written.filter(|written| field != written).map(|written| (field.clone(), written)),
        );
        fields.push((field, value));
    }
    Some(NodeModel {
        path: String::new(),
        name,
        kind: Kind::Wrapper,
        attributes: Vec::new(),
        count,
        ty: kind.ty(word.span()),
        preset: None,
        fields,
        short_names: kind.short_names(),
        written: short,
    })
}

/// `after 1s`, where `after: 1s` is meant.
fn names_a_parameter(value: &Expr, kind: &WrapperKind) -> bool {
    let Expr::Call(call) = value else { return false };
    let Expr::Path(path) = &*call.func else { return false };
    let Some(name) = path.path.get_ident() else { return false };
    kind.positional.iter().chain(&kind.short_names()).any(|known| name == known)
}

/// `CircuitBreaker` is `circuit_breaker`.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (position, character) in name.chars().enumerate() {
        if character.is_uppercase() && position > 0 {
            out.push('_');
        }
        out.extend(character.to_lowercase());
    }
    out
}
