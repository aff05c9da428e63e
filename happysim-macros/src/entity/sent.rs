//! The types of messages and replies, which are to be `Clone` and `Debug`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics};

use super::codegen::mentions;

/// The type of a message as generated code names it. Where it cannot be sent, rustc says so at the
/// type; as the answer stands in the type, it keeps quiet about all else that has it.
pub(crate) fn sent(ty: &impl ToTokens, generics: &Generics) -> TokenStream {
    let ty = ty.to_token_stream();
    let depends = generics.params.iter().any(|parameter| match parameter {
        GenericParam::Type(parameter) => mentions(ty.clone(), &parameter.ident),
        GenericParam::Const(parameter) => mentions(ty.clone(), &parameter.ident),
        GenericParam::Lifetime(_) => true,
    });
    // Constants in types cannot depend on parameters of type.
    if depends {
        return ty;
    }
    quote! {
        <::happysim::__private::Known<{ ::happysim::__private::is_message::<#ty>() }>
            as ::happysim::__private::Sent<#ty>>::Type
    }
}
