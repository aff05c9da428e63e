//! One marker type for each port, and the trait of contexts in which all of them are wired.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::GenericParam;

use super::super::names::{self, local};
use super::Structure;
use super::fields::{Field, FieldKind};

pub(super) fn items(structure: &Structure<'_>) -> TokenStream {
    let ports = structure.fields.iter().map(|field| port(structure, field));
    let wires = wires(structure);
    quote!(#(#ports)* #wires)
}

fn port(structure: &Structure<'_>, field: &Field) -> TokenStream {
    let FieldKind::Port { marker, message, reply, .. } = &field.kind else {
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
    quote! {
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

fn wires(structure: &Structure<'_>) -> TokenStream {
    let item = structure.item;
    let (visibility, name) = (&item.vis, names::wires(&item.ident));
    let mut generics = item.generics.clone();
    for parameter in &mut generics.params {
        match parameter {
            GenericParam::Type(ty) => ty.default = None,
            GenericParam::Const(constant) => constant.default = None,
            GenericParam::Lifetime(_) => {}
        }
    }
    let (_, arguments, conditions) = item.generics.split_for_impl();
    let markers: Vec<TokenStream> = structure
        .fields
        .iter()
        .filter_map(|field| match &field.kind {
            FieldKind::Port { marker, .. } => {
                Some(quote!(::happysim::__private::Wire<#marker #arguments>))
            }
            _ => None,
        })
        .collect();
    let context = local("__C");
    let mut with_context = generics.clone();
    let bound: syn::TypeParam = syn::parse_quote!(#context: ::happysim::Context #(+ #markers)*);
    with_context.params.push(GenericParam::Type(bound));
    let (implemented, _, _) = with_context.split_for_impl();
    let sole = match &structure
        .fields
        .iter()
        .filter_map(|field| match &field.kind {
            FieldKind::Port { marker, .. } => Some(marker),
            _ => None,
        })
        .collect::<Vec<_>>()[..]
    {
        [marker] => {
            let (bounded, self_ty) = (item.generics.split_for_impl().0, structure.self_ty());
            Some(quote! {
                #[automatically_derived]
                impl #bounded ::happysim::__private::SolePort for #self_ty #conditions {
                    type Port = #marker #arguments;
                }
            })
        }
        _ => None,
    };
    let alias = alias(structure);
    quote! {
        #alias

        #[doc(hidden)]
        #[allow(unreachable_pub, private_bounds, reason = "as visible as the entity")]
        #visibility trait #name #generics: ::happysim::Context #(+ #markers)* #conditions {}

        impl #implemented #name #arguments for #context #conditions {}

        #sole
    }
}

/// The struct under the name that the code of its `impl` block uses. Its parameters of type have
/// defaults, so that where the block leaves them out only the struct itself is complained about.
fn alias(structure: &Structure<'_>) -> TokenStream {
    let (name, self_ty) = (names::alias(&structure.item.ident), structure.self_ty());
    let mut generics = structure.item.generics.clone();
    generics.where_clause = None;
    // What has a default cannot stand before what has none.
    let is_optional = generics.const_params().next().is_none();
    for parameter in &mut generics.params {
        let GenericParam::Type(parameter) = parameter else { continue };
        parameter.colon_token = None;
        parameter.bounds.clear();
        if is_optional {
            let nothing = || (<syn::Token![=]>::default(), syn::parse_quote!(()));
            parameter.default.get_or_insert_with(nothing);
        }
    }
    quote! {
        #[allow(dead_code, reason = "there may be no handlers")]
        type #name #generics = #self_ty;
    }
}
