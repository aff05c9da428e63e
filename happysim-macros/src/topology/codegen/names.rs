//! Names and types of generated items, decided once.

use indexmap::IndexSet;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Generics, Lifetime};

use super::super::model::{Edge, Model};
use crate::names::{camel_case, hash};

pub(in crate::topology) struct Names {
    pub(super) params: Ident,
    pub(super) wires: Ident,
    pub(super) context: Ident,
    markers: Vec<Ident>,
    arguments: TokenStream,
    /// Type of each edge's port.
    ports: Vec<TokenStream>,
    /// The (node, handler) pairs that arrows lead to.
    pub(super) entries: IndexSet<(usize, Option<Ident>)>,
}

impl Names {
    pub(super) fn new(name: &Ident, generics: &Generics, model: &Model) -> Self {
        let (_, type_generics, _) = generics.split_for_impl();
        let marker = |node: &super::super::model::NodeModel| {
            format_ident!(
                "__{}{}",
                name,
                camel_case(&node.name.to_string()),
                span = node.name.span()
            )
        };
        let mut names = Self {
            params: format_ident!("{}Params", name),
            wires: format_ident!("__{}Wires", name),
            context: format_ident!("__{}Context", name),
            markers: model.nodes.iter().map(marker).collect(),
            arguments: type_generics.to_token_stream(),
            ports: Vec::new(),
            entries: model.entries(),
        };
        names.ports = model.edges.iter().map(|edge| names.port_type(edge)).collect();
        names
    }

    /// The marker type of a node, with generic arguments.
    pub(super) fn marker(&self, node: usize) -> TokenStream {
        let (marker, arguments) = (&self.markers[node], &self.arguments);
        quote!(#marker #arguments)
    }

    pub(super) fn marker_name(&self, node: usize) -> &Ident {
        &self.markers[node]
    }

    /// The entity of a node.
    pub(super) fn entity(&self, node: usize) -> TokenStream {
        let marker = self.marker(node);
        let span = self.markers[node].span();
        quote_spanned!(span=> <#marker as ::happysim::__private::NodeSpec>::Entity)
    }

    fn port_type(&self, edge: &Edge) -> TokenStream {
        let entity = self.entity(edge.from);
        match &edge.port {
            None => {
                let span = edge.from_span;
                quote_spanned!(span=> <#entity as ::happysim::__private::SolePort>::Port)
            }
            Some(port) => {
                let hash = hash(&port.to_string());
                let span = port.span();
                quote_spanned!(span=> <#entity as ::happysim::__private::HasPort<#hash>>::Port)
            }
        }
    }

    /// The port type of an edge.
    pub(super) fn port(&self, edge: usize) -> &TokenStream {
        &self.ports[edge]
    }

    /// The name of the handler that an entry leads to, as a type.
    pub(super) fn handler(&self, entry: usize) -> TokenStream {
        let (node, handler) = &self.entries[entry];
        match handler {
            Some(handler) => {
                let hash = hash(&handler.to_string());
                let span = handler.span();
                quote_spanned!(span=> ::happysim::__private::Name<#hash>)
            }
            None => {
                let entity = self.entity(*node);
                let span = self.markers[*node].span();
                quote_spanned!(span=> <#entity as ::happysim::__private::SoleHandler>::Name)
            }
        }
    }

    /// The entry of an edge.
    pub(super) fn entry_of(&self, edge: &Edge) -> usize {
        let entry = (edge.to, edge.handler.clone());
        self.entries.get_index_of(&entry).expect("entries are made of edges")
    }

    /// What an edge leads to, as a type that is resolved only when it is asked.
    pub(super) fn target(&self, edge: &Edge) -> TokenStream {
        let marker = self.marker(edge.to);
        match &edge.handler {
            None => quote!(::happysim::__private::SoleEntry<#marker>),
            Some(handler) => {
                let hash = hash(&handler.to_string());
                quote!(::happysim::__private::Entry<#marker, ::happysim::__private::Name<#hash>>)
            }
        }
    }

    /// The generics with a lifetime in front and a node parameter behind, for the context.
    pub(super) fn context_generics(generics: &Generics) -> Generics {
        let mut extended = generics.clone();
        let lifetime = Lifetime::new("'__a", Span::call_site());
        extended.params.insert(0, syn::parse_quote!(#lifetime));
        extended.params.push(syn::parse_quote!(__N));
        extended
    }

    /// The context type of a node.
    pub(super) fn context_of(&self, generics: &Generics, node: usize) -> TokenStream {
        let context = &self.context;
        let arguments = arguments(generics);
        let marker = self.marker(node);
        quote!(#context<'_, #(#arguments,)* #marker>)
    }

    pub(super) fn wire_field(edge: usize) -> Ident {
        format_ident!("wire_{}", edge)
    }

    /// The function that sends a node's answers.
    pub(super) fn answer(node: usize) -> Ident {
        format_ident!("__answer_{}", node)
    }

    /// The function that sends the answer of an entry's handler.
    pub(super) fn answer_entry(entry: usize) -> Ident {
        format_ident!("__answer_entry_{}", entry)
    }

    /// The list of a node's replicas while the topology is built.
    pub(super) fn local(node: &Ident) -> Ident {
        format_ident!("__replicas_of_{}", node)
    }

    pub(super) fn mailbox_field(entry: usize) -> Ident {
        format_ident!("mailbox_{}", entry)
    }
}

/// The generic parameters as arguments.
pub(super) fn arguments(generics: &Generics) -> Vec<TokenStream> {
    generics
        .params
        .iter()
        .map(|parameter| match parameter {
            syn::GenericParam::Type(parameter) => parameter.ident.to_token_stream(),
            syn::GenericParam::Const(parameter) => parameter.ident.to_token_stream(),
            syn::GenericParam::Lifetime(parameter) => parameter.lifetime.to_token_stream(),
        })
        .collect()
}

/// A tuple that mentions all type parameters, for phantom data.
pub(super) fn phantom(generics: &Generics) -> TokenStream {
    let types = generics.type_params().map(|parameter| &parameter.ident);
    quote!(::core::marker::PhantomData<fn() -> (#(#types,)*)>)
}
