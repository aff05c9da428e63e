//! What can be known of a topology with parameters of type. Constants in types cannot depend on
//! these, but most of its nodes do not mention them: such a node's type is asked what it has where
//! it stands in front of nothing, a *probe*, of which ports and handlers have the same names.
//!
//! A type that is no entity there (a relay that demands more of its messages) is not asked.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Generics};

use super::super::model::Edge;
use super::names::Names;
use super::relays::Circles;
use super::{Input, standins};
use crate::names::hash;

/// Whether one of the parameters of a topology occurs in a type.
pub(in crate::topology) fn depends_on(ty: &TokenStream, generics: &Generics) -> bool {
    generics.params.iter().any(|parameter| {
        let name = match parameter {
            GenericParam::Type(parameter) => &parameter.ident,
            GenericParam::Const(parameter) => &parameter.ident,
            GenericParam::Lifetime(parameter) => &parameter.lifetime.ident,
        };
        occurs(ty, name)
    })
}

/// Whether a name occurs among tokens.
pub(in crate::topology) fn occurs(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(word) => word == *name,
        TokenTree::Group(group) => occurs(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

impl Names {
    /// The entity whose names are those of a node, if that can be asked.
    pub(super) fn asked_entity(&self, node: usize) -> Option<TokenStream> {
        if self.is_generic {
            self.probe(node).map(ToTokens::into_token_stream)
        } else {
            Some(self.entity(node))
        }
    }

    /// The port of an edge, of the [asked entity](Self::asked_entity).
    pub(super) fn asked_port(&self, index: usize) -> TokenStream {
        if self.is_generic {
            format_ident!("{}ProbePort{}", self.context, index).into_token_stream()
        } else {
            self.port(index).clone()
        }
    }

    /// The name of an entry's handler, of the [asked entity](Self::asked_entity).
    pub(super) fn asked_handler(&self, entry: usize) -> TokenStream {
        if self.is_generic {
            format_ident!("{}ProbeHandler{}", self.context, entry).into_token_stream()
        } else {
            self.handler(entry).clone()
        }
    }

    fn probe(&self, node: usize) -> Option<Ident> {
        (self.is_generic && self.asked_type(node).is_some())
            .then(|| format_ident!("{}Probe{}", self.context, node))
    }

    /// Says whether an edge's port is known, in a topology with parameters.
    pub(super) fn probed_port(&self, index: usize, edge: &Edge) -> Option<Ident> {
        self.probe(edge.from).map(|_| format_ident!("{}PortIsKnown{}", self.context, index))
    }

    /// Says whether an entry's handler is known, in a topology with parameters.
    pub(super) fn probed_handler(&self, entry: usize) -> Option<Ident> {
        let (node, _) = self.entries[entry];
        self.probe(node).map(|_| format_ident!("{}HandlerIsKnown{}", self.context, entry))
    }

    /// Says whether all ports of a node are wired, in a topology with parameters.
    pub(super) fn probed_wires(&self, node: usize) -> Option<Ident> {
        self.probe(node).map(|_| format_ident!("{}IsWired{}", self.context, node))
    }

    /// Says whether all names are known that can be asked for, and all ports are wired, in a topology
    /// with parameters.
    pub(super) fn all_known(&self) -> Ident {
        format_ident!("{}NamesAreKnown", self.context)
    }
}

/// The types that say what is known. What relays in a circle carry is not.
pub(super) fn items(input: &Input<'_>) -> TokenStream {
    let (names, edges) = (&input.names, &input.model.edges);
    let nodes = (0..input.model.nodes.len()).map(|node| node_items(input, node));
    let ports = edges.iter().enumerate().map(|(index, edge)| port_items(input, index, edge));
    let handlers = (0..names.entries.len()).map(|entry| handler_items(input, entry));
    let of_ports = edges.iter().enumerate().filter_map(|(i, edge)| names.probed_port(i, edge));
    let of_handlers = (0..names.entries.len()).filter_map(|entry| names.probed_handler(entry));
    let of_wires = (0..input.model.nodes.len()).filter_map(|node| names.probed_wires(node));
    let all = of_ports.chain(of_handlers).chain(of_wires);
    let circles = Circles::new(input);
    let circles = circles.any_closes();
    let name = names.all_known();
    let types = standins::items(input);
    quote! {
        #types
        #(#nodes)*
        #(#ports)*
        #(#handlers)*
        #[allow(dead_code, reason = "a topology without arrows uses none")]
        type #name = ::happysim::__private::Known<{
            true #(&& <#all as ::happysim::__private::Knows>::YES)* #(&& !#circles)*
        }>;
    }
}

fn known(ask: &TokenStream, constant: &str) -> TokenStream {
    let constant = format_ident!("{constant}");
    quote! {
        ::happysim::__private::Known<{
            #[allow(unused_imports, reason = "only for what does not exist")]
            use ::happysim::__private::Otherwise as _;
            <::happysim::__private::Ask<#ask>>::#constant
        }>
    }
}

fn node_items(input: &Input<'_>, index: usize) -> Option<TokenStream> {
    let probe = input.names.probe(index)?;
    let ty = input.names.asked_type(index)?;
    let is_entity = known(&quote!((#ty, ::happysim::__private::Anything)), "IS_ENTITY");
    let (is_wired, wired) = (input.names.probed_wires(index), super::types::wired(input, index));
    Some(quote! {
        #[allow(dead_code, reason = "not every node has an arrow")]
        type #probe = <#is_entity as ::happysim::__private::EntityOf<
            #ty, ::happysim::__private::Anything,
        >>::Entity;
        #[allow(dead_code, reason = "a topology with mistakes uses none")]
        type #is_wired = ::happysim::__private::Known<{
            ::happysim::__private::is_wired(
                <#probe as ::happysim::__private::EntityParts>::PORTS,
                &#wired,
            )
        }>;
    })
}

fn port_items(input: &Input<'_>, index: usize, edge: &Edge) -> Option<TokenStream> {
    let (names, number) = (&input.names, index as u16);
    let (probe, is_known) = (names.probe(edge.from)?, names.probed_port(index, edge));
    let port = names.asked_port(index);
    let looked_up = match &edge.port {
        None => {
            let known = known(&probe.to_token_stream(), "HAS_SOLE_PORT");
            quote!(<#known as ::happysim::__private::SolePortOf<#probe, #number>>::Port)
        }
        Some(name) => {
            let hash = hash(&name.to_string());
            let known = known(&quote!((#probe, ::happysim::__private::Name<#hash>)), "HAS_PORT");
            quote!(<#known as ::happysim::__private::PortOf<#probe, #hash, #number>>::Port)
        }
    };
    Some(quote! {
        type #port = #looked_up;
        type #is_known = ::happysim::__private::Known<{
            ::happysim::__private::is_known::<#probe>(
                <#port as ::happysim::__private::Port>::NAME,
            )
        }>;
    })
}

fn handler_items(input: &Input<'_>, entry: usize) -> Option<TokenStream> {
    let names = &input.names;
    let (node, handler) = &names.entries[entry];
    let (probe, is_known) = (names.probe(*node)?, names.probed_handler(entry));
    let name = names.asked_handler(entry);
    let looked_up = match handler {
        None => {
            let known = known(&probe.to_token_stream(), "HAS_SOLE_HANDLER");
            quote!(<#known as ::happysim::__private::SoleHandlerOf<#probe>>::Name)
        }
        Some(handler) => {
            let hash = hash(&handler.to_string());
            let name = quote!(::happysim::__private::Name<#hash>);
            let known = known(&quote!((#probe, #name)), "HAS_HANDLER");
            quote!(<#known as ::happysim::__private::HandlerOf<#name>>::Name)
        }
    };
    Some(quote! {
        type #name = #looked_up;
        type #is_known = ::happysim::__private::Known<{
            ::happysim::__private::is_known::<#probe>(
                <#probe as ::happysim::__private::Handler<#name>>::LABEL,
            )
        }>;
    })
}
