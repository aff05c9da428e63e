//! The struct of a topology's parameters.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::super::syntax::Param;
use super::names::phantom;
use super::owner::Owner;
use super::{Input, literals};

pub(super) fn generate(input: &Input<'_>) -> TokenStream {
    let Input { visibility, name, generics, model, names, .. } = input;
    let params = &names.params;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let about = format!("The parameters of [`{name}`].");
    let fields = model.params.iter().map(|param| {
        let (attributes, field, ty) = (&param.attributes, &param.name, &param.ty);
        let about = match &param.default {
            Some(_) => format!("`{field}`. Default: `{}`.", param.default_text),
            None => format!("`{field}`, which has no default."),
        };
        quote!(#(#attributes)* #[doc = #about] pub #field: #ty)
    });
    // Parameters of type that no parameter of the topology mentions; a topology without them has
    // a struct that can be written out in full.
    let (marker, filled) = if generics.params.is_empty() {
        (quote!(), quote!())
    } else {
        let marker = phantom(generics);
        (quote!(#[doc(hidden)] pub __types: #marker,), quote!(__types: ::core::marker::PhantomData))
    };
    let missing: Vec<&Param> =
        model.params.iter().filter(|param| param.default.is_none()).collect();
    let default = if missing.is_empty() {
        let values = values(input);
        quote! {
            #[automatically_derived]
            impl #impl_generics ::core::default::Default for #params #type_generics #where_clause {
                fn default() -> Self {
                    Self { #(#values,)* #filled }
                }
            }
        }
    } else {
        no_default(input, &missing)
    };
    quote! {
        #[doc = #about]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(non_camel_case_types, reason = "of a name that is judged where it is declared")]
        #visibility struct #params #generics #where_clause {
            #(#fields,)*
            #marker
        }
        #default
    }
}

/// `name: value` for each parameter, all of which have a default.
fn values(input: &Input<'_>) -> Vec<TokenStream> {
    let value = |param: &Param| {
        let (field, ty, default) = (&param.name, &param.ty, &param.default);
        if default.as_ref().is_some_and(is_left_out) {
            return quote!(#field: ::happysim::__private::stand_in::<#ty>());
        }
        let place = default.as_ref().map_or_else(Span::call_site, Spanned::span);
        let value = default.as_ref().map(|default| value_of(input, param, default));
        let converted = quote_spanned! {place=>
            ::happysim::__private::IntoParameter::<#ty>::into_parameter(#value)
        };
        quote! {
            #field: {
                #[allow(unused_imports, reason = "not every default needs a short name")]
                use ::happysim::dsl::*;
                ::happysim::__private::parameter(
                    stringify!(#field),
                    #converted,
                )
            }
        }
    };
    input.model.params.iter().map(value).collect()
}

/// A default, or where it is a literal that cannot be one what stands for it.
fn value_of(input: &Input<'_>, param: &Param, default: &Expr) -> TokenStream {
    if is_of_type(default) {
        // Of all that can become the parameter, its own type is meant.
        let ty = &param.ty;
        return quote_spanned!(default.span()=> <#ty as ::core::default::Default>::default());
    }
    match Owner::topology(input, param) {
        Some(owner) => literals::value_of(&owner, &owner.ty, &param.name, default),
        None => default.to_token_stream(),
    }
}

/// `Default::default()`, which does not say of which type.
fn is_of_type(default: &Expr) -> bool {
    let Expr::Call(call) = default else { return false };
    let Expr::Path(function) = &*call.func else { return false };
    let names = function.path.segments.iter().map(|segment| segment.ident.to_string());
    function.qself.is_none()
        && call.args.is_empty()
        && names.collect::<Vec<_>>().ends_with(&["Default".to_owned(), "default".to_owned()])
}

/// Says which parameters have no default to whoever asks for one. The condition is for any
/// lifetime, because rustc refuses one that can never hold where it is written otherwise.
///
/// Whoever writes `ShopParams::default()` is told of the condition on the parameters, `HasDefaults`.
/// Whoever writes `..Default::default()` is told of the innermost condition, unless that is one on the
/// parameters too: so there is another behind it, on a type that is named as the parameter is.
fn no_default(input: &Input<'_>, missing: &[&Param]) -> TokenStream {
    let Input { generics, names, .. } = input;
    let params = &names.params;
    let (impl_generics, type_generics, _) = generics.split_for_impl();
    let mut conditions = generics.where_clause.clone().unwrap_or_else(|| syn::parse_quote!(where));
    let first = &missing[0];
    let parameter = &first.name;
    let place = first.name.span();
    // The parameter is underlined where rustc shows a condition.
    let [has_defaults, has_default] =
        ["HasDefaults", "HasDefault"].map(|name| Ident::new(name, place));
    conditions
        .predicates
        .push(syn::parse_quote_spanned!(place=> for<'any> Self: #has_defaults<'any>));
    let list = missing.iter().map(|param| format!("`{}`", param.name)).collect::<Vec<_>>();
    let (list, has) = match &list[..] {
        [one] => (one.clone(), "has"),
        [before @ .., end] => (format!("{} and {end}", before.join(", ")), "have"),
        [] => return TokenStream::new(),
    };
    let message = format!("`{params}` has no default, because {list} {has} none");
    let ty = first.ty.to_token_stream().to_string().replace(' ', "");
    let label = format!("write all of them, or `param {}: {ty} = ...;`", first.name);
    let mut own = syn::Generics::clone(generics);
    own.params.insert(0, syn::parse_quote!('any));
    own.make_where_clause()
        .predicates
        .push(syn::parse_quote_spanned!(place=> #parameter: #has_default<'any>));
    let (own_generics, _, own_conditions) = own.split_for_impl();
    let declarations = quote_spanned! {place=>
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        trait #has_defaults<'any> {}

        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        trait #has_default<'any> {}

        #[allow(non_camel_case_types, reason = "named as the parameter is")]
        enum #parameter {}

        impl #own_generics #has_defaults<'any> for #params #type_generics #own_conditions {}
    };
    quote! {
        const _: () = {
            #declarations

            #[automatically_derived]
            #[doc(hidden)]
            impl #impl_generics ::core::default::Default for #params #type_generics #conditions {
                fn default() -> Self {
                    ::happysim::__private::stand_in()
                }
            }
        };
    }
}

/// Whether the value was a literal with a mistake, of which nothing more is to be told.
fn is_left_out(default: &Expr) -> bool {
    matches!(default, Expr::Macro(left_out) if left_out.mac.path.segments.len() == 2
        && left_out.mac.path.segments[1].ident == "unreachable")
}
