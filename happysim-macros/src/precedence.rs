//! What a user's own macro puts in by `$e:expr` is a value of its own.
//!
//! Between the macros of rustc it stands in a group without delimiters. When a procedural macro hands such
//! a group on, rustc forgets it, and `$e * 2` with `a + b` becomes `a + b * 2`. What it puts in by `$s:stmt`
//! is a statement beside others: `syn` reads none in such a group.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use syn::Expr;

/// The same tokens, with parentheses around what would become a part of its surroundings, and nothing
/// around a `let`.
pub(crate) fn kept(tokens: TokenStream) -> TokenStream {
    // Groups that are made anew forget where they begin and end.
    if !has_loose(tokens.clone()) {
        return tokens;
    }
    let mut out = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(next) = rest.next() {
        match statement(&next) {
            Some(statement) => {
                out.extend(kept(statement));
                let is_ended =
                    matches!(rest.peek(), Some(TokenTree::Punct(end)) if end.as_char() == ';');
                out.extend((!is_ended).then(|| TokenTree::Punct(Punct::new(';', Spacing::Alone))));
            }
            None => out.extend([tree(next)]),
        }
    }
    out
}

/// What is in a group without delimiters that is a `let`.
fn statement(tree: &TokenTree) -> Option<TokenStream> {
    let TokenTree::Group(group) = tree else { return None };
    let is_let =
        matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "let");
    (group.delimiter() == Delimiter::None && is_let).then(|| group.stream())
}

fn has_loose(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match &tree {
        TokenTree::Group(group) => {
            statement(&tree).is_some()
                || group.delimiter() == Delimiter::None && is_loose(group.stream())
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

    #[test]
    fn a_statement_stands_beside_others() {
        let loose = |tokens| TokenTree::Group(Group::new(Delimiter::None, tokens));
        let (first, second) = (loose(quote!(let x = a)), loose(quote!(let y = x)));
        let found = kept(quote!({ #first; #second y }));
        assert_eq!(
            found.to_string(),
            quote!({
                let x = a;
                let y = x;
                y
            })
            .to_string()
        );
    }
}
