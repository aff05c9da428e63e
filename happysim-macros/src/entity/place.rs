//! Where rustc underlines what is generated, and what it says beside it: the types of values
//! are rustc's matter, the code around them is not the user's.

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::names::local;
use super::signature::Method;

/// The first and the last token.
pub(super) fn ends(tokens: &TokenStream) -> (Span, Span) {
    let mut spans = tokens.clone().into_iter().map(|tree| tree.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// The value, underlined from the first to the last of `place`. It is taken out of a tuple,
/// through which rustc does not look for what is expected.
pub(super) fn placed(value: impl ToTokens, (first, last): (Span, Span)) -> TokenStream {
    let mut tuple = Group::new(Delimiter::Parenthesis, quote!(#value,));
    tuple.set_span(first);
    let mut field = Literal::usize_unsuffixed(0);
    field.set_span(last);
    quote_spanned!(first=> #tuple.#field)
}

/// The value of a function's end, as what the user wrote behind `->`.
pub(super) fn answered(method: &Method, value: &TokenStream) -> TokenStream {
    let (output, ty) = (local("output"), &method.output);
    quote!({
        let #output: #ty = #value;
        #output
    })
}
