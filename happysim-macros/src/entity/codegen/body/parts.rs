//! Locals of which a part is taken: what is left of them is not kept across a step.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Type};

use super::Body;
use crate::entity::cfg::{Bindings, Origin, Taken, Uses};

impl Body<'_> {
    /// rustc is asked whether anything that must be held is left in those, with a step ahead in their
    /// scope, that something is taken from here: what is left is dropped at that step.
    pub(super) fn part_checks(&self, uses: &Uses, crossing: &Bindings) -> TokenStream {
        let checks = uses.parts.iter().filter_map(|part| {
            let binding = &self.graph.bindings[part.whole];
            let is_asked = crossing.contains(&part.whole)
                && binding.is_held()
                && binding.origin != Origin::Temporary
                && uses.takes(part.whole);
            let ty = binding.ty.as_ref().filter(|ty| is_asked && !self.is_generic(ty))?;
            let check = match &part.taken {
                Taken::Field(field) => {
                    let (name, span) = (root(field)?, field.span());
                    quote_spanned! {span=>
                        (&::happysim::__private::PartCheck::of(|#name: #ty| #field)).check()
                    }
                }
                Taken::Pattern(pattern) => quote_spanned! {pattern.span()=>
                    (&::happysim::__private::PartCheck::<#ty, ()>::of_pattern()).check_pattern()
                },
            };
            Some(quote!({
                #[allow(unused_imports, reason = "each is for some types only")]
                use ::happysim::__private::{PartFallback as _, PartIsHeld as _};
                #check;
            }))
        });
        quote!(#(#checks)*)
    }

    /// Whether the type depends on parameters, of which not enough is known.
    pub(super) fn is_generic(&self, ty: &Type) -> bool {
        let parameters: Vec<&Ident> = self
            .entity
            .generics
            .type_params()
            .map(|parameter| &parameter.ident)
            .chain(self.entity.generics.const_params().map(|parameter| &parameter.ident))
            .collect();
        !parameters.is_empty() && mentions(ty.to_token_stream(), &parameters)
    }
}

/// The local of which a field, or a field of a field, is named.
fn root(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Paren(inner) => root(&inner.expr),
        Expr::Group(inner) => root(&inner.expr),
        Expr::Field(field) => root(&field.base),
        _ => None,
    }
}

fn mentions(tokens: TokenStream, names: &[&Ident]) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == "Self" || names.iter().any(|name| ident == **name),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}
