//! The three macros of happysim. This crate is an implementation detail: use `happysim`.

mod diagnostics;
mod entity;

use proc_macro::TokenStream;

/// Turns a struct into an entity of a simulated system, and its `impl` block into state machines.
#[proc_macro_attribute]
pub fn entity(attribute: TokenStream, item: TokenStream) -> TokenStream {
    entity::expand(attribute.into(), item.into()).into()
}
