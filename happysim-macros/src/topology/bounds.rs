//! What the type parameters of a topology must be at least.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Generics, TypeParam, TypeParamBound};

use super::codegen::occurs;
use super::codes;
use super::model::Model;
use crate::diagnostics::Diagnostics;

/// Traits of Rust's own that say nothing of copying and showing.
const SILENT: [&str; 11] = [
    "Sized",
    "Default",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Hash",
    "Send",
    "Sync",
    "Unpin",
    "Display",
];

/// Tells of parameters that may be what no topology can hold, and takes what is meant for given, so
/// that rustc does not tell of it at every use.
pub(super) fn check(model: &Model, generics: &mut Generics, diagnostics: &mut Diagnostics) {
    let conditions = generics.where_clause.to_token_stream();
    for parameter in &mut generics.params {
        let GenericParam::Type(parameter) = parameter else { continue };
        if is_enough(parameter) || occurs(&conditions, &parameter.ident) {
            continue;
        }
        let (name, bound) = (&parameter.ident, meant(model, parameter));
        let message = format!(
            "a topology is copied and shown, and `{name}` may be anything\nhelp: write `{name}: \
             {bound}`"
        );
        diagnostics.error(codes::BOUND, name, message);
        parameter.bounds.push(
            syn::parse_str(&format!("::happysim::prelude::{bound}")).unwrap_or_else(|_| {
                unreachable!("the bounds that are offered are names of traits")
            }),
        );
    }
}

/// Whether the bounds say that values can be copied and shown, or may say so.
fn is_enough(parameter: &TypeParam) -> bool {
    let names: Vec<String> = parameter.bounds.iter().filter_map(name).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    let is_telling = |name: &String| {
        !SILENT.contains(&name.as_str()) && !["Clone", "Copy", "Debug"].contains(&name.as_str())
    };
    ((has("Clone") || has("Copy")) && has("Debug")) || names.iter().any(is_telling)
}

fn name(bound: &TypeParamBound) -> Option<String> {
    match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().map(|last| last.ident.to_string())
        }
        _ => None,
    }
}

/// The bound of what the parameter stands for.
fn meant(model: &Model, parameter: &TypeParam) -> &'static str {
    let is_strategy = |ty: &TokenStream| {
        let is_balancer = |tree| matches!(tree, TokenTree::Ident(word) if word == "LoadBalancer");
        ty.clone().into_iter().any(is_balancer) && occurs(ty, &parameter.ident)
    };
    if model.nodes.iter().any(|node| is_strategy(&node.ty)) { "Strategy" } else { "Message" }
}
