//! Values that are distributions by a short word, such as `exp(3ms)`: of what they are shows in
//! the literals among their arguments.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall};

use crate::units::{Kind, literal_kind};

/// Each word, and which of its arguments are quantities of one kind.
const WORDS: &[(&str, &[usize])] = &[
    ("exp", &[0]),
    ("lognormal", &[0]),
    ("uniform", &[0]),
    ("normal", &[0, 1]),
    ("gamma", &[1]),
    ("erlang", &[1]),
    ("weibull", &[1]),
    ("pareto", &[1]),
    ("hyperexponential", &[0]),
];

/// Of what a value is a distribution, and the literal that shows it.
pub(super) fn drawn(value: &Expr) -> Option<(Kind, TokenStream)> {
    let mut call = call(value)?.clone();
    let literals = quantities(&mut call)?;
    let (first, kind) =
        literals.first().and_then(|first| Some((&**first, literal_kind(first)?)))?;
    literals
        .iter()
        .all(|other| literal_kind(other) == Some(kind))
        .then(|| (kind, first.to_token_stream()))
}

/// The value with all its numbers passed through `Known<fits>`, which makes something with a unit of
/// them where they cannot stay what they are.
pub(super) fn with_units(value: &Expr, fits: &TokenStream) -> Option<TokenStream> {
    let mut call = call(value)?.clone();
    for number in quantities(&mut call)? {
        *number = Expr::Verbatim(quote_spanned! {number.span()=>
            <::happysim::__private::Known<{ #fits }>>::number(#number)
        });
    }
    Some(quote!(#call))
}

fn call(value: &Expr) -> Option<&ExprCall> {
    match value {
        Expr::Group(group) => call(&group.expr),
        Expr::Call(call) => Some(call),
        _ => None,
    }
}

/// The arguments that are quantities, or the ends of a range of them.
fn quantities(call: &mut ExprCall) -> Option<Vec<&mut Expr>> {
    let Expr::Path(path) = &*call.func else { return None };
    let word = path.path.get_ident()?;
    let (_, positions) = WORDS.iter().find(|(name, _)| word == name)?;
    let arguments = call.args.iter_mut().enumerate();
    let quantities = arguments.filter(|(position, _)| positions.contains(position));
    let mut all = Vec::new();
    for (_, argument) in quantities {
        match argument {
            Expr::Range(range) => {
                all.extend([range.start.as_deref_mut()?, range.end.as_deref_mut()?]);
            }
            other => all.push(other),
        }
    }
    Some(all)
}
