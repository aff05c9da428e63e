//! An entity has one `#[entity] impl` block.
//!
//! A block does not see the others, and all that is made once for each entity would be there twice,
//! with an error for each piece of it. So a block names the entity through a module of its own, which
//! bears the entity's name: of two blocks the modules are in each other's way, which rustc says. The
//! first stays, and in it the functions of the second are not found, which rustc says too. Of all that
//! names the entity by them it then says no more.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{ImplItem, ItemImpl, Type};

/// The way to the entity through the module of its block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    module: Ident,
    /// What is only in the module of this block: an alias that is named as its functions are.
    functions: Ident,
}

impl Block {
    pub(super) fn new(entity: &Ident, item: &ItemImpl) -> Self {
        let module = format_ident!("one_entity_impl_of_{}", entity, span = entity.span());
        Self { module, functions: functions(entity, item) }
    }

    /// The type, by way of the module.
    pub(super) fn through(&self, ty: &Type) -> Type {
        let Self { module, functions } = self;
        syn::parse_quote!(#module::#functions<#ty>)
    }

    /// The module, underlined as the entity's name.
    pub(crate) fn item(&self) -> TokenStream {
        let Self { module, functions } = self;
        let alias = quote!(pub(super) type #functions<Entity> = Entity;);
        quote_spanned! {module.span()=>
            #[doc(hidden)]
            #[allow(non_snake_case, non_camel_case_types, reason = "rustc shows these names")]
            mod #module { #alias }
        }
    }
}

/// The names of the stepwise functions, at the first of them.
fn functions(entity: &Ident, item: &ItemImpl) -> Ident {
    let names = item.items.iter().filter_map(|part| match part {
        ImplItem::Fn(function) if function.sig.asyncness.is_some() => Some(&function.sig.ident),
        _ => None,
    });
    let names: Vec<&Ident> = names.collect();
    match names[..] {
        [] => Ident::new("no_functions", entity.span()),
        [only] => only.clone(),
        [first, ..] => {
            let all = names.iter().map(|name| name.to_string().replace("r#", ""));
            Ident::new(&all.collect::<Vec<_>>().join("_and_"), first.span())
        }
    }
}
