//! `#[statistics(counts)]` before a statement: what is recorded of the nodes that it declares, or of the
//! shared object.

use quote::ToTokens;
use syn::{Attribute, Ident, Meta};

use super::codes;
use super::model::{Kind, Made, Model};
use crate::diagnostics::{Diagnostics, did_you_mean};

/// Its name.
pub(super) const NAME: &str = "statistics";

/// What nodes record, in words.
const WORDS: [&str; 2] = ["counts", "full"];

/// What somebody may write who wants less.
const OFF: [&str; 4] = ["off", "none", "no", "false"];

/// What is recorded where a statement says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// Outcomes, latencies, levels over time.
    Full,
    /// Outcomes only.
    Counts,
}

fn of_attribute(attribute: &Attribute) -> Option<Recorded> {
    match attribute.parse_args::<Ident>().ok()?.to_string().as_str() {
        "full" => Some(Recorded::Full),
        "counts" => Some(Recorded::Counts),
        _ => None,
    }
}

fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident(NAME))
}

/// What a statement with these attributes says about what it declares.
pub(super) fn of(attributes: &[Attribute]) -> Option<Recorded> {
    ours(attributes).find_map(of_attribute)
}

/// What the statement that declares a node says about it; for a wrapper that is its chain.
pub(super) fn of_node(model: &Model, node: usize) -> Option<Recorded> {
    let declared = &model.nodes[node];
    if declared.kind != Kind::Wrapper {
        return of(&declared.attributes);
    }
    let chain = model.chains.iter().find(|chain| chain.nodes.contains(&node))?;
    of(&chain.attributes)
}

/// Refuses what says nothing, or nothing about any node.
pub(super) fn check(model: &Model, diagnostics: &mut Diagnostics) {
    for node in model.nodes.iter().filter(|node| node.kind != Kind::Wrapper) {
        check_words(&node.attributes, diagnostics);
    }
    for shared in &model.shared {
        check_words(&shared.attributes, diagnostics);
    }
    for chain in &model.chains {
        check_words(&chain.attributes, diagnostics);
        check_wrappers(chain, diagnostics);
    }
}

fn check_words(attributes: &[Attribute], diagnostics: &mut Diagnostics) {
    let mut ours = ours(attributes);
    let Some(first) = ours.next() else { return };
    check_word(first, diagnostics);
    for later in ours {
        let earlier = (first, "it is first said here".to_owned());
        let later = (later, "what is recorded is said twice".to_owned());
        diagnostics.error_at_two(codes::GIVEN_TWICE, later, earlier);
    }
}

fn check_word(attribute: &Attribute, diagnostics: &mut Diagnostics) {
    if of_attribute(attribute).is_some() {
        return;
    }
    let written = match &attribute.meta {
        Meta::Path(_) => String::new(),
        Meta::List(list) => list.tokens.to_string(),
        Meta::NameValue(pair) => pair.value.to_token_stream().to_string(),
    };
    let written = written.trim_matches('"');
    let help = if OFF.contains(&written) {
        "outcomes are always counted; `#[statistics(counts)]` leaves out times and levels"
            .to_owned()
    } else if let Some(known) = did_you_mean(written, WORDS) {
        format!("write `#[statistics({known})]`")
    } else {
        "write `#[statistics(counts)]` for outcomes only, or `#[statistics(full)]` for times and \
         levels too"
            .to_owned()
    };
    let message = format!("what is recorded is `counts` or `full`\nhelp: {help}");
    diagnostics.error(codes::ATTRIBUTE, &attribute.meta, message);
}

fn check_wrappers(chain: &Made, diagnostics: &mut Diagnostics) {
    if !chain.nodes.is_empty() {
        return;
    }
    for attribute in ours(&chain.attributes) {
        let message = "`statistics` does nothing here: before an arrow it speaks of the wrappers in it, \
                       and there are none\nhelp: write it where the node is declared";
        diagnostics.error(codes::ATTRIBUTE, attribute.path(), message);
    }
}
