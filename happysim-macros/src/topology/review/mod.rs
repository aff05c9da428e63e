//! The reviewer: what is valid and yet surely not meant, told as warnings.
//!
//! A lint looks at the graph of a topology without errors and judges by literals and by the
//! library's own defaults only: what a parameter of the topology decides may be changed by whoever
//! runs it, so it is not judged. Each finding names the components that it takes for the library's;
//! it becomes a warning only where rustc finds that they are (see [`emit`]).

mod allow;
mod component;
mod emit;
mod failure;
mod figure;
mod graph;
mod lints;
mod policy;
#[cfg(test)]
mod tests;
mod traffic;

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use syn::Generics;

use super::model::Model;
pub(super) use allow::check_names;
use graph::Graph;

/// What a lint has found.
struct Finding {
    lint: &'static str,
    /// The token that is underlined.
    at: Span,
    /// What is wrong, and why.
    what: String,
    /// What to write instead.
    help: String,
    /// The node whose statement it is told at.
    about: usize,
    /// The nodes that take part, `about` too: it can be allowed at each of them, and at the arrows
    /// between. An entity of the user's own that stands between two others is presumed to hand
    /// requests on from the one before it to the one after it.
    nodes: Vec<usize>,
}

/// The warnings of a topology without errors, as code.
pub(super) fn review(model: &Model, name: &Ident, generics: &Generics) -> TokenStream {
    let graph = Graph::new(model);
    let findings = findings(&graph);
    emit::warnings(&graph, name, generics, &findings)
}

/// What the lints find, without what is allowed.
fn findings(graph: &Graph<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for lint in lints::ALL {
        (lint.find)(graph, &mut findings);
    }
    let mut told = HashSet::new();
    findings.retain(|finding| {
        !allow::is_allowed(graph.model, finding)
            && told.insert((finding.lint, finding.nodes.clone()))
    });
    findings
}
