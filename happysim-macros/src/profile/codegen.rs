//! The calls of the runtime's builder. Each method call bears the place of the statement's word,
//! each argument its own, so that rustc's type errors point to what is wrong.

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::model::{Kind, Statement, Time, Times, Value};
use crate::units::{self, Kind as Unit};

/// Where another quantity is needed, rustc underlines the value that says which one this is.
pub(super) fn generate(statements: &[Statement], measured: Option<&Value>) -> TokenStream {
    let builder = builder(statements);
    let Some((first, last)) = measured.and_then(|value| ends(&value.source)) else {
        return quote! { ::happysim::profile::generated::finish(#builder) };
    };
    let finish = quote_spanned!(first=> ::happysim::profile::generated::finish);
    let mut argument = Group::new(Delimiter::Parenthesis, builder);
    argument.set_span(last);
    quote!(#finish #argument)
}

/// The first and the last token.
fn ends(tokens: &TokenStream) -> Option<(Span, Span)> {
    let mut spans = tokens.clone().into_iter().map(|tree| tree.span());
    let first = spans.next()?;
    Some((first, spans.last().unwrap_or(first)))
}

/// An expression of the type that a profile with these literals would have.
pub(super) fn stand_in(unit: Option<Unit>) -> TokenStream {
    let quantity = match unit {
        Some(Unit::Duration) => quote!(::happysim::time::Duration),
        Some(Unit::Rate) => quote!(::happysim::quantity::Rate),
        Some(Unit::Bandwidth) => quote!(::happysim::quantity::Bandwidth),
        Some(Unit::Bytes) => quote!(::happysim::quantity::Bytes),
        Some(Unit::Probability) => quote!(::happysim::quantity::Probability),
        // Of whatever type its place asks for. As the result of a closure, because rustc would
        // call what follows a plain `unreachable!()` unreachable.
        Some(Unit::Number) | None => return quote!((|| ::core::unreachable!())()),
    };
    quote! {
        ::happysim::profile::generated::finish(::happysim::profile::Profile::<#quantity>::builder())
    }
}

fn builder(statements: &[Statement]) -> TokenStream {
    let calls = statements.iter().map(call);
    quote! { ::happysim::profile::Profile::builder() #(#calls)* }
}

fn call(statement: &Statement) -> TokenStream {
    let span = statement.keyword.span();
    match &statement.kind {
        Kind::Hold { value: Some(value), length: Some(length) } => {
            let (value, length) = (quantity(value), time(length));
            quote_spanned!(span=> .hold(#value, #length))
        }
        Kind::Hold { value: Some(value), length: None } => {
            let value = quantity(value);
            quote_spanned!(span=> .hold_open(#value))
        }
        Kind::Hold { value: None, length: Some(length) } => {
            let length = time(length);
            quote_spanned!(span=> .stay(#length))
        }
        Kind::Hold { value: None, length: None } => quote_spanned!(span=> .stay_open()),
        Kind::Ramp { from: Some(from), to, over } => {
            let (from, to, over) = (quantity(from), quantity(to), time(over));
            quote_spanned!(span=> .ramp_from(#from, #to, #over))
        }
        Kind::Ramp { from: None, to, over } => {
            let (to, over) = (quantity(to), time(over));
            quote_spanned!(span=> .ramp(#to, #over))
        }
        Kind::Step { to, at } => {
            let (to, at) = (quantity(to), instant(at));
            quote_spanned!(span=> .step(#to, #at))
        }
        Kind::Sine { mean, amplitude, period, phase, length } => {
            let (mean, amplitude, period) = (quantity(mean), quantity(amplitude), time(period));
            let zero = || quote_spanned!(span=> ::happysim::time::Duration::ZERO);
            let phase = phase.as_ref().map_or_else(zero, time);
            let sine = quote_spanned! {span=>
                ::happysim::profile::Sine {
                    mean: #mean, amplitude: #amplitude, period: #period, phase: #phase
                }
            };
            if let Some(length) = length.as_ref().map(time) {
                quote_spanned!(span=> .sine(#sine, #length))
            } else {
                quote_spanned!(span=> .sine_open(#sine))
            }
        }
        Kind::Spike { to, at, length } => {
            let (to, at, length) = (quantity(to), instant(at), time(length));
            quote_spanned!(span=> .spike(#to, #at, #length))
        }
        Kind::Repeat { times: Some(count), body } => {
            let (count, body) = (times(count), builder(body));
            quote_spanned!(span=> .repeat(#count, #body))
        }
        Kind::Repeat { times: None, body } => {
            let body = builder(body);
            quote_spanned!(span=> .repeat_forever(#body))
        }
        // Only in a profile with errors, whose code is not used.
        Kind::Broken => TokenStream::new(),
    }
}

fn quantity(value: &Value) -> TokenStream {
    match value.literal {
        Some(literal) if literal.kind == Unit::Number => {
            let span = literal.span;
            let sign = (literal.base < 0.0).then(|| quote_spanned!(span=> -));
            let mut number = Literal::f64_unsuffixed(literal.base.abs());
            number.set_span(units::generated(span));
            quote_spanned!(span=> ::happysim::profile::generated::number(#sign #number))
        }
        _ => value.expression.clone(),
    }
}

fn time(time: &Time) -> TokenStream {
    time.expression.clone()
}

/// From the start of the profile or of the pass.
fn instant(time: &Time) -> TokenStream {
    let expression = &time.expression;
    quote! { ::happysim::profile::generated::at(#expression) }
}

fn times(times: &Times) -> TokenStream {
    if let Some(count) = times.literal {
        let count = Literal::u64_unsuffixed(count);
        return quote!(#count);
    }
    let count = &times.source;
    quote! { ::happysim::profile::generated::times(#count) }
}
