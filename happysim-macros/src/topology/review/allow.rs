//! `#[allow(happysim::balancer_of_one)]` before a statement.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use super::super::codes;
use super::super::model::{Kind, Model};
use super::super::statistics;
use super::{Finding, lints};
use crate::diagnostics::{Diagnostics, did_you_mean};

/// The namespace of the lints.
const TOOL: &str = "happysim";

/// The attributes that set the level of a lint.
const LEVELS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];

fn names() -> impl Iterator<Item = &'static str> {
    lints::ALL.iter().map(|lint| lint.name)
}

/// The lints that an attribute speaks of; `reason = ".."` is for the reader.
fn paths(attribute: &Attribute) -> syn::Result<Vec<Path>> {
    let metas = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
    let is_reason =
        |meta: &Meta| matches!(meta, Meta::NameValue(pair) if pair.path.is_ident("reason"));
    Ok(metas.into_iter().filter(|meta| !is_reason(meta)).map(|meta| meta.path().clone()).collect())
}

/// The name of one of our lints.
fn lint_of(path: &Path) -> Option<String> {
    let segments: Vec<String> = path.segments.iter().map(|it| it.ident.to_string()).collect();
    match &segments[..] {
        [tool, lint] if tool == TOOL => Some(lint.clone()),
        _ => None,
    }
}

/// The attributes of every statement but parameters, which keep theirs.
fn statements(model: &Model) -> impl Iterator<Item = &[Attribute]> {
    let declared = model.nodes.iter().filter(|node| node.kind != Kind::Wrapper);
    let chains = model.chains.iter().map(|chain| &chain.attributes[..]);
    let shared = model.shared.iter().map(|shared| &shared.attributes[..]);
    declared.map(|node| &node.attributes[..]).chain(chains).chain(shared)
}

/// Refuses attributes that would do nothing: others than `allow`, `statistics` and documentation, and
/// unknown names.
pub(in crate::topology) fn check_names(model: &Model, diagnostics: &mut Diagnostics) {
    for attribute in statements(model).flatten() {
        let Some(level) = LEVELS.into_iter().find(|level| attribute.path().is_ident(level)) else {
            if !["doc", statistics::NAME].iter().any(|known| attribute.path().is_ident(known)) {
                let written = attribute.path().to_token_stream().to_string().replace(' ', "");
                let message = format!(
                    "`{written}` does nothing here: before a statement stand its documentation, \
                     `#[allow(..)]` and `#[statistics(..)]`"
                );
                diagnostics.error(codes::ATTRIBUTE, attribute.path(), message);
            }
            continue;
        };
        match paths(attribute) {
            Ok(_) if level != "allow" => {
                let message = format!(
                    "a statement of a topology can allow lints, not `{level}` them\nhelp: write \
                     `#[allow(..)]`; lints that are not allowed warn, as rustc's `deprecated` does"
                );
                diagnostics.error(codes::UNKNOWN_LINT, attribute.path(), message);
            }
            Ok(paths) => paths.iter().for_each(|path| check_name(path, diagnostics)),
            Err(error) => diagnostics.syn_error(codes::UNKNOWN_LINT, error),
        }
    }
}

fn check_name(path: &Path, diagnostics: &mut Diagnostics) {
    let lint = lint_of(path);
    if lint.as_deref().is_some_and(|lint| names().any(|known| known == lint)) {
        return;
    }
    let written: Vec<String> = path.segments.iter().map(|it| it.ident.to_string()).collect();
    let last = written.last().map_or("", String::as_str);
    let hint = match did_you_mean(last, names()) {
        Some(known) => format!("did you mean `{TOOL}::{known}`?"),
        None => {
            let known: Vec<String> = names().map(|name| format!("`{TOOL}::{name}`")).collect();
            format!("a statement of a topology can allow {}", known.join(", "))
        }
    };
    let message = format!("there is no lint `{}` here\nhelp: {hint}", written.join("::"));
    diagnostics.error(codes::UNKNOWN_LINT, path, message);
}

fn allows(attributes: &[Attribute], lint: &str) -> bool {
    let levels = attributes.iter().filter(|attribute| attribute.path().is_ident("allow"));
    let paths = levels.filter_map(|attribute| paths(attribute).ok()).flatten();
    paths.into_iter().any(|path| lint_of(&path).as_deref() == Some(lint))
}

/// Whether it is allowed at one of its nodes, or at an arrow between them.
pub(super) fn is_allowed(model: &Model, finding: &Finding) -> bool {
    let is_ours = |node: usize| finding.nodes.contains(&node);
    let at_node = finding.nodes.iter().any(|&node| {
        let node = &model.nodes[node];
        node.kind != Kind::Wrapper && allows(&node.attributes, finding.lint)
    });
    let mut chains = model.chains.iter();
    at_node
        || chains.any(|chain| {
            let mut edges = model.edges[chain.edges.clone()].iter();
            allows(&chain.attributes, finding.lint)
                && (chain.nodes.clone().any(is_ours)
                    || edges.any(|edge| is_ours(edge.from) && is_ours(edge.to)))
        })
}
