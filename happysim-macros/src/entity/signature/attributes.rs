//! The attributes of an `async fn`.

use quote::ToTokens;
use syn::{Attribute, ImplItemFn, Meta};

use super::is_main;
use super::plain::KINDS;
use crate::diagnostics::{Diagnostics, did_you_mean};
use crate::entity::codes;

const LINTS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];

/// Refuses attributes that mean nothing; yields those that are about lints.
pub(super) fn check(function: &ImplItemFn, errors: &mut Diagnostics) -> Vec<Attribute> {
    let name = &function.sig.ident;
    let mut lints = Vec::new();
    let mut first_kind = None;
    for attribute in &function.attrs {
        let path = attribute.path().to_token_stream().to_string().replace(' ', "");
        if KINDS.contains(&path.as_str()) {
            check_arguments(attribute, &path, errors);
            if let Some(first) = first_kind.replace(path.clone()) {
                errors.error(
                    codes::ATTRIBUTE,
                    attribute,
                    format!(
                        "`{name}` is a `#[{first}]` already: it is one of both, remove the other"
                    ),
                );
            }
        } else if is_about_lints(attribute) {
            lints.push(attribute.clone());
        } else if path != "doc" {
            refuse(attribute, &path, errors);
        }
    }
    lints
}

/// `#[allow(..)]` and its like.
pub(crate) fn is_about_lints(attribute: &Attribute) -> bool {
    LINTS.iter().any(|lint| attribute.path().is_ident(lint))
}

fn check_arguments(attribute: &Attribute, path: &str, errors: &mut Diagnostics) {
    if matches!(attribute.meta, Meta::Path(_)) || is_main(attribute) {
        return;
    }
    let message = if path == "handler" {
        "the only argument of `#[handler]` is `main`, for the one of several handlers that an arrow \
         without a name leads to"
            .to_owned()
    } else {
        format!("`#[{path}]` takes no arguments")
    };
    errors.error(codes::ATTRIBUTE, attribute, message);
}

fn refuse(attribute: &Attribute, path: &str, errors: &mut Diagnostics) {
    let message = match did_you_mean(path, KINDS) {
        Some(meant) => format!(
            "an `async fn` of an entity has no attribute `{path}`: did you mean `#[{meant}]`?"
        ),
        None if path == "cfg" || path == "cfg_attr" => format!(
            "an `async fn` of an entity cannot be left out by `#[{path}]`, because the entity's \
             other parts name it: put the attribute on the whole `impl` block"
        ),
        None => format!(
            "`#[{path}]` means nothing on an `async fn` of an entity, which becomes a state \
             machine: remove it"
        ),
    };
    errors.error(codes::ATTRIBUTE, attribute, message);
}
