//! Figures that the source shows: literals with their units, and how they are written out.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Expr, Lit};

use super::super::syntax::Param;
use crate::units::{Kind, literal_quantity};

/// A literal, as its value and as the user wrote it.
#[derive(Clone, Debug)]
pub(super) struct Figure<T> {
    pub(super) value: T,
    pub(super) text: String,
    pub(super) span: Span,
}

/// A duration in nanoseconds.
pub(super) type Time = Figure<u64>;

fn plain(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => plain(&group.expr),
        Expr::Paren(paren) => plain(&paren.expr),
        other => other,
    }
}

/// A whole number.
pub(super) fn whole(expr: &Expr) -> Option<Figure<u64>> {
    let Expr::Lit(literal) = plain(expr) else { return None };
    let Lit::Int(number) = &literal.lit else { return None };
    let value: u64 = number.base10_parse().ok()?;
    Some(Figure { value, text: value.to_string(), span: number.span() })
}

/// A number without a unit, whole or not.
pub(super) fn number(expr: &Expr) -> Option<f64> {
    let Expr::Lit(literal) = plain(expr) else { return None };
    match &literal.lit {
        Lit::Int(number) => number.base10_parse().ok(),
        Lit::Float(number) => number.base10_parse().ok(),
        _ => None,
    }
}

/// The value in its base unit and the text of a literal with a unit, which is the call of
/// `constructor` by now.
fn quantity(expr: &Expr, constructor: &str, kind: Kind) -> Option<Figure<f64>> {
    let Expr::Call(call) = plain(expr) else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let segments: Vec<String> = path.path.segments.iter().map(|it| it.ident.to_string()).collect();
    let is_ours = path.path.leading_colon.is_some()
        && segments.first().is_some_and(|first| first == "happysim")
        && segments.ends_with(&[kind_type(kind).to_owned(), constructor.to_owned()]);
    let value = number(call.args.first().filter(|_| is_ours && call.args.len() == 1)?)?;
    // Of a name: rustc splits the span of a `::` that is as long as the literal.
    let span = path.path.segments.first()?.ident.span();
    let base = if kind == Kind::Duration { value / 1e9 } else { value };
    let text = written(span, call.paren_token.span.join(), kind, base);
    Some(Figure { value, text: text.unwrap_or_else(|| shown(kind, value)), span })
}

fn kind_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Duration => "Duration",
        Kind::Rate => "Rate",
        _ => "Probability",
    }
}

fn shown(kind: Kind, value: f64) -> String {
    match kind {
        Kind::Duration => time(value as u64),
        Kind::Rate => rate_text(value),
        _ => percent(value),
    }
}

/// The text of the source, where the compiler has it: the number and, beside it, its unit.
fn written(number: Span, unit: Span, kind: Kind, base: f64) -> Option<String> {
    let number = number.source_text()?;
    let unit = unit.source_text().unwrap_or_default();
    let candidates = [number.clone(), format!("{number}/{unit}"), format!("{number}%")];
    candidates.into_iter().find(|text| {
        let tokens: Result<TokenStream, _> = text.parse();
        let found = tokens.ok().and_then(|tokens| literal_quantity(&tokens));
        found.is_some_and(|it| it.kind == kind && (it.base - base).abs() <= 1e-12 * base.abs())
    })
}

/// A duration.
pub(super) fn duration(expr: &Expr) -> Option<Time> {
    let found = quantity(expr, "from_nanos", Kind::Duration)?;
    Some(Figure { value: found.value as u64, text: found.text, span: found.span })
}

/// A rate, per second.
pub(super) fn rate(expr: &Expr) -> Option<Figure<f64>> {
    quantity(expr, "per_second", Kind::Rate)
}

/// A probability.
pub(super) fn probability(expr: &Expr) -> Option<Figure<f64>> {
    quantity(expr, "new", Kind::Probability)
}

/// A word of the language, as `fifo` or `fifo()`.
pub(super) fn word(expr: &Expr) -> Option<String> {
    match plain(expr) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Call(call) if call.args.is_empty() => word(&call.func),
        _ => None,
    }
}

/// A call of a word of the language: `exp(5ms)`.
pub(super) fn call(expr: &Expr) -> Option<(String, Vec<&Expr>)> {
    let Expr::Call(call) = plain(expr) else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    Some((path.path.get_ident()?.to_string(), call.args.iter().collect()))
}

/// The ends of `20ms..1s`.
pub(super) fn times(expr: &Expr) -> Option<(Time, Time)> {
    let Expr::Range(range) = plain(expr) else { return None };
    Some((duration(range.start.as_deref()?)?, duration(range.end.as_deref()?)?))
}

/// Whether an expression mentions a parameter of the topology, which may hide a word too.
pub(super) fn mentions(expr: &Expr, params: &[Param]) -> bool {
    struct Search<'a> {
        params: &'a [Param],
        found: bool,
    }
    impl<'ast> Visit<'ast> for Search<'_> {
        fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
            let is = |param: &Param| path.path.is_ident(&param.name);
            self.found |= self.params.iter().any(is);
            visit::visit_expr_path(self, path);
        }
    }
    let mut search = Search { params, found: false };
    search.visit_expr(expr);
    search.found
}

/// Whether a `profile!` has a percentage above 0 somewhere.
pub(super) fn profile_rises(expr: &Expr) -> bool {
    match plain(expr) {
        Expr::Macro(call)
            if call.mac.path.segments.last().is_some_and(|it| it.ident == "profile") =>
        {
            has_percentage(call.mac.tokens.clone())
        }
        _ => false,
    }
}

fn has_percentage(tokens: TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let nested = trees.iter().any(|tree| {
        matches!(tree, TokenTree::Group(group)
            if group.delimiter() == Delimiter::Brace && has_percentage(group.stream()))
    });
    nested
        || trees.windows(2).any(|pair| match pair {
            [TokenTree::Literal(number), TokenTree::Punct(percent)] => {
                percent.as_char() == '%'
                    && number.to_string().parse::<f64>().is_ok_and(|number| number > 0.0)
            }
            _ => false,
        })
}

/// A duration in the largest unit in which it is at least 1 and has at most three decimals.
pub(super) fn time(nanos: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")];
    for (size, unit) in UNITS {
        if nanos >= size && nanos.is_multiple_of((size / 1_000).max(1)) {
            let fraction = format!("{:09}", nanos % size * (1_000_000_000 / size));
            let fraction = fraction.trim_end_matches('0');
            let dot = if fraction.is_empty() { "" } else { "." };
            return format!("{}{dot}{fraction}{unit}", nanos / size);
        }
    }
    if nanos == 0 { "0s".to_owned() } else { format!("{nanos}ns") }
}

/// A number with at most three decimals.
pub(super) fn decimal(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn rate_text(per_second: f64) -> String {
    format!("{}/s", decimal(per_second))
}

fn percent(probability: f64) -> String {
    format!("{}%", decimal(probability * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_in_the_unit_that_suits_them() {
        let cases = [
            (0, "0s"),
            (810_000_000, "810ms"),
            (1_500_000_000, "1.5s"),
            (3_000_000_000, "3s"),
            (1_000_001, "1000.001us"),
            (2_050, "2.05us"),
            (999, "999ns"),
            (90_000_000_000, "90s"),
        ];
        for (nanos, text) in cases {
            assert_eq!(time(nanos), text);
        }
    }

    #[test]
    fn numbers_lose_what_is_behind_the_third_decimal() {
        assert_eq!(decimal(12.0), "12");
        assert_eq!(decimal(0.1 + 0.2), "0.3");
        assert_eq!(decimal(1.2345), "1.234");
    }
}
