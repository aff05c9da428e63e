//! One marker type for each port, and the contexts in which all of them are wired.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::GenericParam;

use super::super::names;
use super::super::sent::sent;
use super::super::unknown::UnknownType;
use super::fields::{Field, FieldKind};
use super::{Structure, bounds};

pub(super) fn items(structure: &Structure<'_>) -> TokenStream {
    let ports = structure.fields.iter().map(|field| port(structure, field));
    let (module, sole) = (module(structure), sole(structure));
    quote!(#(#ports)* #module #sole)
}

fn port(structure: &Structure<'_>, field: &Field) -> TokenStream {
    let FieldKind::Port { marker, message, reply, unknown, .. } = &field.kind else {
        return TokenStream::new();
    };
    let item = structure.item;
    let (visibility, entity) = (&item.vis, &item.ident);
    let (bounded, arguments, conditions) = item.generics.split_for_impl();
    let self_ty = structure.self_ty();
    let types = item.generics.type_params().map(|parameter| &parameter.ident);
    let types = quote!((#(#types,)*));
    let parameters = item.generics.params.iter().map(|parameter| match parameter {
        GenericParam::Type(ty) => ty.ident.to_token_stream(),
        GenericParam::Const(constant) => {
            let (name, ty) = (&constant.ident, &constant.ty);
            quote!(const #name: #ty)
        }
        GenericParam::Lifetime(lifetime) => lifetime.to_token_stream(),
    });
    let parameters = (!item.generics.params.is_empty()).then(|| quote!(<#(#parameters),*>));
    let (port_name, entity_name) = (field.name.to_string(), entity.to_string());
    let docs = format!(" The port `{port_name}` of [`{entity_name}`].");
    let hash = field.hash();
    let (message, reply) = (sent(message, &item.generics), sent(reply, &item.generics));
    let unknown = unknown.as_ref().map(UnknownType::item);
    quote! {
        #unknown

        #[doc = #docs]
        #visibility struct #marker #parameters (::core::marker::PhantomData<fn() -> #types>);

        #[automatically_derived]
        impl #parameters ::core::clone::Clone for #marker #arguments {
            fn clone(&self) -> Self {
                *self
            }
        }

        #[automatically_derived]
        impl #parameters ::core::marker::Copy for #marker #arguments {}

        #[automatically_derived]
        impl #parameters ::core::fmt::Debug for #marker #arguments {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(::core::concat!(#entity_name, ".", #port_name))
            }
        }

        #[automatically_derived]
        impl #bounded ::happysim::__private::Port for #marker #arguments #conditions {
            type Message = #message;
            type Reply = #reply;
            type Key = ::happysim::__private::Name<#hash>;
            const NAME: &'static str = #port_name;
            const ENTITY: &'static str = #entity_name;
        }

        #[automatically_derived]
        impl #bounded ::happysim::__private::HasPort<#hash> for #self_ty #conditions {
            type Port = #marker #arguments;
        }
    }
}

/// The module by which the block finds the struct: `Of`, the struct itself, and `Ports`, which stands
/// for "a context in which all its ports are wired"; and of an entity with parameters of type what it
/// asks of these. All are written for any entity, because a module in a function does not see the
/// types of that function.
fn module(structure: &Structure<'_>) -> TokenStream {
    let item = structure.item;
    let (visibility, module) = (&item.vis, names::structure(&item.ident));
    let is_port = |field: &&Field| matches!(field.kind, FieldKind::Port { .. });
    let hashes = structure.fields.iter().filter(is_port).map(Field::hash);
    let has_port: Vec<TokenStream> =
        hashes.map(|hash| quote!(::happysim::__private::HasPort<#hash>)).collect();
    let wires = quote!(#(+ ::happysim::__private::Wire<<Entity as #has_port>::Port>)*);
    let bounds = item.generics.type_params().next().map(|_| bounds::traits(&item.generics));
    quote! {
        #[doc(hidden)]
        #[allow(
            dead_code, unused_imports, non_snake_case, unreachable_pub, private_bounds, missing_docs,
            reason = "rustc shows its name where it is missing"
        )]
        #visibility mod #module {
            pub type Of<Entity> = Entity;

            #bounds

            pub trait Ports<Entity>: ::happysim::Context #wires
            where
                #(Entity: #has_port,)*
            {
            }

            impl<Entity, Wired: ::happysim::Context #wires> Ports<Entity> for Wired
            where
                #(Entity: #has_port,)*
            {
            }
        }
    }
}

/// The port that stands for the entity where none is named.
fn sole(structure: &Structure<'_>) -> Option<TokenStream> {
    let markers = structure.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Port { marker, .. } => Some(marker),
        _ => None,
    });
    let [marker] = markers.collect::<Vec<_>>()[..] else { return None };
    let (bounded, arguments, conditions) = structure.item.generics.split_for_impl();
    let self_ty = structure.self_ty();
    Some(quote! {
        #[automatically_derived]
        impl #bounded ::happysim::__private::SolePort for #self_ty #conditions {
            type Port = #marker #arguments;
        }
    })
}
