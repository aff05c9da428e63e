//! Literals whose type shows in the source, compared with the types of their parameters.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprUnary, Lit};

use super::checks::{around, call};
use super::literals::{levels, measure};
use crate::names::hash;
use crate::units::{Kind, literal_kind};

/// What a literal is.
struct Literal {
    /// With its article, for messages.
    name: &'static str,
    /// The types that it may have.
    types: Vec<TokenStream>,
    /// Of a profile the first level that shows it; else all of it.
    place: TokenStream,
}

/// The check that a literal can be the parameter.
pub(super) fn check(entity: &TokenStream, name: &Ident, value: &Expr) -> Option<TokenStream> {
    let literal = literal(value)?;
    let (fits, measure) = (fits(entity, name, &literal), measure(entity, hash_of(name)));
    let (parameter, kind) = (name.to_string(), literal.name);
    let arguments = quote!(#fits, #measure, #parameter, #kind);
    let call = call(around(&literal.place), "check_fits", entity, arguments);
    Some(quote!(#call;))
}

/// The value, or where it cannot be the parameter something that can, so that nothing but the
/// check tells of it. `asked` is the entity in front of nothing where it is that of a generic
/// topology.
pub(super) fn value(
    asked: &TokenStream,
    entity: &TokenStream,
    name: &Ident,
    value: &Expr,
    tokens: &TokenStream,
) -> TokenStream {
    let Some(literal) = literal(value) else { return tokens.clone() };
    let (fits, hash) = (fits(asked, name, &literal), hash_of(name));
    quote_spanned! {value.span()=>
        <::happysim::__private::Known<{ #fits }>
            as ::happysim::__private::Fit<#entity, #hash, _>>::fit(#tokens)
    }
}

/// What is no field's is a parameter of the builder's own, or unknown, and is not judged.
fn fits(entity: &TokenStream, name: &Ident, literal: &Literal) -> TokenStream {
    let (hash, types, parameter) = (hash_of(name), &literal.types, name.to_string());
    let name = quote!(::happysim::__private::Name<#hash>);
    quote! {{
        #[allow(unused_imports, reason = "only for what does not exist")]
        use ::happysim::__private::Otherwise as _;
        #(<::happysim::__private::Ask<(#entity, #name, #types)>>::CONVERTS ||)*
            !::happysim::__private::is_parameter::<#entity>(#parameter)
    }}
}

fn hash_of(name: &Ident) -> u64 {
    hash(&name.to_string())
}

fn literal(value: &Expr) -> Option<Literal> {
    if let Some(levels) = levels(value) {
        let (quantity, place) = levels.into_iter().find(|(level, _)| level.kind != Kind::Number)?;
        let ty = quantity_type(quantity.kind)?;
        let types = vec![quote!(::happysim::Profile<#ty>)];
        return Some(Literal { name: profile_of(quantity.kind), types, place });
    }
    let (name, types) = match value {
        Expr::Group(group) => return literal(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => ("a string", vec![quote!(&'static str)]),
        Expr::Lit(ExprLit { lit: Lit::Bool(_), .. }) => ("a `bool`", vec![quote!(bool)]),
        _ => match literal_kind(value)? {
            Kind::Number => number(value)?,
            kind => (kind.name(), vec![quantity_type(kind)?]),
        },
    };
    Some(Literal { name, types, place: value.to_token_stream() })
}

/// A number without a unit. Of a quantity that needs one another check tells.
fn number(value: &Expr) -> Option<(&'static str, Vec<TokenStream>)> {
    match value {
        Expr::Unary(ExprUnary { expr, .. }) => number(expr),
        Expr::Lit(ExprLit { lit: Lit::Int(_), .. }) => {
            let types = [quote!(i32), quote!(u32), quote!(u64), quote!(usize)];
            Some(("a plain number", unless_measured(types)))
        }
        Expr::Lit(ExprLit { lit: Lit::Float(_), .. }) => {
            Some(("a number with a fraction", unless_measured([quote!(f64), quote!(f32)])))
        }
        _ => None,
    }
}

/// The stand-in for a number that lacks its unit can be whatever needs one.
fn unless_measured<const N: usize>(types: [TokenStream; N]) -> Vec<TokenStream> {
    types.into_iter().chain([quote!(::happysim::__private::Unitless)]).collect()
}

fn quantity_type(kind: Kind) -> Option<TokenStream> {
    Some(match kind {
        Kind::Duration => quote!(::happysim::Duration),
        Kind::Rate => quote!(::happysim::Rate),
        Kind::Bandwidth => quote!(::happysim::Bandwidth),
        Kind::Bytes => quote!(::happysim::Bytes),
        Kind::Probability => quote!(::happysim::Probability),
        Kind::Number => return None,
    })
}

fn profile_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Duration => "a profile of durations",
        Kind::Rate => "a profile of rates",
        Kind::Bandwidth => "a profile of bandwidths",
        Kind::Bytes => "a profile of numbers of bytes",
        Kind::Probability => "a profile of probabilities",
        Kind::Number => "a profile of plain numbers",
    }
}
