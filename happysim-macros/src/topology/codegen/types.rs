//! The marker type of each node with its entity, and the struct of all wires.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Lifetime;
use syn::spanned::Spanned;

use super::Input;
use super::names::{Names, phantom};
use super::relays::Circles;
use crate::names::hash;

pub(super) fn generate(input: &Input<'_>) -> TokenStream {
    let circles = Circles::new(input);
    let markers = (0..input.model.nodes.len()).map(|node| marker(input, node, &circles));
    let aliases = if input.names.is_generic { super::probes::items(input) } else { aliases(input) };
    let wires = wires(input);
    quote!(#(#markers)* #aliases #wires)
}

/// Each look-up of a name that may not exist, made once.
fn aliases(input: &Input<'_>) -> TokenStream {
    let Input { visibility, model, names, .. } = input;
    let ports = model.edges.iter().enumerate().map(|(index, edge)| {
        let (alias, ty) = (names.port(index), names.port_type(index, edge));
        quote!(type #alias = #ty;)
    });
    let handlers = (0..names.entries.len()).map(|entry| {
        let (alias, ty) = (names.handler(entry), names.handler_type(entry));
        quote!(type #alias = #ty;)
    });
    let fits = model.edges.iter().enumerate().map(|(index, edge)| {
        let (request_alias, reply_alias) = (names.request_fits(index), names.reply_fits(index));
        let (sent, received) = names.requests(index, edge);
        let (answered, expected) = names.replies(index, edge);
        let request = names.known(&quote!((#sent, #received)), "ARE_SAME");
        let reply = names.known(&quote!((#answered, #expected)), "ARE_SAME");
        quote! {
            #[allow(dead_code, reason = "a topology with mistakes uses none")]
            type #request_alias = #request;
            type #reply_alias = #reply;
        }
    });
    let entries = names.entries.iter().enumerate().map(|(entry, (node, _))| {
        let (name, handler, entity) =
            (names.entry_name(entry), names.handler(entry), names.entity(*node));
        quote! {
            #[doc(hidden)]
            #[allow(missing_debug_implementations, reason = "a type-level name, never a value")]
        #visibility struct #name;
            #[automatically_derived]
            impl ::happysim::__private::Leads for #name {
                type Entity = #entity;
                type Handler = #handler;
            }
        }
    });
    let ports =
        quote!(#(#[allow(dead_code, reason = "a topology with mistakes uses none")] #ports)*);
    let handlers =
        quote!(#(#[allow(dead_code, reason = "a topology with mistakes uses none")] #handlers)*);
    let contexts = (!input.is_broken).then(|| contexts(input));
    quote!(#ports #handlers #(#fits)* #(#entries)* #contexts)
}

/// The context of each node.
fn contexts(input: &Input<'_>) -> TokenStream {
    let Input { generics, model, names, .. } = input;
    let lifetime = Lifetime::new("'__a", Span::call_site());
    let contexts = (0..model.nodes.len()).map(|node| {
        let (alias, context) =
            (names.running_name(node), names.context_for(&lifetime, generics, node));
        let (entity, wired) = (names.entity(node), wired(input, node));
        quote! {
            type #alias<#lifetime> = <
                ::happysim::__private::Known<{
                    ::happysim::__private::is_wired(
                        <#entity as ::happysim::__private::EntityParts>::PORTS,
                        &#wired,
                    )
                }> as ::happysim::__private::ContextOf<#lifetime, #context>
            >::Context;
        }
    });
    quote!(#(#contexts)*)
}

/// The names of the ports of a node that arrows lead out of, as an array; that of a port that does
/// not exist is empty.
pub(super) fn wired(input: &Input<'_>, node: usize) -> TokenStream {
    let edges = input.model.edges.iter().enumerate().filter(|(_, edge)| edge.from == node);
    let names = edges.map(|(index, _)| {
        let port = input.names.asked_port(index);
        quote!(<#port as ::happysim::__private::Port>::NAME)
    });
    quote!([#(#names),*])
}

fn marker(input: &Input<'_>, index: usize, circles: &Circles) -> TokenStream {
    let Input { visibility, generics, model, names, .. } = input;
    let node = &model.nodes[index];
    let marker = names.marker_name(index);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let edges = model.edges.iter().enumerate().filter(|(_, edge)| edge.from == index);
    let edges: Vec<_> = edges.collect();
    let (target, leads) = match edges[..] {
        [] => (quote!(::happysim::__private::Anything), TokenStream::new()),
        [(number, edge)] => (circles.target(number, names.target(edge)), TokenStream::new()),
        // The entity knows which of its ports says what it carries.
        _ => {
            let (ty, marker) = (&node.ty, names.marker(index));
            let known = names.known_at(ty.span(), &quote!((#ty, #marker)), "IS_ENTITY");
            let target = quote! {
                <#known as ::happysim::__private::Choose<
                    #marker, ::happysim::__private::Anything,
                >>::Type
            };
            (target, leads(input, index, circles))
        }
    };
    let (ty, phantom, number) = (&node.ty, phantom(generics), index as u16);
    let known = names.known_at(ty.span(), &quote!((#ty, #target)), "IS_ENTITY");
    // Where the arguments of the type are wrong, rustc underlines this.
    let entity = quote_spanned! {ty.span()=>
        type Entity = <#known as ::happysim::__private::EntityOf<#ty, #target>>::Entity;
    };
    quote! {
        #[doc(hidden)]
        #[allow(missing_debug_implementations, reason = "a type-level name, never a value")]
        #visibility struct #marker #generics(#phantom) #where_clause;

        #[automatically_derived]
        impl #impl_generics ::happysim::__private::NodeSpec for #marker #type_generics
        #where_clause
        {
            #entity
            const INDEX: u16 = #number;
        }

        #leads
    }
}

/// Where each port of a node leads to.
fn leads(input: &Input<'_>, index: usize, circles: &Circles) -> TokenStream {
    let Input { generics, model, names, .. } = input;
    let marker = names.marker_name(index);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let edges = model.edges.iter().enumerate().filter(|(_, edge)| edge.from == index);
    let leads = edges.filter_map(|(number, edge)| {
        let hash = hash(&edge.port.as_ref()?.to_string());
        let target = circles.target(number, names.target(edge));
        Some(quote! {
            #[automatically_derived]
            impl #impl_generics ::happysim::__private::LeadsTo<#hash> for #marker #type_generics
            #where_clause
            {
                type Target = #target;
            }
        })
    });
    quote!(#(#leads)*)
}

fn wires(input: &Input<'_>) -> TokenStream {
    let Input { visibility, generics, model, names, .. } = input;
    let wires = &names.wires;
    let where_clause = &generics.where_clause;
    let tables = model.edges.iter().enumerate().map(|(index, _)| {
        let (field, port) = (Names::wire_field(index), names.port(index));
        quote! {
            #field: ::happysim::__private::CallTable<
                <#port as ::happysim::__private::Port>::Reply
            >
        }
    });
    let mailboxes = names.entries.iter().enumerate().map(|(index, (node, _))| {
        let field = Names::mailbox_field(index);
        let (entity, handler) = (names.entity(*node), names.handler(index));
        let number = input.mailbox_number(index);
        quote! {
            #field: ::happysim::__private::Mailbox<
                <#entity as ::happysim::__private::Handler<#handler>>::Request,
                #number,
            >
        }
    });
    let count = model.nodes.len();
    let phantom = phantom(generics);
    quote! {
        #[doc(hidden)]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #wires #generics #where_clause {
            #(#tables,)*
            #(#mailboxes,)*
            /// How many replicas each node has.
            counts: [u32; #count],
            types: #phantom,
        }
    }
}
