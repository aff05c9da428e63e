//! The fields of an entity and their attributes.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, GenericArgument, ItemStruct, PathArguments, Type, Visibility};

use super::super::unknown::UnknownType;
use super::super::{codes, names, types};
use super::options::{self, Range};
use crate::diagnostics::Diagnostics;

#[allow(clippy::large_enum_variant, reason = "a handful of them live for one expansion")]
pub(super) enum FieldKind {
    Required,
    /// With its default.
    Optional(Expr),
    /// With its initial value, if it is not that of `Default`.
    State(Option<Expr>),
    Shared,
    Port {
        marker: Ident,
        is_call: bool,
        message: Type,
        reply: Type,
        /// What is among the types, where they are not all written.
        unknown: Option<UnknownType>,
    },
}

pub(super) struct Field {
    pub(super) name: Ident,
    /// For ports: with the marker as the last argument.
    pub(super) ty: Type,
    pub(super) visibility: Visibility,
    /// Those that are not ours.
    pub(super) attributes: Vec<Attribute>,
    pub(super) kind: FieldKind,
    pub(super) range: Option<Range>,
    /// The port whose lanes a parameter names.
    pub(super) lanes: Option<Ident>,
}

impl Field {
    pub(super) fn is_parameter(&self) -> bool {
        matches!(self.kind, FieldKind::Required | FieldKind::Optional(_))
    }

    /// Whether the field is given random streams, and shows what it measures.
    pub(super) fn is_part(&self) -> bool {
        !matches!(self.kind, FieldKind::Port { .. } | FieldKind::Shared)
    }

    pub(super) fn hash(&self) -> u64 {
        names::hash(&self.name.to_string())
    }

    pub(super) fn docs(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("doc"))
    }

    pub(super) fn parse(
        field: &syn::Field,
        item: &ItemStruct,
        errors: &mut Diagnostics,
    ) -> Option<Self> {
        let name = field.ident.clone()?;
        if name == "_" {
            errors.error(
                codes::FIELD_NAMES,
                &name,
                "an entity's fields have names, which are the names of its parameters and ports, and \
                `_` is none: write `field: Type`",
            );
            return None;
        }
        let kept = field.attrs.iter().filter(|attribute| !options::refuse_cfg(attribute, errors));
        let (ours, attributes): (Vec<_>, Vec<_>) = kept.cloned().partition(is_ours);
        for attribute in &ours {
            options::check_name(attribute, options::role(attribute).unwrap_or_default(), errors);
        }
        if let [_, second, ..] = &ours[..] {
            errors.error(
                codes::TWO_ROLES,
                second,
                format!("`{name}` has two roles: {} is enough", options::roles()),
            );
        }
        let mut ty = field.ty.clone();
        let (mut range, mut lanes) = (None, None);
        let first = ours.first().and_then(|attribute| Some((options::role(attribute)?, attribute)));
        let is_port = port_types(&ty).is_some();
        let is_marked = ours
            .iter()
            .any(|attribute| options::role(attribute).is_some_and(|role| role == "port"));
        if is_port && !is_marked {
            errors.error(
                codes::UNMARKED_PORT,
                &field.ty,
                format!("`{name}` is a port: write `#[port]` before it"),
            );
        }
        let kind = match first {
            None if is_port => port(&name, &mut ty, item, errors),
            // Told above: it is used as a port all the same.
            Some((role, _)) if is_port && role != "port" => port(&name, &mut ty, item, errors),
            None => FieldKind::Required,
            Some(("param", attribute)) => {
                let said = options::parameter(&name, attribute, errors);
                (range, lanes) = (said.range, said.lanes);
                said.default.map_or(FieldKind::Required, FieldKind::Optional)
            }
            Some(("state", attribute)) => {
                FieldKind::State(options::state(&name, attribute, errors))
            }
            Some((role, attribute)) => {
                options::refuse_arguments(attribute, role, errors);
                if role == "shared" {
                    FieldKind::Shared
                } else {
                    port(&name, &mut ty, item, errors)
                }
            }
        };
        let visibility = field.vis.clone();
        Some(Self { name, ty, visibility, attributes, kind, range, lanes })
    }
}

fn is_ours(attribute: &Attribute) -> bool {
    options::role(attribute).is_some()
}

/// The message and the reply in `Call<Q, R>` and `Send<M>`.
fn port_types(ty: &Type) -> Option<(bool, Type, Type)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let types: Vec<&Type> = arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect();
    match types[..] {
        [message, reply] if last.ident == "Call" => Some((true, message.clone(), reply.clone())),
        [message] if last.ident == "Send" => Some((false, message.clone(), syn::parse_quote!(()))),
        _ => None,
    }
}

fn port(name: &Ident, ty: &mut Type, item: &ItemStruct, errors: &mut Diagnostics) -> FieldKind {
    let marker = names::joined(&item.ident, name);
    let mut unknown = None;
    let (is_call, message, reply) = port_types(ty).unwrap_or_else(|| {
        let mut own = Diagnostics::default();
        own.error(codes::PORT_TYPE, &*ty, port_advice(ty));
        // A port all the same, so that handlers and arrows find it.
        let not_written = unknown.insert(UnknownType::of(&marker, &own));
        let meant = meant_port(ty, &not_written.ty());
        errors.append(own);
        let (is_call, message, reply) = &meant;
        *ty = if *is_call {
            syn::parse_quote!(::happysim::Call<#message, #reply>)
        } else {
            syn::parse_quote!(::happysim::Send<#message>)
        };
        meant
    });
    let (_, arguments, _) = item.generics.split_for_impl();
    let marker_type: Type = syn::parse_quote!(#marker #arguments);
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
    {
        arguments.args.push(GenericArgument::Type(marker_type));
    }
    FieldKind::Port { marker, is_call, message, reply, unknown }
}

/// What a type that is no port's may have been meant as. Of what is not written
/// nothing is judged.
fn meant_port(ty: &Type, unknown: &Type) -> (bool, Type, Type) {
    for wrapper in ["Vec", "Option", "Box"] {
        if let Some([inner]) = types::arguments_of(ty, wrapper).as_deref()
            && let Some(port) = port_types(inner)
        {
            return port;
        }
    }
    if let Some([message, ..]) = types::arguments_of(ty, "Send").as_deref() {
        return (false, (*message).clone(), syn::parse_quote!(()));
    }
    let types = types::arguments_of(ty, "Call").unwrap_or_default();
    let message = types.first().map_or(unknown, |message| *message);
    (true, message.clone(), unknown.clone())
}

/// What to write instead of a type that is no port's.
fn port_advice(ty: &Type) -> String {
    let text = |ty: &&Type| types::text(*ty);
    if let Some([message]) = types::arguments_of(ty, "Call").as_deref() {
        let message = text(message);
        return format!(
            "a `Call` has a request and a reply: write `Call<{message}, Reply>`, or \
             `Send<{message}>` if nobody answers"
        );
    }
    if let Some([message, reply]) = types::arguments_of(ty, "Send").as_deref() {
        let (message, reply) = (text(message), text(reply));
        return format!(
            "a `Send` has no reply: write `Send<{message}>`, or `Call<{message}, {reply}>`"
        );
    }
    if let Some([inner]) = types::arguments_of(ty, "Vec").as_deref()
        && port_types(inner).is_some()
    {
        let port = text(inner);
        return format!(
            "a port has as many lanes as there are replicas behind it: write `{port}`, wire it to \
             `node[*]`, and choose by `.lane(number)`"
        );
    }
    "a port is a `Call<Request, Reply>` or, without replies, a `Send<Message>`".to_owned()
}

/// The struct without our attributes, for the fallback after an error.
pub(super) fn without_attributes(item: &ItemStruct) -> TokenStream {
    let mut item = item.clone();
    for field in &mut item.fields {
        field.attrs.retain(|attribute| !is_ours(attribute));
    }
    let tokens = item.to_token_stream();
    quote!(#tokens)
}
