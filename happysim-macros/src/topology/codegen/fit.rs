//! Literals whose type shows in the source, compared with the types of their parameters.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprUnary, Lit};

use super::checks::{around, call};
use super::drawn::{drawn, with_units};
use super::literals::{levels, measure};
use super::owner::Owner;
use crate::names::hash;
use crate::units::{Kind, literal_kind};

/// What a whole number may become; the usual ones first.
const INTEGERS: [&str; 12] =
    ["i32", "usize", "u64", "u32", "i64", "u8", "i8", "u16", "i16", "u128", "i128", "isize"];

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
pub(super) fn check(owner: &Owner, name: &Ident, value: &Expr) -> Option<TokenStream> {
    let literal = literal(value)?;
    let (fits, measure) = (fits(owner, name, &literal), measure(&owner.ty, hash_of(name)));
    let (parameter, ty, kind) = (owner.called(name), owner.written_type(name), literal.name);
    let arguments = quote!(#fits, #measure, #parameter, #ty, #kind);
    let call = call(around(&literal.place), "check_fits", &TokenStream::new(), arguments);
    Some(quote!(#call;))
}

/// The value, or where it cannot be the parameter something that can, so that nothing but the
/// check tells of it.
pub(super) fn value(
    owner: &Owner,
    entity: &TokenStream,
    name: &Ident,
    value: &Expr,
    tokens: &TokenStream,
) -> TokenStream {
    let Some(literal) = literal(value) else { return tokens.clone() };
    let (fits, hash) = (fits(owner, name, &literal), hash_of(name));
    let tokens = of_numbers(value, &fits).unwrap_or_else(|| tokens.clone());
    quote_spanned! {value.span()=>
        <::happysim::__private::Known<{ #fits }>
            as ::happysim::__private::Fit<#entity, #hash, _>>::fit(#tokens)
    }
}

/// A distribution or a profile of plain numbers, of which rustc cannot infer what they are where they
/// do not fit.
fn of_numbers(value: &Expr, fits: &TokenStream) -> Option<TokenStream> {
    if let Some((kind, _)) = drawn(value) {
        return with_units(value, fits).filter(|_| kind == Kind::Number);
    }
    let levels = levels(value)?;
    levels.iter().all(|(level, _)| level.kind == Kind::Number).then(|| {
        quote_spanned!(value.span()=> <::happysim::__private::Known<{ #fits }>>::numbers(#value))
    })
}

/// What is no field's is a parameter of the builder's own, or unknown, and is not judged.
fn fits(owner: &Owner, name: &Ident, literal: &Literal) -> TokenStream {
    let (hash, types, written) = (hash_of(name), &literal.types, owner.written_type(name));
    let ty = &owner.ty;
    let name = quote!(::happysim::__private::Name<#hash>);
    quote! {{
        #[allow(unused_imports, reason = "only for what does not exist")]
        use ::happysim::__private::Otherwise as _;
        #(<::happysim::__private::Ask<(#ty, #name, #types)>>::CONVERTS ||)*
            #written.is_empty()
    }}
}

fn hash_of(name: &Ident) -> u64 {
    hash(&name.to_string())
}

fn literal(value: &Expr) -> Option<Literal> {
    if let Some(levels) = levels(value) {
        let other = levels.iter().find(|(level, _)| level.kind != Kind::Number);
        let (quantity, place) = other.or(levels.first())?.clone();
        let types = quantity_types(quantity.kind).into_iter();
        let types = types.map(|ty| quote!(::happysim::Profile<#ty>)).collect();
        return Some(Literal { name: profile_of(quantity.kind), types, place });
    }
    if let Some((kind, place)) = drawn(value) {
        let types = quantity_types(kind).into_iter().map(|ty| {
            quote!(::core::result::Result<
                ::happysim::Distribution<#ty>, ::happysim::__private::InvalidDistribution,
            >)
        });
        return Some(Literal { name: distribution_of(kind), types: types.collect(), place });
    }
    let (name, types) = match value {
        Expr::Group(group) => return literal(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => ("a string", vec![quote!(&'static str)]),
        Expr::Lit(ExprLit { lit: Lit::Bool(_), .. }) => ("a `bool`", vec![quote!(bool)]),
        _ => match literal_kind(value)? {
            Kind::Number => number(value)?,
            kind => (kind.name(), quantity_types(kind)),
        },
    };
    Some(Literal { name, types, place: value.to_token_stream() })
}

/// A number without a unit. Of a quantity that needs one another check tells.
fn number(value: &Expr) -> Option<(&'static str, Vec<TokenStream>)> {
    match value {
        Expr::Unary(ExprUnary { expr, .. }) => number(expr),
        Expr::Lit(ExprLit { lit: Lit::Int(_), .. }) => {
            Some(("a plain number", unless_measured(&INTEGERS)))
        }
        Expr::Lit(ExprLit { lit: Lit::Float(_), .. }) => {
            Some(("a number with a fraction", unless_measured(&["f64", "f32"])))
        }
        _ => None,
    }
}

/// The stand-in for a number that lacks its unit can be whatever needs one.
fn unless_measured(types: &[&str]) -> Vec<TokenStream> {
    types
        .iter()
        .map(|name| primitive(name))
        .chain([quote!(::happysim::__private::Unitless)])
        .collect()
}

fn primitive(name: &str) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote!(::core::primitive::#name)
}

/// What a quantity may be that varies.
fn quantity_types(kind: Kind) -> Vec<TokenStream> {
    let one = match kind {
        Kind::Duration => quote!(::happysim::Duration),
        Kind::Rate => quote!(::happysim::Rate),
        Kind::Bandwidth => quote!(::happysim::Bandwidth),
        Kind::Bytes => quote!(::happysim::Bytes),
        Kind::Probability => quote!(::happysim::Probability),
        Kind::Number => return ["f64", "usize", "u64", "u32"].map(primitive).to_vec(),
    };
    vec![one]
}

fn distribution_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Duration => "a distribution of durations",
        Kind::Rate => "a distribution of rates",
        Kind::Bandwidth => "a distribution of bandwidths",
        Kind::Bytes => "a distribution of numbers of bytes",
        Kind::Probability => "a distribution of probabilities",
        Kind::Number => "a distribution of plain numbers",
    }
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
