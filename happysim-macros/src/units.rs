//! Quantities with units, in any value expression of the macros: `10ms`, `1.5s`, `10Gbps`,
//! `64KiB`, `400/s`, `5%`.
//!
//! Rust reads `10ms` as one literal with an unknown suffix, so a rewriting of tokens is all it
//! takes: each becomes a call of a constructor at the place of the literal, and the expression
//! around it stays Rust. `400/s` is a rate only with a literal before the `/` and nothing that
//! makes `s` the beginning of an expression; `5%` only where no operand follows.

mod decimal;
mod misplaced;
mod suffix;

use proc_macro2::{Delimiter, Group, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::{Expr, ExprCall, ExprLit, ExprUnary, Lit, UnOp};

use crate::diagnostics::{Code, Diagnostics, codes};
use decimal::Decimal;
pub(crate) use misplaced::refuse as refuse_misplaced;

codes! {
    /// A suffix that is no unit, or an ambiguous one.
    UNKNOWN_UNIT = "unit-unknown";
    /// A number and its unit as two words.
    SPLIT_UNIT = "unit-split";
    /// A quantity that does not exist: 0.5 ns, 1000 years, 150 %.
    OUT_OF_RANGE = "unit-range";
    /// A quantity below zero.
    NEGATIVE = "unit-negative";
}

/// What a literal measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Duration,
    Rate,
    Bandwidth,
    Bytes,
    Probability,
    /// No unit: a count, a factor, or whatever its place makes of it.
    Number,
}

impl Kind {
    /// With its article, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Duration => "a duration",
            Self::Rate => "a rate",
            Self::Bandwidth => "a bandwidth",
            Self::Bytes => "a number of bytes",
            Self::Probability => "a probability",
            Self::Number => "a plain number",
        }
    }

    /// What one looks like.
    pub(crate) fn examples(self) -> &'static str {
        match self {
            Self::Duration => "`5ms` or `5s`, for example",
            Self::Rate => "`100/s` or `30/min`, for example",
            Self::Bandwidth => "`10Mbps` or `1Gbps`, for example",
            Self::Bytes => "`64KiB` or `1MB`, for example",
            Self::Probability => "`5%`, for example",
            Self::Number => "`5`, for example",
        }
    }

    /// What to append to a number to make it one.
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Duration => "s",
            Self::Rate => "/s",
            Self::Bandwidth => "bps",
            Self::Bytes => "B",
            Self::Probability => "%",
            Self::Number => "",
        }
    }
}

/// A value that consists of one literal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantity {
    pub(crate) kind: Kind,
    /// In the base unit: seconds, events per second, bits per second, bytes, a fraction of one.
    pub(crate) base: f64,
    /// Of a duration, its exact nanoseconds; of a number of bytes, that number; else 0.
    pub(crate) whole: u64,
    /// Of the number, without the sign.
    pub(crate) span: Span,
}

/// The quantity, if `tokens` are one correct literal and nothing else but perhaps a sign.
pub(crate) fn literal_quantity(tokens: &TokenStream) -> Option<Quantity> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match trees.as_slice() {
        // What a `$value:expr` of a user's own macro passes on.
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            literal_quantity(&group.stream())
        }
        [TokenTree::Punct(minus), rest @ ..] if minus.as_char() == '-' => {
            let quantity = quantity_of_all(rest)?;
            Some(Quantity { base: -quantity.base, ..quantity })
        }
        all => quantity_of_all(all),
    }
}

fn quantity_of_all(trees: &[TokenTree]) -> Option<Quantity> {
    let found = find(trees, 0)?;
    if found.length != trees.len() {
        return None;
    }
    found.quantity.ok()
}

/// Turns every unit literal anywhere in the expression `tokens` into a call of its constructor.
/// A mistaken one is reported and left out, so that rustc does not complain about it again.
pub(crate) fn rewrite(tokens: TokenStream, diagnostics: &mut Diagnostics) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut output = Vec::with_capacity(trees.len());
    let mut index = 0;
    while let Some(tree) = trees.get(index) {
        if let Some(found) = find(&trees, index) {
            let next = index + found.length;
            let source: TokenStream = trees[index..next].iter().cloned().collect();
            let negative = index > 0 && is_sign(&trees, index - 1);
            match found.quantity {
                Ok(Quantity { kind: Kind::Number, .. }) => output.extend(source),
                Ok(quantity) if negative => {
                    let Quantity { kind, .. } = quantity;
                    let message =
                        format!("`-{}` is negative, which {} cannot be", found.text, kind.name());
                    let signed: TokenStream = trees[index - 1..next].iter().cloned().collect();
                    diagnostics.error(NEGATIVE, signed, message);
                    output.pop();
                    output.extend(constructor(&quantity, found.last));
                }
                Ok(quantity) => output.extend(constructor(&quantity, found.last)),
                Err((code, message)) => {
                    diagnostics.error(code, source, message);
                    output.extend(quote_spanned!(found.last=> ::core::unreachable!()));
                }
            }
            index = next;
            continue;
        }
        output.push(match tree {
            TokenTree::Group(group) if !is_own_macro(&trees, index) => {
                let mut inner = Group::new(group.delimiter(), rewrite(group.stream(), diagnostics));
                inner.set_span(group.span());
                inner.into()
            }
            other => other.clone(),
        });
        index += 1;
    }
    output.into_iter().collect()
}

/// The place of `span`, but marked as generated: lints on how numbers are written are not about
/// ours.
pub(crate) fn generated(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The constructor call for a quantity, underlined as a whole where rustc finds its type wrong.
fn constructor(quantity: &Quantity, last: Span) -> TokenStream {
    let span = quantity.span;
    let mut number = match quantity.kind {
        Kind::Duration | Kind::Bytes => Literal::u64_unsuffixed(quantity.whole),
        _ => Literal::f64_unsuffixed(quantity.base),
    };
    number.set_span(generated(span));
    let path = match quantity.kind {
        Kind::Duration => quote_spanned!(span=> ::happysim::time::Duration::from_nanos),
        Kind::Rate => quote_spanned!(span=> ::happysim::quantity::Rate::per_second),
        Kind::Bandwidth => quote_spanned!(span=> ::happysim::quantity::Bandwidth::bits_per_second),
        Kind::Bytes => quote_spanned!(span=> ::happysim::quantity::Bytes),
        Kind::Probability => quote_spanned!(span=> ::happysim::quantity::Probability::new),
        Kind::Number => return TokenTree::Literal(number).into(),
    };
    let mut argument = Group::new(Delimiter::Parenthesis, TokenTree::Literal(number).into());
    argument.set_span(last);
    path.into_iter().chain([argument.into()]).collect()
}

/// The value in its base unit of an expression that was one literal, before or after [`rewrite`].
pub(crate) fn literal_base(expression: &Expr) -> Option<f64> {
    match expression {
        Expr::Group(group) => literal_base(&group.expr),
        Expr::Paren(paren) => literal_base(&paren.expr),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => Some(-literal_base(expr)?),
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => finite(number.base10_parse().ok()?),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => finite(number.base10_parse().ok()?),
        Expr::Call(ExprCall { func, args, .. }) => {
            let Expr::Path(path) = &**func else { return None };
            let constructor = path.path.segments.last()?;
            let is_ours = path.path.leading_colon.is_some()
                && path.path.segments.first().is_some_and(|first| first.ident == "happysim");
            let value = literal_base(args.first().filter(|_| is_ours && args.len() == 1)?)?;
            Some(if constructor.ident == "from_nanos" { value / 1e9 } else { value })
        }
        _ => None,
    }
}

/// What an expression measures that was one literal, after [`rewrite`].
pub(crate) fn literal_kind(expression: &Expr) -> Option<Kind> {
    literal_base(expression)?;
    match expression {
        Expr::Group(group) => literal_kind(&group.expr),
        Expr::Paren(paren) => literal_kind(&paren.expr),
        Expr::Call(ExprCall { func, .. }) => {
            let Expr::Path(path) = &**func else { return None };
            let names: Vec<String> =
                path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            match names.last()?.as_str() {
                "from_nanos" => Some(Kind::Duration),
                "per_second" => Some(Kind::Rate),
                "bits_per_second" => Some(Kind::Bandwidth),
                "Bytes" => Some(Kind::Bytes),
                "new" => Some(Kind::Probability),
                _ => None,
            }
        }
        _ => Some(Kind::Number),
    }
}

/// What is beyond every `f64` is no literal of Rust either, as rustc says.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A numeric literal, with what belongs to it.
struct Found {
    /// How many tokens it takes.
    length: usize,
    /// As written, without spaces.
    text: String,
    last: Span,
    quantity: Result<Quantity, (Code, String)>,
}

/// The numeric literal at `index`, unless it is a number with one of Rust's own suffixes or the
/// name of a tuple's field.
fn find(trees: &[TokenTree], index: usize) -> Option<Found> {
    let literal = literal(trees.get(index)?)?;
    let text = literal.to_string();
    let (number, suffix) = split(&text)?;
    if suffix::is_rust(suffix) || (index > 0 && is_field_dot(trees, index - 1)) {
        return None;
    }
    let span = literal.span();
    let following = &trees[index + 1..];
    if suffix.is_empty()
        && let Some(found) = rate(number, span, following)
            .or_else(|| percentage(number, span, following))
            .or_else(|| split_unit(number, following))
    {
        return Some(found);
    }
    if let Some(found) = amount_per_second(number, suffix, span, following) {
        return Some(found);
    }
    let quantity = if suffix.is_empty() {
        let base = Decimal::parse(number)?.to_f64();
        if base.is_finite() { Ok((Kind::Number, base, 0)) } else { return None }
    } else {
        with_suffix(number, suffix)
    };
    Some(Found { length: 1, last: span, quantity: placed(quantity, span), text })
}

/// A literal, also as a `$value:literal` of a user's own macro passes it on.
fn literal(tree: &TokenTree) -> Option<Literal> {
    match tree {
        TokenTree::Literal(literal) => Some(literal.clone()),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut inner = group.stream().into_iter();
            let first = inner.next().filter(|_| inner.next().is_none())?;
            literal(&first)
        }
        _ => None,
    }
}

type Measured = Result<(Kind, f64, u64), (Code, String)>;

fn placed(measured: Measured, span: Span) -> Result<Quantity, (Code, String)> {
    measured.map(|(kind, base, whole)| Quantity { kind, base, whole, span })
}

/// Splits `1.5ms` into `1.5` and `ms`; `None` for text, characters, and other bases than ten.
fn split(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let bytes = text.as_bytes();
    if bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'o' | b'b')) {
        return None;
    }
    let digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'0'..=b'9' | b'_' | b'.' => end += 1,
            b'e' | b'E' if digit(end + 1) => end += 1,
            b'e' | b'E' if matches!(bytes.get(end + 1), Some(b'+' | b'-')) && digit(end + 2) => {
                end += 2;
            }
            _ => break,
        }
    }
    Some(text.split_at(end))
}

fn with_suffix(number: &str, suffix: &str) -> Measured {
    let Some(unit) = suffix::unit(suffix) else {
        return Err((UNKNOWN_UNIT, suffix::unknown(number, suffix)));
    };
    let Some(value) = Decimal::parse(number).and_then(|number| number.times(unit.size)) else {
        return Err((OUT_OF_RANGE, format!("the number `{number}` has too many digits")));
    };
    let out_of_range = |reason: &str| (OUT_OF_RANGE, format!("`{number}{suffix}` {reason}"));
    match unit.kind {
        Kind::Duration => match value.whole() {
            Some(nanos) => Ok((Kind::Duration, nanos as f64 / 1e9, nanos)),
            None if value.to_f64() > 1.8e19 => {
                Err(out_of_range("is longer than 584 years, the range of simulated time"))
            }
            None => Err(out_of_range(
                "is not a whole number of nanoseconds, the resolution of simulated time",
            )),
        },
        Kind::Bytes => match value.whole() {
            Some(bytes) if bytes <= 1 << 53 => Ok((Kind::Bytes, bytes as f64, bytes)),
            _ if value.to_f64() > 9e15 => {
                Err(out_of_range("is more than 8192 TiB, the largest size"))
            }
            _ => Err(out_of_range("is not a whole number of bytes")),
        },
        kind => match value.to_f64() {
            base if base.is_finite() => Ok((kind, base, 0)),
            _ => Err(out_of_range("is too large")),
        },
    }
}

/// `400/s`, and the mistake `400/sec`.
fn rate(number: &str, span: Span, following: &[TokenTree]) -> Option<Found> {
    let [TokenTree::Punct(slash), TokenTree::Ident(unit), rest @ ..] = following else {
        return None;
    };
    if slash.as_char() != '/' || continues_path(rest) {
        return None;
    }
    let name = unit.to_string();
    let text = format!("{number}/{name}");
    let quantity = match suffix::time_unit(&name) {
        Some(nanos) => {
            let value = Decimal::parse(number)?;
            let base = if nanos <= 1_000_000_000 {
                value.times(1_000_000_000 / nanos)?.to_f64()
            } else {
                value.to_f64() / (nanos / 1_000_000_000) as f64
            };
            let too_large = || (OUT_OF_RANGE, format!("`{text}` is too large"));
            if base.is_finite() { Ok((Kind::Rate, base, 0)) } else { Err(too_large()) }
        }
        // Plurals may well be variables; these are not.
        None if matches!(name.as_str(), "sec" | "second" | "minute" | "hour" | "day" | "msec") => {
            let short = suffix::short_for(&name)?;
            Err((UNKNOWN_UNIT, format!("unknown unit `{name}`: did you mean `{number}/{short}`?")))
        }
        None => return None,
    };
    Some(Found { length: 3, last: unit.span(), quantity: placed(quantity, span), text })
}

/// The mistake `100MB/s`, which is a bandwidth and is written in bits.
fn amount_per_second(
    number: &str,
    suffix: &str,
    span: Span,
    following: &[TokenTree],
) -> Option<Found> {
    let [TokenTree::Punct(slash), TokenTree::Ident(unit), rest @ ..] = following else {
        return None;
    };
    if slash.as_char() != '/' || unit != "s" || continues_path(rest) {
        return None;
    }
    let message = suffix::per_second(number, suffix)?;
    let (text, quantity) = (format!("{number}{suffix}/s"), Err((UNKNOWN_UNIT, message)));
    Some(Found { length: 3, last: unit.span(), quantity: placed(quantity, span), text })
}

/// Whether what follows makes the name before it a longer expression: `s.len()`, `s::X`, `s(1)`.
fn continues_path(rest: &[TokenTree]) -> bool {
    match rest {
        [TokenTree::Punct(dot), TokenTree::Punct(other), ..]
            if dot.as_char() == '.' && other.as_char() == '.' =>
        {
            false
        }
        [TokenTree::Punct(punct), ..] if punct.as_char() == '.' => true,
        [TokenTree::Punct(one), TokenTree::Punct(two), ..] => {
            one.as_char() == ':' && one.spacing() == Spacing::Joint && two.as_char() == ':'
        }
        [TokenTree::Group(group), ..] => {
            matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::Bracket)
        }
        _ => false,
    }
}

/// The words of the macros that can follow a percentage. Before any other name `%` is Rust's
/// remainder; `(7) % mean` is a remainder before these too.
const AFTER_PERCENT: &[&str] = &[
    "for",
    "over",
    "to",
    "at",
    "from",
    "mean",
    "amplitude",
    "period",
    "phase",
    "then",
    "with",
    "cv",
    "emits",
    "every",
];

/// `5%`
fn percentage(number: &str, span: Span, following: &[TokenTree]) -> Option<Found> {
    let [TokenTree::Punct(percent), rest @ ..] = following else { return None };
    let ends = match rest.first() {
        None => true,
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), ',' | ';' | '.'),
        Some(TokenTree::Ident(word)) => AFTER_PERCENT.contains(&word.to_string().as_str()),
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Literal(_)) => false,
    };
    if percent.as_char() != '%' || !ends {
        return None;
    }
    let text = format!("{number}%");
    let base = Decimal::parse(number)?.percent().to_f64();
    let quantity = if base <= 1.0 {
        Ok((Kind::Probability, base, 0))
    } else {
        Err((OUT_OF_RANGE, format!("`{text}` is more than `100%`, which no probability can be")))
    };
    Some(Found { length: 2, last: percent.span(), quantity: placed(quantity, span), text })
}

/// The mistake `5 ms`.
fn split_unit(number: &str, following: &[TokenTree]) -> Option<Found> {
    let Some(TokenTree::Ident(unit)) = following.first() else { return None };
    let name = unit.to_string();
    let known = suffix::unit(&name).is_some() || suffix::short_for(&name).is_some();
    if !known {
        return None;
    }
    let short = suffix::short_for(&name).unwrap_or(&name);
    let message = format!("a number and its unit are one word: write `{number}{short}`");
    let text = format!("{number} {name}");
    Some(Found { length: 2, last: unit.span(), quantity: Err((SPLIT_UNIT, message)), text })
}

/// Whether the token at `index` is the dot in `pair.0`, and not the end of a range.
fn is_field_dot(trees: &[TokenTree], index: usize) -> bool {
    let is_dot = |tree: &TokenTree| matches!(tree, TokenTree::Punct(dot) if dot.as_char() == '.');
    is_dot(&trees[index]) && !(index > 0 && is_dot(&trees[index - 1]))
}

/// Whether the token at `index` is a minus sign, and not a subtraction.
fn is_sign(trees: &[TokenTree], index: usize) -> bool {
    let is_minus = |punct: &Punct| punct.as_char() == '-';
    if !matches!(&trees[index], TokenTree::Punct(punct) if is_minus(punct)) {
        return false;
    }
    match index.checked_sub(1).map(|before| &trees[before]) {
        None => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() != '?' && punct.as_char() != '%',
        Some(TokenTree::Ident(word)) => {
            matches!(word.to_string().as_str(), "return" | "in" | "else")
        }
        Some(TokenTree::Group(_) | TokenTree::Literal(_)) => false,
    }
}

/// Whether the group at `index` is the input of a macro that reads units by itself.
fn is_own_macro(trees: &[TokenTree], index: usize) -> bool {
    let Some([TokenTree::Ident(name), TokenTree::Punct(bang)]) =
        index.checked_sub(2).map(|start| &trees[start..index])
    else {
        return false;
    };
    bang.as_char() == '!' && (name == "profile" || name == "topology")
}

/// The source in one line, with units as they are written: `50/s` and not `50 / s`.
pub(crate) fn display(tokens: &TokenStream) -> String {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut text = String::new();
    let mut index = 0;
    while let Some(tree) = trees.get(index) {
        let (piece, length) = match find(&trees, index) {
            Some(found) => (found.text, found.length),
            None => (tree.to_string(), 1),
        };
        let tight = text.is_empty() || text.ends_with(['.', '-']) || piece.starts_with(['.', ',']);
        if !tight {
            text.push(' ');
        }
        text.push_str(&piece);
        index += length;
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
