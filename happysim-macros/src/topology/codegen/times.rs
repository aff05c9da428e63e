//! The times of a discipline that is written as `codel(5ms, 100ms)`: the range that an entity of
//! the user's own declares for such a parameter is that of these.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprCall};

use super::checks::{around, call};
use super::literals::levels;
use crate::names::hash;
use crate::units::{Kind, literal_base, literal_kind};

/// What its arguments are called.
const ARGUMENTS: [&str; 2] = ["target", "interval"];

/// The checks of the literals among the arguments.
pub(super) fn checks(entity: &TokenStream, parameter: &Ident, value: &Expr) -> Vec<TokenStream> {
    let Some(codel) = codel(value) else { return Vec::new() };
    let arguments = codel.args.iter().zip(ARGUMENTS);
    arguments
        .flat_map(|(argument, what)| argument_checks(entity, parameter, argument, what))
        .collect()
}

fn codel(value: &Expr) -> Option<&ExprCall> {
    match value {
        Expr::Group(group) => codel(&group.expr),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if path.path.is_ident("codel") => Some(call),
            _ => None,
        },
        _ => None,
    }
}

fn argument_checks(
    entity: &TokenStream,
    parameter: &Ident,
    argument: &Expr,
    what: &str,
) -> Vec<TokenStream> {
    let times: Vec<(f64, TokenStream)> = match levels(argument) {
        Some(levels) => {
            let times = levels.into_iter().filter(|(level, _)| level.kind == Kind::Duration);
            times.map(|(level, tokens)| (level.base, tokens)).collect()
        }
        None if literal_kind(argument) == Some(Kind::Duration) => {
            // Of a time that is not longer than 0 there is an error already.
            let base = literal_base(argument).filter(|seconds| *seconds > 0.0);
            base.map(|seconds| (seconds, argument.to_token_stream())).into_iter().collect()
        }
        None => Vec::new(),
    };
    let hash = hash(&parameter.to_string());
    let check = |(seconds, tokens): (f64, TokenStream)| {
        let limits = quote!(<::happysim::__private::Limits<#entity, #hash>>);
        let arguments = quote!(#seconds, #limits::RANGE, #limits::EXPECTED, #what);
        let call = call(around(&tokens), "check_time_of_codel", &TokenStream::new(), arguments);
        quote!(#call;)
    };
    times.into_iter().map(check).collect()
}
