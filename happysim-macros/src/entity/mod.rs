//! `#[entity]`: from a struct with ports and an `impl` block with stepwise functions to plain
//! state machines.

mod advice;
mod cfg;
mod codegen;
mod codes;
mod constructed;
mod diagram;
mod jumps;
mod large;
mod liveness;
mod lower;
mod patterns;
mod place;
use crate::names;
mod prepare;
mod projections;
mod questions;
mod sent;
mod signature;
mod stand_in;
mod states;
mod steps;
mod structure;
mod types;
mod unawaited;
mod unbegun;
mod unknown;
mod uses;
mod validate;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::Item;

use crate::diagnostics::Diagnostics;
use crate::units::refuse_misplaced;

/// Expands the attribute on a struct or an `impl` block.
pub(crate) fn expand(attribute: &TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Diagnostics::default();
    let tokens = analyse(attribute, item, &mut errors);
    let errors = errors.into_compile_errors();
    // First, as what is told is shown in this order, and may stand among the rest once more.
    quote!(#errors #tokens)
}

/// Whether the macro makes a component of the library.
fn is_in_library() -> bool {
    std::env::var("CARGO_PKG_NAME").is_ok_and(|package| package == "happysim")
}

fn analyse(attribute: &TokenStream, item: TokenStream, errors: &mut Diagnostics) -> TokenStream {
    let item = refuse_misplaced(item, codes::UNIT, errors);
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => structure::expand(attribute, &item, errors),
        Ok(Item::Impl(item)) => {
            if !attribute.is_empty() {
                errors.error(
                    codes::ARGUMENT,
                    attribute,
                    "`#[entity]` takes arguments on the struct only",
                );
            }
            match signature::EntityImpl::parse(&item, errors) {
                Some(entity) => codegen::expand(&entity, errors),
                None => signature::without_steps(&item),
            }
        }
        Ok(Item::Enum(item)) => {
            errors.error(
                codes::PLACE,
                &item.ident,
                format!(
                    "an entity is a struct, and `{0}` is an enum: write `struct {0}`, and keep the \
                     enum in a field with `#[state]`",
                    item.ident
                ),
            );
            let (name, (generics, arguments, conditions)) =
                (&item.ident, item.generics.split_for_impl());
            quote! {
                #item

                // Its block is not told that the attribute is missing.
                impl #generics ::happysim::__private::HasAttribute for #name #arguments #conditions {
                    type Declared = ::happysim::__private::OfModel;
                }
            }
        }
        Ok(other) => {
            errors.error(
                codes::PLACE,
                &other,
                "`#[entity]` stands on a struct or on its `impl` block",
            );
            quote!(#other)
        }
        Err(error) => {
            errors.syn_error(codes::SYNTAX, error);
            // Of a block nothing is kept: each `.await` in it would be told of.
            let is_block = |tree| matches!(tree, TokenTree::Ident(word) if word == "impl");
            if item.clone().into_iter().any(is_block) { TokenStream::new() } else { item }
        }
    }
}

#[cfg(test)]
mod tests;
