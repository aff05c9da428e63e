//! What the struct asks of its type parameters, for its block.
//!
//! A block that asks for less than its struct cannot name the struct at all: all that is made of
//! the block would fail, each piece of it in other words. So the struct's module has a trait for
//! each type parameter with all that is asked of it, and what is made of the block takes those for
//! granted; only the block's own bounds are held against the struct, at one place.
//!
//! The module does not see what the user has imported, so that only the bounds are there which mean
//! the same everywhere.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Generics, Ident, PathArguments, Type, TypeParamBound, WherePredicate};

use super::super::names;

/// The traits of Rust's prelude that need no arguments.
const OF_PRELUDE: [&str; 11] = [
    "Clone",
    "Copy",
    "Default",
    "Eq",
    "ExactSizeIterator",
    "Iterator",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Sync",
    "Unpin",
];

/// Those that are imported from one place by nearly everybody.
const IMPORTED: [(&str, &str); 3] = [
    ("Debug", "::core::fmt::Debug"),
    ("Hash", "::core::hash::Hash"),
    ("Message", "::happysim::Message"),
];

/// Crates whose names begin a path that means the same everywhere.
const CRATES: [&str; 4] = ["std", "core", "alloc", "crate"];

/// The traits: `Bounds0` for the first parameter. Where nothing is asked, that of the library is
/// found, which asks for nothing.
pub(super) fn traits(generics: &Generics) -> TokenStream {
    let traits = generics.params.iter().enumerate().filter_map(|(index, parameter)| {
        let GenericParam::Type(parameter) = parameter else { return None };
        let bounds = bounds(generics, &parameter.ident);
        if bounds.is_empty() {
            return None;
        }
        let name = names::bounds(index)?;
        Some(quote! {
            #[doc(hidden)]
            pub trait #name: #(#bounds)+* {}

            impl<Given: #(#bounds)+*> #name for Given {}
        })
    });
    quote! {
        pub use ::happysim::__private::no_bounds::*;
        #(#traits)*
    }
}

/// What is asked of the parameter and means the same in the module.
fn bounds(generics: &Generics, parameter: &Ident) -> Vec<TokenStream> {
    let is_parameter = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident(parameter));
    let inline = generics.type_params().filter(|declared| declared.ident == *parameter);
    let inline = inline.flat_map(|declared| &declared.bounds);
    let predicates = generics.where_clause.iter().flat_map(|conditions| &conditions.predicates);
    let below = predicates.flat_map(|predicate| match predicate {
        WherePredicate::Type(predicate) if is_parameter(&predicate.bounded_ty) => {
            predicate.bounds.iter().collect()
        }
        _ => Vec::new(),
    });
    inline.chain(below).filter_map(anywhere).collect()
}

/// The bound in words that mean the same in every module.
fn anywhere(bound: &TypeParamBound) -> Option<TokenStream> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    if bound.maybe.is_some() || bound.lifetimes.is_some() {
        return None;
    }
    let path = &bound.path;
    let has_arguments =
        path.segments.iter().any(|segment| !matches!(segment.arguments, PathArguments::None));
    if has_arguments {
        return None;
    }
    if path.leading_colon.is_some() {
        return Some(quote!(#path));
    }
    let Some(name) = path.get_ident() else {
        let first = &path.segments.first()?.ident;
        let is_absolute = CRATES.iter().any(|name| first == name);
        return is_absolute.then(|| quote!(#path));
    };
    if OF_PRELUDE.iter().any(|known| name == known) {
        return Some(quote!(#name));
    }
    let (_, path) = IMPORTED.iter().find(|(known, _)| name == known)?;
    path.parse().ok()
}
