//! What the model as a whole must fulfil.

use std::collections::HashSet;

use syn::Generics;

use super::codegen::depends_on;
use super::codes;
use super::model::{Count, Doubtful, Kind, Model};
use super::whole::what_else;
use super::{bounds, review, statistics, structure, words};
use crate::diagnostics::Diagnostics;
use crate::units::literal_base;

pub(super) fn check(model: &mut Model, generics: &mut Generics, diagnostics: &mut Diagnostics) {
    bounds::check(model, generics, diagnostics);
    every_port_is_wired_once(model, generics, diagnostics);
    // What an arrow with a mistake was meant for is not known.
    if !diagnostics.has_errors() {
        sources_lead_somewhere(model, diagnostics);
        every_relay_is_reached(model, diagnostics);
        every_object_is_shared(model, diagnostics);
    }
    every_node_has_replicas(model, diagnostics);
    structure::check(model, diagnostics);
    words_make_sense(model, diagnostics);
    numbers_fit(model, diagnostics);
    review::check_names(model, diagnostics);
    statistics::check(model, diagnostics);
}

/// Of nodes whose entity cannot be asked it is taken that it has one port.
fn every_port_is_wired_once(model: &mut Model, generics: &Generics, diagnostics: &mut Diagnostics) {
    let cannot_be_asked =
        |doubtful: &Doubtful| depends_on(&model.nodes[doubtful.node].ty, generics);
    let (told, left) = core::mem::take(&mut model.doubtful).into_iter().partition(cannot_be_asked);
    model.doubtful = left;
    let told: Vec<Doubtful> = told;
    for Doubtful { later, earlier, .. } in told {
        diagnostics.error_at_two(codes::WIRED_TWICE, later, earlier);
    }
}

fn words_make_sense(model: &Model, diagnostics: &mut Diagnostics) {
    let defaults = model.params.iter().filter_map(|param| param.default.as_ref());
    let shared = model.shared.iter().filter_map(|shared| shared.value.as_ref());
    let fields = model.nodes.iter().flat_map(|node| node.fields.iter().map(|(_, value)| value));
    for value in defaults.chain(shared).chain(fields) {
        words::check(value, diagnostics);
    }
}

fn sources_lead_somewhere(model: &Model, diagnostics: &mut Diagnostics) {
    let callers: HashSet<usize> = model.edges.iter().map(|edge| edge.from).collect();
    for (index, node) in model.nodes.iter().enumerate() {
        if node.kind == Kind::Source && !callers.contains(&index) {
            let message =
                format!("the source `{0}` leads nowhere\nhelp: add `{0} -> ...;`", node.name);
            diagnostics.error(codes::NOWHERE, &node.name, message);
        }
    }
}

/// A link that nothing is sent over is a mistake; other nodes may live on their own, if they
/// have work of their own: the code for the node checks that, where its entity is known.
fn every_relay_is_reached(model: &Model, diagnostics: &mut Diagnostics) {
    for (index, node) in model.nodes.iter().enumerate() {
        if node.kind == Kind::Link && model.is_isolated(index) {
            let message = format!(
                "no arrow leads to `{0}` or out of it\nhelp: add `... -> {0};`, or remove it",
                node.name
            );
            diagnostics.error(codes::UNREACHED, &node.name, message);
        }
    }
}

/// A shared object that no field stands for does nothing.
fn every_object_is_shared(model: &Model, diagnostics: &mut Diagnostics) {
    for (index, shared) in model.shared.iter().enumerate() {
        if !model.attached.iter().any(|attached| attached.shared == index) {
            let message = format!(
                "no node shares `{0}`\nhelp: add `node.field -> {0};`, or remove it",
                shared.name
            );
            diagnostics.error(codes::UNREACHED, &shared.name, message);
        }
    }
}

fn every_node_has_replicas(model: &Model, diagnostics: &mut Diagnostics) {
    for node in &model.nodes {
        let Count::Expr(count) = &node.count else { continue };
        if let Some(kind) = what_else(count) {
            let message = format!(
                "the number of replicas of `{0}` is a whole number, and this is {kind}\n\
                 help: write `{0}[3]`, for example",
                node.name
            );
            diagnostics.error(codes::COUNT, count, message);
        } else if literal_base(count).is_some_and(|count| count < 1.0) {
            let message = format!("`{}` must have at least 1 replica", node.name);
            diagnostics.error(codes::NO_REPLICAS, count, message);
        }
    }
}

fn numbers_fit(model: &Model, diagnostics: &mut Diagnostics) {
    let limit = usize::from(u16::MAX);
    if model.nodes.len() > limit || model.edges.len() > limit {
        let last = model.nodes.last().map(|node| node.name.clone());
        let message = format!("a topology holds at most {limit} nodes and as many arrows");
        diagnostics.error(codes::TOO_LARGE, last, message);
    }
}
