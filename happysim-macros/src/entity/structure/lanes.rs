//! Parameters that name lanes of a port: whether there are those is known where the port is wired.

use proc_macro2::TokenStream;
use quote::quote;

use super::Structure;
use super::fields::{Field, FieldKind};
use crate::diagnostics::Diagnostics;
use crate::entity::codes;

/// `lanes = port` names a port of the entity.
pub(super) fn review(fields: &mut [Field], errors: &mut Diagnostics) {
    let is_port = |field: &&Field| matches!(field.kind, FieldKind::Port { .. });
    let ports: Vec<String> = fields.iter().filter(is_port).map(|it| it.name.to_string()).collect();
    for field in fields {
        if let Some(port) = field.lanes.take_if(|port| !ports.contains(&port.to_string())) {
            errors.error(
                codes::PARAM_OPTION,
                &port,
                format!("`{port}` is no port of this entity, so that it has no lanes"),
            );
        }
    }
}

/// The method of an entity that is built, if it has such parameters.
pub(super) fn check_all(structure: &Structure<'_>) -> Option<TokenStream> {
    method(structure, |field| {
        let (name, check) = (&field.name, check(field));
        quote!({ let value = &self.#name; #check })
    })
}

/// The method of a builder, for the parameters that are given.
pub(super) fn check_given(structure: &Structure<'_>) -> Option<TokenStream> {
    method(structure, |field| {
        let (name, check) = (&field.name, check(field));
        quote!(if let ::core::option::Option::Some(value) = &self.#name { #check })
    })
}

fn method(structure: &Structure<'_>, check: impl Fn(&Field) -> TokenStream) -> Option<TokenStream> {
    let naming = structure.parameters().filter(|field| field.lanes.is_some());
    let checks: Vec<TokenStream> = naming.map(check).collect();
    (!checks.is_empty()).then(|| {
        quote! {
            fn refused_by_lanes(
                &self,
                lanes: &dyn ::core::ops::Fn(&str) -> usize,
            ) -> ::std::vec::Vec<::happysim::__private::ParameterError> {
                let mut errors = ::std::vec::Vec::new();
                #(#checks)*
                errors
            }
        }
    })
}

fn check(field: &Field) -> TokenStream {
    let (label, port) =
        (field.name.to_string(), field.lanes.as_ref().map(ToString::to_string).unwrap_or_default());
    quote!(::happysim::__private::check_lanes(#label, value, lanes(#port), &mut errors);)
}
