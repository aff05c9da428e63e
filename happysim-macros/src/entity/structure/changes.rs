//! Changing the parameters of an entity that is built: what the builder holds replaces what the
//! entity has, and state that follows from it follows.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Expr;

use super::super::names::local;
use super::builder::{arguments, builder_name, mark, marked};
use super::fields::{Field, FieldKind};
use super::{Structure, lanes};

pub(super) fn items(structure: &Structure<'_>) -> TokenStream {
    let (builder, self_ty) = (builder_name(structure), structure.self_ty());
    let marked = marked(structure);
    let (generics, _, _) = marked.split_for_impl();
    let conditions = &structure.item.generics.where_clause;
    let all = arguments(structure, |field| mark(structure, field).to_token_stream());
    let names: Vec<&Ident> = structure.parameters().map(|field| &field.name).collect();
    let given: Vec<Ident> = names.iter().map(|name| local(&format!("__{name}"))).collect();
    let labels = names.iter().map(ToString::to_string);
    let (entity, binder) = (local("entity"), local("binder"));
    let by_lanes = lanes::check_given(structure);
    let follow = structure.fields.iter().filter_map(|field| follow(structure, field));
    quote! {
        #[automatically_derived]
        #[allow(non_camel_case_types, clippy::type_complexity, reason = "one type parameter for each parameter, of its name")]
        impl #generics ::happysim::__private::Changes<#self_ty> for #builder #all #conditions {
            fn refused(&mut self) -> ::std::vec::Vec<::happysim::__private::ParameterError> {
                ::core::mem::take(&mut self.__errors)
            }

            #by_lanes

            fn apply(
                self,
                #entity: &mut #self_ty,
                #binder: &mut ::happysim::__private::Binder<'_>,
            ) {
                #[allow(unused_imports, reason = "every field may be a part")]
                use ::happysim::__private::BindFallback as _;
                let _ = (&#entity, &#binder);
                #(
                    let #given = self.#names.is_some();
                    if let ::core::option::Option::Some(value) = self.#names {
                        #binder.field(#labels);
                        ::happysim::__private::Bindable(&mut #entity.#names)
                            .replace(value, #binder);
                    }
                )*
                let _ = (#(#given,)*);
                #(#follow)*
            }
        }
    }
}

/// State whose initial value names parameters: it follows when one of them changes.
fn follow(structure: &Structure<'_>, field: &Field) -> Option<TokenStream> {
    let FieldKind::State(Some(value)) = &field.kind else { return None };
    let named: Vec<&Ident> = structure
        .parameters()
        .map(|parameter| &parameter.name)
        .filter(|parameter| names(value, parameter))
        .collect();
    if named.is_empty() {
        return None;
    }
    let given = named.iter().map(|name| local(&format!("__{name}")));
    let (name, label) = (&field.name, field.name.to_string());
    let (entity, binder) = (local("entity"), local("binder"));
    Some(quote! {
        if #(#given)||* {
            let (#(#named,)*) = (#(&#entity.#named,)*);
            #binder.field(#label);
            ::happysim::__private::Bindable(&mut #entity.#name).follow(|| #value, #binder);
        }
    })
}

/// Whether the name occurs in the expression.
fn names(value: &Expr, name: &Ident) -> bool {
    fn occurs(tokens: TokenStream, name: &Ident) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == *name,
            TokenTree::Group(group) => occurs(group.stream(), name),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    occurs(value.to_token_stream(), name)
}
