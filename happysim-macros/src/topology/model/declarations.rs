//! What statements declare: parameters, shared objects, sources, nodes.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, Lifetime, Type, TypeReference};

use super::super::codes;
use super::super::syntax::{EntityValue, FieldValue, Param, Shared, Source};
use super::{Count, Kind, Meaning, Model, NodeModel};
use crate::diagnostics::Diagnostics;

impl Model {
    pub(super) fn add_param(&mut self, mut param: Param, diagnostics: &mut Diagnostics) {
        is_owned(&mut param, diagnostics);
        if self.declare(&param.name, Meaning::Param, diagnostics) {
            self.params.push(param);
        }
    }

    pub(super) fn add_shared(&mut self, shared: Shared, diagnostics: &mut Diagnostics) {
        if self.declare(&shared.name, Meaning::Shared(self.shared.len()), diagnostics) {
            self.shared.push(shared);
        }
    }

    pub(super) fn add_node(&mut self, mut node: NodeModel, diagnostics: &mut Diagnostics) {
        given_once(&mut node, diagnostics);
        if self.declare(&node.name, Meaning::Node(self.nodes.len()), diagnostics) {
            self.nodes.push(node);
        }
    }

    pub(super) fn add_source(&mut self, source: Source, diagnostics: &mut Diagnostics) {
        let Source { attributes, name, arrivals, mut message, make } = source;
        own(&mut message, &format!("what `{name}` sends is on its way for a while"), diagnostics);
        let make = make.filter(|make| is_function(&name, &message, make, diagnostics));
        // As tokens: not every type may stand there, and rustc says so.
        let make = Expr::Verbatim(match make {
            Some(make) => quote! {{
                let __make: fn(&mut ::happysim::components::load::Arrival) -> #message = #make;
                __make
            }},
            None => quote! {
                ::happysim::components::load::MessageMaker::Alike(
                    <#message as ::core::default::Default>::default()
                )
            },
        });
        let fields = vec![
            (Ident::new("arrivals", name.span()), arrivals),
            (Ident::new("message", name.span()), make),
        ];
        let node = NodeModel {
            path: name.to_string(),
            name,
            kind: Kind::Source,
            attributes,
            count: Count::One,
            ty: quote_spanned!(message.span()=> ::happysim::components::load::Emits<#message>),
            preset: None,
            fields,
            short_names: Vec::new(),
            written: Vec::new(),
        };
        self.add_node(node, diagnostics);
    }
}

/// A parameter lives as long as the topology, and a reference in its type must say so.
fn is_owned(param: &mut Param, diagnostics: &mut Diagnostics) {
    let why = format!("`{}` is kept as long as the topology", param.name);
    own(&mut param.ty, &why, diagnostics);
}

/// Tells of references in a type that do not say how long they last, and goes on as if they did.
fn own(ty: &mut Type, why: &str, diagnostics: &mut Diagnostics) {
    let mut elided = Elided(Vec::new());
    elided.visit_type_mut(ty);
    for reference in elided.0 {
        let ty = &reference.elem.to_token_stream().to_string();
        let owned = if ty == "str" { " or `String`" } else { ", or a type of its own" };
        let message = format!(
            "{why}, and a reference does not say how long it lasts\nhelp: write `&'static {ty}`{owned}"
        );
        diagnostics.error(codes::BORROWED, reference.and_token, message);
    }
}

/// The references without a lifetime in a type.
struct Elided(Vec<TypeReference>);

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        visit_mut::visit_type_reference_mut(self, reference);
        if reference.lifetime.is_none() {
            self.0.push(reference.clone());
            // What is told of here need not be told of by rustc.
            reference.lifetime = Some(Lifetime::new("'static", reference.and_token.span()));
        }
    }

    // A function's references are its own.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
}

pub(super) fn entity_node(
    name: Ident,
    kind: Kind,
    attributes: Vec<Attribute>,
    count: Count,
    entity: EntityValue,
    diagnostics: &mut Diagnostics,
) -> NodeModel {
    let EntityValue { mut ty, preset, fields } = entity;
    own(&mut ty, &format!("`{name}` is a part of the topology"), diagnostics);
    let value = |FieldValue { name, value }| (name, value);
    NodeModel {
        path: name.to_string(),
        name,
        kind,
        attributes,
        count,
        ty: ty.into_token_stream(),
        preset: preset.map(ToTokens::into_token_stream),
        fields: fields.into_iter().map(value).collect(),
        short_names: Vec::new(),
        written: Vec::new(),
    }
}

/// Keeps the first value of each parameter.
pub(super) fn given_once(node: &mut NodeModel, diagnostics: &mut Diagnostics) {
    let mut first: HashMap<String, TokenStream> = HashMap::new();
    node.fields.retain(|(name, value)| {
        let text = name.to_string();
        let Some(earlier) = first.get(&text) else {
            first.insert(text, value.to_token_stream());
            return true;
        };
        let message = format!("`{text}` is given twice");
        let earlier = (earlier, format!("`{text}` is first given here"));
        diagnostics.error_at_two(codes::GIVEN_TWICE, (value, message), earlier);
        false
    });
}

/// What makes the message of a source must be a closure or the name of a function: a value would
/// be one for all arrivals.
fn is_function(
    source: &Ident,
    message: &syn::Type,
    make: &Expr,
    diagnostics: &mut Diagnostics,
) -> bool {
    let is_value = match make {
        Expr::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase)),
        Expr::Struct(_)
        | Expr::Lit(_)
        | Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::Macro(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Unary(_)
        | Expr::Binary(_) => true,
        _ => false,
    };
    if is_value {
        let ty = message.to_token_stream();
        let message = format!(
            "each message of `{source}` is made for its arrival, by a function\n\
             help: write `emits {ty} = |arrival| ...`"
        );
        diagnostics.error(codes::MESSAGE, make, message);
    }
    !is_value
}
