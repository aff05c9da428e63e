//! What the handlers of an entity answer, as one type: that of the only handler, or an enum of all.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::super::names;
use super::super::signature::{EntityImpl, Method, MethodKind, reply_type};
use super::super::types;
use super::unmentioned;

/// The handlers, with what they reply.
fn handlers(entity: &EntityImpl) -> Vec<(&Method, &Type)> {
    let handlers = entity.methods.iter().filter(|method| method.kind == MethodKind::Handler);
    handlers.filter_map(|method| Some((method, reply_type(&method.output)?))).collect()
}

fn enum_name(entity: &EntityImpl) -> Ident {
    names::hidden(&format!("{}Answers", entity.name))
}

fn variant(method: &Method) -> Ident {
    format_ident!("{}", names::camel_case(&method.name.to_string()))
}

fn answer_type(entity: &EntityImpl, reply: &Type) -> TokenStream {
    let reply = types::without_self(reply, &entity.self_ty);
    quote!(::happysim::__private::Answer<#reply>)
}

/// The type of the answer of any handler.
pub(super) fn any(entity: &EntityImpl) -> TokenStream {
    match handlers(entity)[..] {
        [] => quote!(::core::convert::Infallible),
        [(_, reply)] => answer_type(entity, reply),
        _ => {
            let (name, (_, arguments, _)) = (enum_name(entity), entity.generics.split_for_impl());
            quote!(#name #arguments)
        }
    }
}

/// The answer of this handler, as the pattern for it and the expression that makes it.
pub(super) fn of(entity: &EntityImpl, method: &Method, answer: &TokenStream) -> TokenStream {
    if handlers(entity).len() < 2 {
        return answer.clone();
    }
    let (name, variant) = (enum_name(entity), variant(method));
    quote!(#name::#variant(#answer))
}

/// The enum of the answers of several handlers.
pub(super) fn items(entity: &EntityImpl) -> Option<TokenStream> {
    let handlers = handlers(entity);
    if handlers.len() < 2 {
        return None;
    }
    let (name, declared) = (enum_name(entity), entity.declared_generics());
    let conditions = &entity.generics.where_clause;
    let variants = handlers.iter().map(|(method, reply)| {
        let (variant, answer) = (variant(method), answer_type(entity, reply));
        let docs = format!(" Of `{}`.", method.name);
        quote!(#[doc = #docs] #variant(#answer),)
    });
    let variants = quote!(#(#variants)*);
    let unused = unmentioned(entity, &variants);
    let unused = (!unused.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            __Of(
                ::core::convert::Infallible,
                ::core::marker::PhantomData<fn() -> (#(#unused,)*)>,
            ),
        }
    });
    let docs = format!(" What a handler of [`{}`] has answered.", entity.name);
    Some(quote! {
        #[doc = #docs]
        #[allow(
            private_interfaces, unreachable_pub, missing_debug_implementations,
            clippy::large_enum_variant, reason = "on its way from the handler to the caller"
        )]
        pub enum #name #declared #conditions { #variants #unused }
    })
}
