//! What a user's own macro puts in by `$e:expr` is a value of its own.
//!
//! Between the macros of rustc it stands in a group without delimiters. When a procedural macro hands such
//! a group on, rustc forgets it, and `$e * 2` with `a + b` becomes `a + b * 2`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::Expr;

/// The same tokens, with parentheses around what would become a part of its surroundings.
pub(crate) fn kept(tokens: TokenStream) -> TokenStream {
    // Groups that are made anew forget where they begin and end.
    if has_loose(tokens.clone()) { tokens.into_iter().map(tree).collect() } else { tokens }
}

fn has_loose(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::None && is_loose(group.stream())
                || has_loose(group.stream())
        }
        _ => false,
    })
}

fn tree(tree: TokenTree) -> TokenTree {
    let TokenTree::Group(group) = tree else { return tree };
    let inner = kept(group.stream());
    let is_loose = group.delimiter() == Delimiter::None && is_loose(inner.clone());
    let delimiter = if is_loose { Delimiter::Parenthesis } else { group.delimiter() };
    let mut whole = Group::new(delimiter, inner);
    whole.set_span(group.span());
    TokenTree::Group(whole)
}

/// Whether operators beside the expression could take a part of it. Parentheses are right around types and
/// patterns too.
fn is_loose(tokens: TokenStream) -> bool {
    matches!(
        syn::parse2::<Expr>(tokens),
        Ok(Expr::Assign(_)
            | Expr::Binary(_)
            | Expr::Cast(_)
            | Expr::Closure(_)
            | Expr::Range(_)
            | Expr::Unary(_))
    )
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_sum_stays_a_sum() {
        let loose = |tokens| TokenTree::Group(Group::new(Delimiter::None, tokens));
        let (sum, name) = (loose(quote!(a + b)), loose(quote!(a)));
        let ty = loose(quote!(Vec<u64>));
        let found = kept(quote!(f { #sum * 2, #name * 2, #ty }));
        let expected = quote!(f { (a + b) * 2, #name * 2, #ty });
        assert_eq!(found.to_string(), expected.to_string());
    }
}
