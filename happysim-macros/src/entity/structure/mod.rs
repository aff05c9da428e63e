//! The struct: its ports, parameters and internal fields.

mod bounds;
mod builder;
mod changes;
mod fields;
pub(crate) mod generics;
mod lanes;
mod options;
mod ports;
mod wiring;

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Fields, ItemStruct, Type};

use super::codes;
use super::signature::block::{RESERVED, twice};
use crate::diagnostics::Diagnostics;
use fields::{Field, FieldKind};

/// The struct as the user wrote it, taken apart.
struct Structure<'a> {
    item: &'a ItemStruct,
    fields: Vec<Field>,
    /// Whether it passes on whatever its target takes: its last two type parameters are the
    /// request and the reply.
    is_relay: bool,
}

impl Structure<'_> {
    fn self_ty(&self) -> Type {
        let name = &self.item.ident;
        let (_, arguments, _) = self.item.generics.split_for_impl();
        syn::parse_quote!(#name #arguments)
    }

    /// Whether, mistakes aside, enough is known to go on: an entity that is missing would be
    /// complained about wherever it is used, and bury the one message that helps.
    fn is_understood(&self) -> bool {
        self.item.generics.lifetimes().next().is_none()
    }

    fn parameters(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_parameter())
    }
}

pub(crate) fn expand(
    attribute: &TokenStream,
    item: &ItemStruct,
    errors: &mut Diagnostics,
) -> TokenStream {
    let mut own = Diagnostics::default();
    let mut item = item.clone();
    generics::check(&mut item.generics, &mut own);
    let item = &item;
    let structure = parse(attribute, item, &mut own);
    if own.has_errors() {
        errors.append(own);
        if !structure.is_understood() {
            let plain = fields::without_attributes(item);
            return quote!(#plain);
        }
    }
    let definition = definition(&structure);
    let ports = ports::items(&structure);
    let wiring = wiring::items(&structure);
    let builder = builder::items(&structure);
    let changes = changes::items(&structure);
    quote!(#definition #ports #wiring #builder #changes)
}

fn parse<'a>(
    attribute: &TokenStream,
    item: &'a ItemStruct,
    errors: &mut Diagnostics,
) -> Structure<'a> {
    let is_relay = match attribute.to_string().as_str() {
        "" => false,
        "relay" => true,
        _ => {
            errors.error(
                codes::ARGUMENT,
                attribute,
                "the only argument of `#[entity]` is `relay`, for entities \
                that pass on the requests of others",
            );
            false
        }
    };
    if let Some(lifetime) = item.generics.lifetimes().next() {
        errors.error(
            codes::LIFETIME,
            lifetime,
            "an entity cannot have lifetime parameters: its state must be \
            owned, so that a simulation can be copied",
        );
    }
    let carries = item.generics.type_params().count() >= 2;
    if is_relay && !carries {
        errors.error(
            codes::RELAY,
            &item.ident,
            "the last two type parameters of a relay are the request and \
            the reply that it passes on: write `struct Name<Request: Message, Reply: Message>`",
        );
    }
    let fields = match &item.fields {
        Fields::Named(named) => {
            let fields = named.named.iter();
            let mut fields: Vec<Field> =
                fields.filter_map(|field| Field::parse(field, item, errors)).collect();
            refuse_duplicates(&item.ident, &mut fields, errors);
            lanes::review(&mut fields, errors);
            refuse_names_of_builder(&item.ident, &fields, errors);
            fields
        }
        Fields::Unit => Vec::new(),
        Fields::Unnamed(unnamed) => {
            errors.error(
                codes::FIELD_NAMES,
                unnamed,
                "an entity's fields have names, which are the names of its \
                parameters and ports: write `struct Name { field: Type }`",
            );
            Vec::new()
        }
    };
    Structure { item, fields, is_relay: is_relay && carries }
}

/// Fields of one name, and ports whose marker types would bear one name.
fn refuse_duplicates(entity: &Ident, fields: &mut Vec<Field>, errors: &mut Diagnostics) {
    let mut taken: BTreeMap<String, Ident> = BTreeMap::new();
    fields.retain(|field| {
        let made = match &field.kind {
            FieldKind::Port { marker, .. } => marker.to_string(),
            _ => field.name.to_string(),
        };
        if RESERVED.iter().any(|reserved| made == format!("{entity}{reserved}")) {
            errors.error(
                codes::DUPLICATE,
                &field.name,
                format!(
                    "a port cannot be called `{}`: its type would be `{made}`, which `{entity}` \
                     has already; choose another name",
                    field.name
                ),
            );
            return false;
        }
        if let Some(first) = taken.get(&made) {
            errors.error_at_two(
                codes::DUPLICATE,
                (&field.name, twice(&field.name, first, &made)),
                (first, format!("`{first}` is declared here first")),
            );
            return false;
        }
        taken.insert(made, field.name.clone());
        true
    });
}

/// A parameter is given by a method of its name, beside the one that makes the entity.
fn refuse_names_of_builder(entity: &Ident, fields: &[Field], errors: &mut Diagnostics) {
    let parameters = fields.iter().filter(|field| field.is_parameter());
    for field in parameters.filter(|field| field.name == builder::BUILD) {
        errors.error(
            codes::DUPLICATE,
            &field.name,
            format!(
                "a parameter cannot be called `{build}`: it would be given by a method of that name, \
                 and `{entity}::parameters().{build}()` makes the entity; choose another name, such as \
                 `{build}_time`",
                build = builder::BUILD
            ),
        );
    }
}

/// The generic parameters; a relay's request and reply are unwired until it stands in front of
/// something, so that topologies name it without them.
fn with_defaults(structure: &Structure<'_>) -> syn::Generics {
    let mut generics = structure.item.generics.clone();
    if structure.is_relay {
        let first = generics.type_params().count().saturating_sub(2);
        for parameter in generics.type_params_mut().skip(first) {
            if parameter.default.is_none() {
                let unwired = syn::parse_quote!(::happysim::__private::Unwired);
                parameter.default = Some((syn::parse_quote!(=), unwired));
            }
        }
    }
    generics
}

/// The struct itself, with the type of each port completed.
fn definition(structure: &Structure<'_>) -> TokenStream {
    let item = structure.item;
    let (attributes, visibility, name) = (&item.attrs, &item.vis, &item.ident);
    let conditions = &item.generics.where_clause;
    let generics = with_defaults(structure);
    let fields = structure.fields.iter().map(|field| {
        let (attributes, visibility) = (&field.attributes, &field.visibility);
        let (name, ty) = (&field.name, &field.ty);
        quote!(#(#attributes)* #visibility #name: #ty)
    });
    quote! {
        #(#attributes)*
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #name #generics #conditions { #(#fields,)* }
    }
}
