//! The builder of an entity's parameters: a missing one is a compile-time error, a wrong one is
//! reported with all others when the entity is built.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, GenericParam, Generics};

use super::super::names::{self, local};
use super::super::place::ends;
use super::Structure;
use super::fields::{Field, FieldKind};
use crate::ranges;

/// The method that makes the entity of its parameters.
pub(super) const BUILD: &str = "build";

pub(super) fn items(structure: &Structure<'_>) -> TokenStream {
    let ranges = structure.parameters().map(|field| range_item(structure, field));
    let given = structure
        .parameters()
        .filter(|field| is_required(field))
        .map(|field| given_trait(structure, field));
    let builder = builder(structure);
    let setters = structure.parameters().map(|field| setter(structure, field));
    let build = build(structure);
    quote!(#(#ranges)* #(#given)* #builder #(#setters)* #build)
}

pub(super) fn is_required(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Required)
}

pub(super) fn builder_name(structure: &Structure<'_>) -> Ident {
    format_ident!("{}Parameters", structure.item.ident)
}

/// The type parameter that says whether a required parameter was given. It is named as the
/// parameter is: rustc shows it in its messages about the builder.
pub(super) fn mark(structure: &Structure<'_>, field: &Field) -> Ident {
    let is_taken = structure.item.generics.params.iter().any(|parameter| match parameter {
        GenericParam::Type(ty) => ty.ident == field.name,
        GenericParam::Const(constant) => constant.ident == field.name,
        GenericParam::Lifetime(_) => false,
    });
    if is_taken {
        format_ident!("__{}", field.name)
    } else {
        let mut name = field.name.clone();
        name.set_span(Span::call_site());
        name
    }
}

/// The entity's generics without defaults, and one mark for each required parameter.
pub(super) fn marked(structure: &Structure<'_>) -> Generics {
    let mut generics = structure.item.generics.clone();
    for parameter in &mut generics.params {
        match parameter {
            GenericParam::Type(ty) => ty.default = None,
            GenericParam::Const(constant) => constant.default = None,
            GenericParam::Lifetime(_) => {}
        }
    }
    for field in structure.parameters().filter(|field| is_required(field)) {
        let mark = mark(structure, field);
        generics.params.push(GenericParam::Type(syn::parse_quote!(#mark)));
    }
    generics
}

/// The arguments of the builder's type: the entity's own, then `marks`.
pub(super) fn arguments(
    structure: &Structure<'_>,
    marks: impl Fn(&Field) -> TokenStream,
) -> TokenStream {
    let own = structure.item.generics.params.iter().map(|parameter| match parameter {
        GenericParam::Type(ty) => ty.ident.to_token_stream(),
        GenericParam::Const(constant) => constant.ident.to_token_stream(),
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_token_stream(),
    });
    let marks = structure.parameters().filter(|field| is_required(field)).map(marks);
    let all: Vec<TokenStream> = own.chain(marks).collect();
    if all.is_empty() { TokenStream::new() } else { quote!(<#(#all),*>) }
}

/// The type of the builder to which no parameter was given yet.
pub(super) fn none_given(structure: &Structure<'_>) -> TokenStream {
    let name = builder_name(structure);
    let missing = arguments(structure, |_| quote!(::happysim::__private::Missing));
    quote!(#name #missing)
}

fn given_name(structure: &Structure<'_>, field: &Field) -> Ident {
    let field = names::camel_case(&field.name.to_string());
    format_ident!("__{}{}Given", structure.item.ident, field)
}

/// The trait that makes a missing parameter an error with the parameter's name in it.
fn given_trait(structure: &Structure<'_>, field: &Field) -> TokenStream {
    let (name, visibility) = (given_name(structure, field), &structure.item.vis);
    let message =
        format!("the parameter `{}` of `{}` is missing", field.name, structure.item.ident);
    let label = format!("add `{}: ...` to this node", field.name);
    quote! {
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        #visibility trait #name {}
        impl #name for ::happysim::__private::Given {}
    }
}

fn limit(bound: Option<&Expr>, otherwise: TokenStream) -> TokenStream {
    bound.map_or(otherwise, |bound| quote!((#bound) as f64))
}

fn range_item(structure: &Structure<'_>, field: &Field) -> TokenStream {
    let (generics, _, conditions) = structure.item.generics.split_for_impl();
    let (self_ty, hash) = (structure.self_ty(), field.hash());
    let range = field.range.as_ref();
    let bounds =
        (range.and_then(|range| range.low.as_ref()), range.and_then(|range| range.high.as_ref()));
    let low = limit(bounds.0, quote!(f64::NEG_INFINITY));
    let high = limit(bounds.1, quote!(f64::INFINITY));
    let ty = &field.ty;
    let of_type = quote!(<::happysim::__private::TypeLimits<#ty>>::RANGE);
    let literal_low = limit(bounds.0, quote!(#of_type.0));
    let literal_high = limit(bounds.1, quote!(#of_type.1));
    let expected = expected(field);
    quote! {
        #[automatically_derived]
        impl #generics ::happysim::__private::Parameter<#hash> for #self_ty #conditions {
            #[allow(clippy::unnecessary_cast, clippy::cast_lossless, reason = "any number will do")]
            const RANGE: (f64, f64) = (#low, #high);
            #[allow(clippy::unnecessary_cast, clippy::cast_lossless, reason = "any number will do")]
            const LITERALS: (f64, f64) = {
                #[allow(unused_imports, reason = "not every type has a range")]
                use ::happysim::__private::AnyValue as _;
                (#literal_low, #literal_high)
            };
            const EXPECTED: &'static str = #expected;
        }
    }
}

fn expected(field: &Field) -> String {
    let name = &field.name;
    let text = |tokens: &dyn ToTokens| tokens.to_token_stream().to_string().replace(' ', "");
    let end = |end: &Expr| ranges::end(&text(&field.ty), &text(end));
    match field.range.as_ref().map(|range| (&range.low, &range.high)) {
        Some((Some(low), Some(high))) => {
            format!("`{name}` must be from {} to {}", end(low), end(high))
        }
        Some((Some(low), None)) => format!("`{name}` must be at least {}", end(low)),
        Some((None, Some(high))) => format!("`{name}` must be at most {}", end(high)),
        _ => ranges::of_type(name, &text(&field.ty)),
    }
}

fn builder(structure: &Structure<'_>) -> TokenStream {
    let item = structure.item;
    let (name, visibility, entity) = (builder_name(structure), &item.vis, &item.ident);
    let marked = marked(structure);
    let conditions = &item.generics.where_clause;
    let (generics, _, _) = item.generics.split_for_impl();
    let self_ty = structure.self_ty();
    let all_types = marked.type_params().map(|parameter| &parameter.ident);
    let phantom = quote!(::core::marker::PhantomData<fn() -> (#(#all_types,)*)>);
    let fields: Vec<&Ident> = structure.parameters().map(|field| &field.name).collect();
    // Underlined as in the struct, so that what the type cannot do is told once.
    let types = structure.parameters().map(|field| {
        let (ty, (first, last)) = (&field.ty, ends(&field.ty.to_token_stream()));
        let (opening, closing) =
            (quote_spanned!(first=> ::core::option::Option<), quote_spanned!(last=> >));
        quote!(#opening #ty #closing)
    });
    let none_given = none_given(structure);
    let docs = format!(" The parameters of an [`{entity}`].");
    quote! {
        #[doc = #docs]
        #[derive(::core::fmt::Debug)]
        #[must_use = "parameters do nothing until the entity is built"]
        #[allow(
            non_camel_case_types, clippy::option_option, clippy::type_complexity,
            reason = "one field and one type parameter for each parameter, of its name"
        )]
        #visibility struct #name #marked #conditions {
            #(#fields: #types,)*
            __errors: ::std::vec::Vec<::happysim::__private::ParameterError>,
            __marks: #phantom,
        }

        impl #generics #self_ty #conditions {
            /// Parameters, none of which is given yet.
            #visibility fn parameters() -> #none_given {
                #name {
                    #(#fields: ::core::option::Option::None,)*
                    __errors: ::std::vec::Vec::new(),
                    __marks: ::core::marker::PhantomData,
                }
            }
        }
    }
}

fn setter(structure: &Structure<'_>, field: &Field) -> TokenStream {
    let item = structure.item;
    let (builder, visibility) = (builder_name(structure), &item.vis);
    let marked = marked(structure);
    let (generics, _, _) = marked.split_for_impl();
    let conditions = &item.generics.where_clause;
    let before = arguments(structure, |field| mark(structure, field).to_token_stream());
    let after = arguments(structure, |other| {
        if other.name == field.name {
            quote!(::happysim::__private::Given)
        } else {
            mark(structure, other).to_token_stream()
        }
    });
    let (name, ty) = (&field.name, &field.ty);
    let mut docs: Vec<syn::Attribute> = field.docs().cloned().collect();
    if docs.is_empty() {
        let about = format!(" The parameter `{name}`.");
        docs.push(syn::parse_quote!(#[doc = #about]));
    }
    let others: Vec<&Ident> =
        structure.parameters().map(|other| &other.name).filter(|other| *other != name).collect();
    let (value, errors) = (local("value"), local("errors"));
    let take = take(structure, field, &value, &errors);
    // A function parameter takes its own type, so that closures and function items coerce.
    let (accepted, given) = if let syn::Type::FnPtr(_) = ty {
        (quote!(#ty), quote!(value))
    } else if let Some(function) = optional_function(ty) {
        (quote!(#function), quote!(::core::option::Option::Some(value)))
    } else {
        (quote!(impl ::happysim::__private::IntoParameter<#ty>), quote!(value))
    };
    quote! {
        #[allow(non_camel_case_types, clippy::type_complexity, reason = "one type parameter for each parameter, of its name")]
        impl #generics #builder #before #conditions {
            #(#docs)*
            #visibility fn #name(
                self,
                value: #accepted,
            ) -> #builder #after {
                let mut #errors = self.__errors;
                let #value = ::happysim::__private::IntoParameter::<#ty>::into_parameter(#given);
                let #name = #take;
                #builder {
                    #name,
                    #(#others: self.#others,)*
                    __errors: #errors,
                    __marks: ::core::marker::PhantomData,
                }
            }
        }
    }
}

/// The function in an `Option` of one: such a parameter is given as a function too.
pub(super) fn optional_function(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner @ syn::Type::FnPtr(_)) => Some(inner),
        _ => None,
    }
}

/// The value if it is right; otherwise the error is remembered.
fn take(structure: &Structure<'_>, field: &Field, value: &Ident, errors: &Ident) -> TokenStream {
    let label = field.name.to_string();
    let self_ty = structure.self_ty();
    let hash = field.hash();
    let range = field.range.as_ref().map(|_| {
        quote! {
            if let ::core::result::Result::Err(error) = ::happysim::__private::check_range(
                #label,
                &#value,
                <#self_ty as ::happysim::__private::Parameter<#hash>>::RANGE,
            ) {
                #errors.push(error);
            } else
        }
    });
    // What a value is refused for first is told; the rest may follow from it.
    let check = quote! {
        #range if let ::core::result::Result::Err(invalid) = {
            #[allow(unused_imports, reason = "every type may be one that is checked")]
            use ::happysim::__private::CheckFallback as _;
            ::happysim::__private::Checkable(&#value).check()
        } {
            #errors.push(::happysim::__private::ParameterError {
                parameter: #label,
                value: invalid.value,
                expected: invalid.expected,
            });
        }
    };
    quote! {
        match #value {
            ::core::result::Result::Ok(#value) => {
                #check
                ::core::option::Option::Some(#value)
            }
            ::core::result::Result::Err(invalid) => {
                #errors.push(::happysim::__private::ParameterError {
                    parameter: #label,
                    value: invalid.value,
                    expected: invalid.expected,
                });
                ::core::option::Option::None
            }
        }
    }
}

fn build(structure: &Structure<'_>) -> TokenStream {
    let item = structure.item;
    let (builder, visibility, entity) = (builder_name(structure), &item.vis, &item.ident);
    let marked = marked(structure);
    let (generics, _, _) = marked.split_for_impl();
    let conditions = &item.generics.where_clause;
    let all = arguments(structure, |field| mark(structure, field).to_token_stream());
    let complete = arguments(structure, |_| quote!(::happysim::__private::Given));
    let own_generics = structure.item.generics.split_for_impl().0;
    let required = structure.parameters().filter(|field| is_required(field)).map(|field| {
        let (mark, given) = (mark(structure, field), given_name(structure, field));
        quote!(#mark: #given)
    });
    let self_ty = structure.self_ty();
    let (value, errors) = (local("value"), local("errors"));
    let names: Vec<&Ident> = structure.parameters().map(|field| &field.name).collect();
    let values: Vec<Ident> = names.iter().map(|name| local(&format!("__{name}"))).collect();
    let defaults = structure.parameters().zip(&values).filter_map(|(field, variable)| {
        let FieldKind::Optional(default) = &field.kind else { return None };
        let ty = &field.ty;
        let take = take(structure, field, &value, &errors);
        let is_function = matches!(ty, syn::Type::FnPtr(_)) || optional_function(ty).is_some();
        let convert = if is_function {
            quote! {{
                let function: #ty = #default;
                ::happysim::__private::IntoParameter::<#ty>::into_parameter(function)
            }}
        } else {
            quote!(::happysim::__private::IntoParameter::<#ty>::into_parameter(#default))
        };
        Some(quote! {
            let #variable = match #variable {
                ::core::option::Option::Some(given) => ::core::option::Option::Some(given),
                ::core::option::Option::None => {
                    let #value = #convert;
                    #take
                }
            };
        })
    });
    // State comes first: its initial values may use the parameters, which are moved behind it.
    let (given, made): (Vec<&Field>, Vec<&Field>) =
        structure.fields.iter().partition(|field| field.is_parameter());
    let made = made.into_iter().map(|field| {
        let name = &field.name;
        if let FieldKind::State(Some(value)) = &field.kind {
            return quote!(#name: #value);
        }
        // Whether there is a default is asked at the type.
        let value = quote_spanned!(field.ty.span()=> ::core::default::Default::default());
        quote!(#name: #value)
    });
    let given = given.into_iter().map(|field| {
        let (name, value) = (&field.name, local(&format!("__{}", field.name)));
        quote!(#name: #value)
    });
    // A parameter of its name is refused, and what gives it is there all the same.
    let is_taken = structure.parameters().any(|field| field.name == BUILD);
    let finish = format_ident!("{}{BUILD}", if is_taken { "__taken_" } else { "" });
    let failed = format!("the parameters of `{entity}` were refused without a reason");
    quote! {
        #[allow(non_camel_case_types, clippy::type_complexity, reason = "one type parameter for each parameter, of its name")]
        impl #generics #builder #all #conditions {
            /// The entity, or everything that is wrong with its parameters.
            #visibility fn #finish(
                self,
            ) -> ::core::result::Result<#self_ty, ::std::vec::Vec<::happysim::__private::ParameterError>>
            where
                #(#required,)*
            {
                let Self { #(#names: #values,)* __errors: mut #errors, .. } = self;
                #(#defaults)*
                if !#errors.is_empty() {
                    return ::core::result::Result::Err(#errors);
                }
                let _ = &mut #errors;
                #(
                    let #values = #values.expect(#failed);
                    #[allow(unused_variables, reason = "initial values may use every parameter")]
                    let #names = &#values;
                )*
                ::core::result::Result::Ok(#entity { #(#made,)* #(#given,)* })
            }
        }

        #[allow(non_camel_case_types, clippy::type_complexity, reason = "one type parameter for each parameter, of its name")]
        impl #own_generics #builder #complete #conditions {
            // A topology falls back to another function of this name where something is missing.
            #[doc(hidden)]
            #visibility fn __build(
                self,
            ) -> ::core::result::Result<#self_ty, ::std::vec::Vec<::happysim::__private::ParameterError>>
            {
                self.#finish()
            }
        }
    }
}
