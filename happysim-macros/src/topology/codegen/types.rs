//! The marker type of each node with its entity, and the struct of all wires.

use proc_macro2::TokenStream;
use quote::quote;

use super::Input;
use super::names::{Names, phantom};
use crate::names::hash;

pub(super) fn generate(input: &Input<'_>) -> TokenStream {
    let markers = (0..input.model.nodes.len()).map(|node| marker(input, node));
    let wires = wires(input);
    quote!(#(#markers)* #wires)
}

fn marker(input: &Input<'_>, index: usize) -> TokenStream {
    let Input { visibility, generics, model, names, .. } = input;
    let node = &model.nodes[index];
    let marker = names.marker_name(index);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let edges: Vec<_> = model.edges.iter().filter(|edge| edge.from == index).collect();
    let (target, leads) = match edges[..] {
        [] => (quote!(()), TokenStream::new()),
        [edge] => (names.target(edge), TokenStream::new()),
        // The entity knows which of its ports says what it carries.
        _ => (names.marker(index), leads(input, index)),
    };
    let (ty, phantom, number) = (&node.ty, phantom(generics), index as u16);
    quote! {
        #[doc(hidden)]
        #[allow(missing_debug_implementations, reason = "a type-level name, never a value")]
        #visibility struct #marker #generics(#phantom) #where_clause;

        #[automatically_derived]
        impl #impl_generics ::happysim::__private::NodeSpec for #marker #type_generics
        #where_clause
        {
            type Entity = <#ty as ::happysim::__private::Shape<#target>>::Entity;
            const INDEX: u16 = #number;
        }

        #leads
    }
}

/// Where each port of a node leads to.
fn leads(input: &Input<'_>, index: usize) -> TokenStream {
    let Input { generics, model, names, .. } = input;
    let marker = names.marker_name(index);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let leads = model.edges.iter().filter(|edge| edge.from == index).filter_map(|edge| {
        let (hash, target) = (hash(&edge.port.as_ref()?.to_string()), names.target(edge));
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
        quote! {
            #field: ::happysim::__private::Mailbox<
                <#entity as ::happysim::__private::Handler<#handler>>::Request
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
