//! What a topology needs to know of the struct: its fields by name, its random streams, its shape.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::GenericParam;

use super::super::is_in_library;
use super::super::names::local;
use super::fields::{Field, FieldKind};
use super::{Structure, builder, lanes};

pub(super) fn items(structure: &Structure<'_>) -> TokenStream {
    let fields = fields(structure);
    let parts = parts(structure);
    let shape = if structure.is_relay { relay_shape(structure) } else { shape(structure) };
    quote!(#fields #parts #shape)
}

fn fields(structure: &Structure<'_>) -> TokenStream {
    let (generics, _, conditions) = structure.item.generics.split_for_impl();
    let self_ty = structure.self_ty();
    let items = structure.fields.iter().map(|field| {
        let (hash, ty, name) = (field.hash(), &field.ty, &field.name);
        let attach = matches!(field.kind, FieldKind::Shared).then(|| {
            quote! {
                #[automatically_derived]
                impl #generics ::happysim::__private::Attach<#hash> for #self_ty #conditions {
                    type Shared = #ty;
                    fn attach(&mut self, shared: &#ty) {
                        self.#name = ::core::clone::Clone::clone(shared);
                    }
                }
            }
        });
        let given = builder::optional_function(ty).unwrap_or(ty);
        quote! {
            #[automatically_derived]
            impl #generics ::happysim::__private::Field<#hash> for #self_ty #conditions {
                type Type = #ty;
                type Given = #given;
            }
            #attach
        }
    });
    quote!(#(#items)*)
}

fn parts(structure: &Structure<'_>) -> TokenStream {
    let (generics, _, conditions) = structure.item.generics.split_for_impl();
    let self_ty = structure.self_ty();
    let name = structure.item.ident.to_string();
    let ports = structure.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Port { is_call, message, reply, .. } => {
            let kind = if *is_call { quote!(Call) } else { quote!(Send) };
            let (name, message, reply) = (field.name.to_string(), text(message), text(reply));
            Some(quote!(::happysim::__private::PortInfo {
                name: #name,
                kind: ::happysim::__private::PortKind::#kind,
                message: #message,
                reply: #reply,
            }))
        }
        _ => None,
    });
    let given = structure.parameters().map(|field| {
        let (name, is_required) = (field.name.to_string(), builder::is_required(field));
        let ty = text(&field.ty);
        quote!(::happysim::__private::ParameterInfo {
            name: #name,
            ty: #ty,
            is_required: #is_required,
        })
    });
    let shared = structure
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Shared))
        .map(|field| field.name.to_string());
    let (binds, shows): (Vec<TokenStream>, Vec<TokenStream>) = structure
        .fields
        .iter()
        .filter(|field| field.is_part())
        .map(|field| {
            let (name, label) = (&field.name, field.name.to_string());
            (
                quote! {
                    binder.field(#label);
                    ::happysim::__private::Bindable(&mut self.#name).bind(binder);
                },
                quote!(::happysim::__private::Observable(&self.#name).observe(#label, observer);),
            )
        })
        .unzip();
    let parameters = builder::none_given(structure);
    let by_lanes = lanes::check_all(structure);
    let is_relay = structure.is_relay;
    let declared = if is_in_library() { quote!(OfTheLibrary) } else { quote!(OfModel) };
    let resets = structure.fields.iter().filter(|field| field.is_part()).map(|field| {
        let name = &field.name;
        quote!(::happysim::__private::Resettable(&mut self.#name).reset(now);)
    });
    quote! {
        #[automatically_derived]
        impl #generics ::happysim::__private::EntityParts for #self_ty #conditions {
            type Parameters = #parameters;
            type Declared = ::happysim::__private::#declared;
            const NAME: &'static str = #name;
            const PORTS: &'static [::happysim::__private::PortInfo] = &[#(#ports),*];
            const PARAMETERS: &'static [::happysim::__private::ParameterInfo] = &[#(#given),*];
            const IS_RELAY: bool = #is_relay;
            const SHARED: &'static [&'static str] = &[#(#shared),*];

            fn no_parameters() -> Self::Parameters {
                Self::parameters()
            }

            #by_lanes

            fn bind(&mut self, binder: &mut ::happysim::__private::Binder<'_>) {
                #[allow(unused_imports, reason = "every field may be a part")]
                use ::happysim::__private::BindFallback as _;
                let _ = &binder;
                #(#binds)*
            }

            fn observe(&self, observer: &mut ::happysim::__private::Observer) {
                #[allow(unused_imports, reason = "every field may show something")]
                use ::happysim::__private::ObserveFallback as _;
                let _ = &observer;
                #(#shows)*
            }

            fn reset_metrics(&mut self, now: ::happysim::Instant) {
                #[allow(unused_imports, reason = "every field may show something")]
                use ::happysim::__private::ResetFallback as _;
                let _ = now;
                #(#resets)*
            }
        }
    }
}

/// The type as the user wrote it.
fn text(ty: &syn::Type) -> String {
    let text = ty.to_token_stream().to_string();
    text.replace(" < ", "<")
        .replace(" >", ">")
        .replace(" :: ", "::")
        .replace(" ,", ",")
        .replace("& ", "&")
}

fn shape(structure: &Structure<'_>) -> TokenStream {
    let mut generics = structure.item.generics.clone();
    let target = local("__T");
    generics.params.push(GenericParam::Type(syn::parse_quote!(#target)));
    let (generics, _, conditions) = generics.split_for_impl();
    let self_ty = structure.self_ty();
    quote! {
        #[automatically_derived]
        impl #generics ::happysim::__private::Shape<#target> for #self_ty #conditions {
            type Entity = Self;
        }
    }
}

/// The port that says what a relay carries: the first that has both of its types.
fn carrier<'a>(structure: &'a Structure<'_>, carried: &[&syn::TypeParam]) -> Option<&'a Field> {
    let names = |ty: &syn::Type, parameter: &syn::TypeParam| matches!(ty, syn::Type::Path(path) if path.path.is_ident(&parameter.ident));
    let says_both = |field: &&Field| match &field.kind {
        FieldKind::Port { message, reply, .. } => {
            names(message, carried[0]) && names(reply, carried[1])
        }
        _ => false,
    };
    let is_port = |field: &&Field| matches!(field.kind, FieldKind::Port { .. });
    structure.fields.iter().find(says_both).or_else(|| structure.fields.iter().find(is_port))
}

/// A relay in front of a target carries the target's messages.
fn relay_shape(structure: &Structure<'_>) -> TokenStream {
    let target = local("__T");
    let mut generics = structure.item.generics.clone();
    let types: Vec<_> = structure.item.generics.type_params().collect();
    let carried = &types[types.len() - 2..];
    let port = carrier(structure, carried).map_or(0, Field::hash);
    let leads_to = quote!(::happysim::__private::LeadsTo<#port>);
    generics.params.push(GenericParam::Type(syn::parse_quote!(#target: #leads_to)));
    let told = quote!(<#target as #leads_to>::Target as ::happysim::__private::Target);
    let name = &structure.item.ident;
    let arguments = structure.item.generics.params.iter().map(|parameter| match parameter {
        GenericParam::Type(ty) if ty.ident == carried[0].ident => {
            quote!(<#told>::Request)
        }
        GenericParam::Type(ty) if ty.ident == carried[1].ident => {
            quote!(<#told>::Reply)
        }
        GenericParam::Type(ty) => ty.ident.to_token_stream(),
        GenericParam::Const(constant) => constant.ident.to_token_stream(),
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_token_stream(),
    });
    let (generics, _, conditions) = generics.split_for_impl();
    let self_ty = structure.self_ty();
    quote! {
        #[automatically_derived]
        impl #generics ::happysim::__private::Shape<#target> for #self_ty #conditions {
            type Entity = #name<#(#arguments),*>;
        }
    }
}
