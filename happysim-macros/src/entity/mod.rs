//! `#[entity]`: from a struct with ports and an `impl` block with stepwise functions to plain
//! state machines.

mod cfg;
mod codegen;
mod diagram;
mod errors;
mod liveness;
mod lower;
use crate::names;
mod prepare;
mod signature;
mod states;
mod steps;
mod structure;
mod types;
mod uses;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Item;

use crate::entity::errors::Diagnostics;

/// Expands the attribute on a struct or an `impl` block.
pub(crate) fn expand(attribute: &TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Diagnostics::new();
    let tokens = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(item)) => structure::expand(attribute, &item, &mut errors),
        Ok(Item::Impl(item)) => {
            if !attribute.is_empty() {
                errors.error(attribute, "`#[entity]` takes arguments on the struct only");
            }
            if let Some(entity) = signature::EntityImpl::parse(&item, &mut errors) {
                codegen::expand(&entity, &mut errors)
            } else {
                quote!(#item)
            }
        }
        Ok(other) => {
            errors.error(&other, "`#[entity]` stands on a struct or on its `impl` block");
            quote!(#other)
        }
        Err(error) => {
            errors.push(error);
            item
        }
    };
    let errors = errors.into_compile_error();
    quote!(#tokens #errors)
}

#[cfg(test)]
mod tests;
