//! The fields of an entity and their attributes.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprRange, GenericArgument, ItemStruct, Meta, PathArguments, RangeLimits,
    Token, Type, Visibility,
};

use super::super::{codes, names};
use crate::diagnostics::Diagnostics;

const ATTRIBUTES: &[&str] = &["param", "state", "port", "shared"];

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
    },
}

/// The values that a parameter may have, in its base unit.
#[derive(Default)]
pub(super) struct Range {
    pub(super) low: Option<Expr>,
    pub(super) high: Option<Expr>,
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
        let (ours, attributes): (Vec<_>, Vec<_>) = field.attrs.iter().cloned().partition(is_ours);
        if let [_, second, ..] = &ours[..] {
            errors.error(
                codes::TWO_ROLES,
                second,
                format!(
                    "`{name}` has two roles: one of `#[param(..)]`, `#[state]`, `#[port]` and \
                 `#[shared]` is enough"
                ),
            );
        }
        let mut ty = field.ty.clone();
        let mut range = None;
        let kind = match ours.first() {
            None if port_types(&ty).is_some() => {
                errors.error(
                    codes::UNMARKED_PORT,
                    &field.ty,
                    format!("`{name}` is a port: write `#[port]` before it"),
                );
                port(&name, &mut ty, item, errors)?
            }
            None => FieldKind::Required,
            Some(attribute) if attribute.path().is_ident("param") => {
                let (default, found) = parameter(attribute, errors)?;
                range = found;
                default.map_or(FieldKind::Required, FieldKind::Optional)
            }
            Some(attribute) if attribute.path().is_ident("state") => {
                FieldKind::State(state(attribute, errors))
            }
            Some(attribute) if attribute.path().is_ident("shared") => FieldKind::Shared,
            Some(_) => port(&name, &mut ty, item, errors)?,
        };
        if !matches!(kind, FieldKind::Port { .. }) && port_types(&field.ty).is_some() {
            errors.error(
                codes::UNMARKED_PORT,
                &field.ty,
                format!("`{name}` is a port: write `#[port]` before it"),
            );
        }
        let visibility = field.vis.clone();
        Some(Self { name, ty, visibility, attributes, kind, range })
    }
}

fn is_ours(attribute: &Attribute) -> bool {
    ATTRIBUTES.iter().any(|name| attribute.path().is_ident(name))
}

/// `#[param(default = value, range = low..=high)]`.
fn parameter(
    attribute: &Attribute,
    errors: &mut Diagnostics,
) -> Option<(Option<Expr>, Option<Range>)> {
    let Meta::List(list) = &attribute.meta else { return Some((None, None)) };
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    let options = match parser.parse2(list.tokens.clone()) {
        Ok(options) => options,
        Err(error) => {
            errors.syn_error(codes::ATTRIBUTE_SYNTAX, error);
            return None;
        }
    };
    let (mut default, mut range) = (None, None);
    for option in options {
        match option {
            Expr::Assign(assign) if is_name(&assign.left, "default") => {
                default = Some(*assign.right);
            }
            Expr::Assign(assign) if is_name(&assign.left, "range") => match *assign.right {
                Expr::Range(found) => range = Some(bounds(found, errors)),
                other => errors.error(
                    codes::RANGE,
                    other,
                    "a range is written `low..=high`, `low..` or \
                    `..=high`, with numbers in the base unit",
                ),
            },
            other => errors.error(
                codes::PARAM_OPTION,
                other,
                "the options of a parameter are `default = value` and \
                `range = low..=high`",
            ),
        }
    }
    Some((default, range))
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}

fn bounds(range: ExprRange, errors: &mut Diagnostics) -> Range {
    if let (RangeLimits::HalfOpen(_), Some(_)) = (&range.limits, &range.end) {
        errors.error(
            codes::RANGE,
            &range,
            "the end of a parameter's range is one of its values: write \
            `low..=high`",
        );
    }
    Range { low: range.start.map(|low| *low), high: range.end.map(|high| *high) }
}

/// `#[state]` or `#[state(initial value)]`.
fn state(attribute: &Attribute, errors: &mut Diagnostics) -> Option<Expr> {
    let Meta::List(list) = &attribute.meta else { return None };
    match syn::parse2(list.tokens.clone()) {
        Ok(value) => Some(value),
        Err(error) => {
            errors.syn_error(codes::ATTRIBUTE_SYNTAX, error);
            None
        }
    }
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

fn port(
    name: &Ident,
    ty: &mut Type,
    item: &ItemStruct,
    errors: &mut Diagnostics,
) -> Option<FieldKind> {
    let Some((is_call, message, reply)) = port_types(ty) else {
        errors.error(
            codes::PORT_TYPE,
            &*ty,
            "a port is a `Call<Request, Reply>` or, without replies, a \
            `Send<Message>`",
        );
        return None;
    };
    let marker = names::joined(&item.ident, name);
    let (_, arguments, _) = item.generics.split_for_impl();
    let marker_type: Type = syn::parse_quote!(#marker #arguments);
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
    {
        arguments.args.push(GenericArgument::Type(marker_type));
    }
    Some(FieldKind::Port { marker, is_call, message, reply })
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
