//! Parameters that are literals are compared with their ranges when the topology is compiled.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use super::checks::{around, call};
use super::owner::{self, Owner};
use super::{Input, fit, times};
use crate::names::hash;
use crate::units::{Kind, Quantity, literal_base};

/// The checks of nodes that can be asked and of the topology's own parameters, as items:
/// `cargo check` evaluates these too.
pub(super) fn items(input: &Input<'_>) -> TokenStream {
    let defaults = owner::defaults(input);
    let params = input.model.params.iter().filter_map(|param| {
        Some(check(&Owner::topology(input, param)?, &param.name, param.default.as_ref()?))
    });
    let checks = params.flatten().chain(checks(input, true)).map(|check| with_any_value(&check));
    quote!(#defaults #(const _: () = #checks;)*)
}

/// Those of other nodes, as statements: an item cannot name the parameters of a topology.
pub(super) fn statements(input: &Input<'_>) -> TokenStream {
    let checks = checks(input, false).map(|check| with_any_value(&check));
    quote!(#(const { #checks };)*)
}

/// Those of nodes that can, or cannot, be asked.
fn checks<'a>(input: &'a Input<'_>, is_asked: bool) -> impl Iterator<Item = TokenStream> + 'a {
    input.model.nodes.iter().enumerate().flat_map(move |(index, node)| {
        let owner = Owner::node(input, index);
        let fields = node.fields.iter().filter(|_| owner.is_asked == is_asked);
        fields.flat_map(|(name, value)| check(&owner, name, value)).collect::<Vec<_>>()
    })
}

/// The checks of a value, each of which tells of a mistake of its own.
fn check(of: &Owner, name: &Ident, value: &Expr) -> Vec<TokenStream> {
    let fit = of.is_asked.then(|| fit::check(of, name, value)).flatten();
    if let Some(levels) = levels(value) {
        let levels = levels.into_iter().map(|level| level_check(of, name, &level));
        return fit.into_iter().chain(levels).collect();
    }
    if let Expr::Array(list) = value {
        let element_check = |element: &Expr| {
            let place = around(&element.to_token_stream());
            Some(range_check(place, of, name, literal_base(element)?, &quote!(true)))
        };
        return list.elems.iter().filter_map(element_check).collect();
    }
    match literal_base(value) {
        // The first mistake of a value is the reason of the others.
        Some(base) => {
            let (unit, range) = number_checks(of, name, value, base);
            vec![quote!(#fit #unit #range)]
        }
        None => fit.into_iter().chain(times::checks(&of.ty, name, value)).collect(),
    }
}

/// The checks of a number, that it has a unit where it needs one, and that it is in range.
fn number_checks(
    of: &Owner,
    name: &Ident,
    value: &Expr,
    base: f64,
) -> (Option<TokenStream>, TokenStream) {
    let (entity, hash) = (&of.ty, hash(&name.to_string()));
    let place = around(&value.to_token_stream());
    let plain = plain_number(value).filter(|_| of.is_asked);
    let meant = plain.as_ref().map_or(quote!(true), |plain| is_plain(entity, hash, plain));
    let unit = plain.map(|Plain { text, has_point }| {
        let measure = measure(entity, hash);
        let parameter = of.called(name);
        let arguments = quote!(#measure, #has_point, #parameter, #text);
        let checked = call(place, "check_plain", &TokenStream::new(), arguments);
        quote!(#checked;)
    });
    (unit, range_check(place, of, name, base, &meant))
}

/// A level of a profile lies in the range of the parameter, if it is of its quantity: if not,
/// rustc says so.
fn level_check(of: &Owner, name: &Ident, level: &(Quantity, TokenStream)) -> TokenStream {
    let (Quantity { kind, base, .. }, tokens) = level;
    let meant = if *kind == Kind::Number || !of.is_asked {
        quote!(true)
    } else {
        let measure = measure(&of.ty, hash(&name.to_string()));
        let kind = kind.name();
        quote!(::happysim::__private::is_measured(#measure, #kind))
    };
    range_check(around(tokens), of, name, *base, &meant)
}

fn range_check(
    place: (Span, Span),
    of: &Owner,
    name: &Ident,
    base: f64,
    meant: &TokenStream,
) -> TokenStream {
    let (entity, hash) = (&of.ty, hash(&name.to_string()));
    let limits = quote!(<::happysim::__private::Limits<#entity, #hash>>);
    let short = match of.short_name(name) {
        Some(short) => quote!(::core::option::Option::Some(#short)),
        None => quote!(::core::option::Option::None),
    };
    let arguments = quote!(#meant, BASE, #limits::RANGE, #limits::EXPECTED, #short);
    let call = call(place, "check_literal", &TokenStream::new(), arguments);
    quote! {{
        #[allow(clippy::approx_constant, reason = "318ms are 0.318 s, not the inverse of pi")]
        const BASE: f64 = #base;
        #call;
    }}
}

fn with_any_value(checks: &TokenStream) -> TokenStream {
    quote! {{
        #[allow(unused_imports, reason = "for what is no parameter, which has a check of its own")]
        use ::happysim::__private::AnyValue as _;
        #checks
    }}
}

/// The literal levels of a value that is a profile.
pub(super) fn levels(value: &Expr) -> Option<Vec<(Quantity, TokenStream)>> {
    match value {
        Expr::Group(group) => levels(&group.expr),
        Expr::Macro(profile) if profile.mac.path.is_ident("profile") => {
            Some(crate::profile::levels(profile.mac.tokens.clone()))
        }
        _ => None,
    }
}

/// The value of a parameter of a node.
pub(super) fn value(input: &Input<'_>, node: usize, name: &Ident, value: &Expr) -> TokenStream {
    let owner = Owner::node(input, node);
    if owner.is_asked {
        value_of(&owner, &input.names.entity(node), name, value)
    } else {
        value.to_token_stream()
    }
}

/// The value of a parameter, `entity`'s in the end: a plain number where a unit is needed becomes
/// something that stands for it, so that nothing but the check tells of it.
pub(super) fn value_of(
    owner: &Owner,
    entity: &TokenStream,
    name: &Ident,
    value: &Expr,
) -> TokenStream {
    let number = match plain_number(value) {
        None => value.to_token_stream(),
        Some(plain) => {
            let known = is_plain(&owner.ty, hash(&name.to_string()), &plain);
            quote_spanned! {value.span()=>
                <::happysim::__private::Known<{ #known }>>::number(#value)
            }
        }
    };
    fit::value(owner, entity, name, value, &number)
}

pub(super) fn measure(entity: &TokenStream, hash: u64) -> TokenStream {
    quote! {{
        #[allow(unused_imports, reason = "only for what is no quantity")]
        use ::happysim::__private::Unmeasured as _;
        <::happysim::__private::Ask<(#entity, ::happysim::__private::Name<#hash>)>>::MEASURE
    }}
}

fn is_plain(entity: &TokenStream, hash: u64, plain: &Plain) -> TokenStream {
    let (measure, has_point) = (measure(entity, hash), plain.has_point);
    quote!(::happysim::__private::is_plain(#measure, #has_point))
}

/// A number without a unit, as written.
struct Plain {
    text: String,
    has_point: bool,
}

fn plain_number(value: &Expr) -> Option<Plain> {
    match value {
        Expr::Group(group) => plain_number(&group.expr),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => {
            let Plain { text, has_point } = plain_number(expr)?;
            Some(Plain { text: format!("-{text}"), has_point })
        }
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
            Some(Plain { text: number.to_string(), has_point: false })
        }
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => {
            Some(Plain { text: number.to_string(), has_point: true })
        }
        _ => None,
    }
}
