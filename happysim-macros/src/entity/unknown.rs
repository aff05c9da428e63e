//! Types that are not known because of a mistake.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use crate::diagnostics::Diagnostics;

/// A type that rustc cannot know, as what is in it is the message about the mistake. So rustc keeps
/// quiet about all that has this type, where a stand-in would be told of wherever it is used.
#[derive(Clone, Debug)]
pub(crate) struct UnknownType {
    name: Ident,
    told: TokenStream,
}

impl UnknownType {
    /// The type of what generated code calls `name`, because of the first mistake that is told.
    pub(crate) fn of(name: &Ident, told: &Diagnostics) -> Self {
        let name = format_ident!("Unknown{}", name, span = proc_macro2::Span::call_site());
        Self { name, told: told.first() }
    }

    pub(crate) fn ty(&self) -> Type {
        let name = &self.name;
        syn::parse_quote!(#name)
    }

    /// Its declaration. That the message stands in it too does not show: rustc tells at one place
    /// once what is told there in the same words.
    pub(crate) fn item(&self) -> TokenStream {
        let Self { name, told } = self;
        quote! {
            #[doc(hidden)]
            #[allow(dead_code, reason = "nothing may be of this type")]
            type #name = [(); { #told }];
        }
    }
}
