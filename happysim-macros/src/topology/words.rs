//! The short words of distributions, arrivals and policies, as far as literals among their
//! arguments can be judged. What the runtime refuses when a topology is built, a literal is
//! refused for when it is compiled, at the literal.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprRange, RangeLimits};

use super::codes;
use crate::diagnostics::Diagnostics;
use crate::units::{Kind, literal_base, literal_kind};

/// What an argument must be.
#[derive(Clone, Copy)]
enum Wanted {
    RateAboveZero,
    Duration,
    /// A duration longer than 0.
    Positive,
    /// A plain number, at least or above the limit.
    AtLeast(f64),
    Above(f64),
    /// A plain number between the two.
    Within(f64, f64),
    /// Of any quantity; a rate is above 0.
    Arriving,
    /// Of any quantity, not below zero.
    Quantity,
    /// `20ms..1s`, the first not later than the last.
    Durations,
    /// `a..b` of any quantity.
    Quantities,
    Probability,
    /// `cv 0.8`
    Variation,
    /// Not judged.
    Anything,
}

use Wanted::{
    Above, Anything, Arriving, AtLeast, Duration, Durations, Positive, Probability, Quantities,
    Quantity, RateAboveZero, Variation, Within,
};

/// Each word with its arguments, and what they are called.
const WORDS: &[(&str, &[(&str, Wanted)])] = &[
    ("poisson", &[("the rate", RateAboveZero)]),
    ("constant", &[("the rate", Arriving)]),
    ("renewal", &[("the gap", Duration)]),
    ("exp", &[("the mean", Quantity)]),
    ("lognormal", &[("the mean", Quantity), ("the coefficient of variation", Variation)]),
    ("cv", &[("the coefficient of variation", AtLeast(0.0))]),
    ("uniform", &[("the range", Quantities)]),
    ("normal", &[("the mean", Anything), ("the standard deviation", Quantity)]),
    ("gamma", &[("the shape", Above(0.0)), ("the mean", Quantity)]),
    ("erlang", &[("the number of phases", AtLeast(1.0)), ("the mean", Quantity)]),
    ("weibull", &[("the shape", Above(0.0)), ("the scale", Quantity)]),
    ("pareto", &[("the shape", Above(0.0)), ("the smallest value", Quantity)]),
    ("hyperexponential", &[("the mean", Quantity), ("the coefficient of variation", Variation)]),
    (
        "exponential",
        &[
            ("the number of attempts", AtLeast(1.0)),
            ("a delay", Durations),
            ("the jitter", Anything),
        ],
    ),
    ("fixed", &[("the number of attempts", AtLeast(1.0)), ("the delay", Duration)]),
    ("decorrelated", &[("the number of attempts", AtLeast(1.0)), ("a delay", Durations)]),
    ("proportional_jitter", &[("the fraction", AtLeast(0.0))]),
    ("budget", &[("the ratio", Probability), ("the reserve", AtLeast(0.0))]),
    ("percentile", &[("the percentile", Within(0.0, 100.0)), ("the first delay", Duration)]),
    ("burst_loss", &[("the onset", Probability), ("the recovery", Probability)]),
    ("codel", &[("the target", Positive), ("the interval", Positive)]),
];

/// Judges every literal in a value.
pub(super) fn check(value: &Expr, diagnostics: &mut Diagnostics) {
    Judge { diagnostics }.visit_expr(value);
}

struct Judge<'d> {
    diagnostics: &'d mut Diagnostics,
}

impl<'ast> Visit<'ast> for Judge<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func
            && let Some(word) = path.path.get_ident()
            && let Some((name, arguments)) = WORDS.iter().find(|(name, _)| word == name)
        {
            for (value, (what, wanted)) in call.args.iter().zip(*arguments) {
                let what =
                    if *name == "cv" { (*what).to_owned() } else { format!("{what} of `{name}`") };
                self.argument(&what, *wanted, value);
            }
        }
        visit::visit_expr_call(self, call);
    }
}

impl Judge<'_> {
    fn argument(&mut self, what: &str, wanted: Wanted, value: &Expr) {
        match wanted {
            Anything => {}
            RateAboveZero => {
                self.quantity(what, Kind::Rate, value);
                self.arriving(what, value);
            }
            Arriving => self.arriving(what, value),
            Duration => self.quantity(what, Kind::Duration, value),
            Positive => {
                self.quantity(what, Kind::Duration, value);
                if literal_kind(value) == Some(Kind::Duration)
                    && literal_base(value).is_some_and(|seconds| seconds <= 0.0)
                {
                    let message = format!("{what} must be longer than 0");
                    self.diagnostics.error(codes::WORD_RANGE, value, message);
                }
            }
            Variation => {
                if literal_kind(value) == Some(Kind::Number) {
                    let written = value.to_token_stream();
                    let message =
                        format!("{what} is written with its name\nhelp: write `cv {written}`");
                    self.diagnostics.error(codes::WORD_UNIT, value, message);
                }
            }
            Probability => match literal_kind(value) {
                Some(Kind::Number) => {
                    let message = format!("{what} is a probability\nhelp: write `5%`, for example");
                    self.diagnostics.error(codes::WORD_UNIT, value, message);
                }
                _ => self.quantity(what, Kind::Probability, value),
            },
            AtLeast(low) => self.number(what, value, &format!("at least {low}"), |it| it >= low),
            Above(low) => self.number(what, value, &format!("above {low}"), |it| it > low),
            Within(low, high) => self.number(what, value, &format!("from {low} to {high}"), |it| {
                (low..=high).contains(&it)
            }),
            Quantity => {
                if literal_base(value).is_some_and(|base| base < 0.0) {
                    let message = format!("{what} cannot be negative");
                    self.diagnostics.error(codes::WORD_RANGE, value, message);
                }
            }
            Durations => {
                if let Some((first, last)) = ends(value) {
                    self.quantity(what, Kind::Duration, first);
                    self.quantity(what, Kind::Duration, last);
                    self.ordered(
                        "the first delay is longer than the longest",
                        value,
                        (first, last),
                    );
                } else if literal_kind(value).is_some() {
                    let message =
                        format!("{what} is from a range\nhelp: write `20ms..1s`, for example");
                    self.diagnostics.error(codes::WORD_UNIT, value, message);
                }
            }
            Quantities => {
                if let Some(ends) = ends(value) {
                    self.ordered("this range is empty", value, ends);
                } else if literal_kind(value).is_some() {
                    let message =
                        format!("{what} has two ends\nhelp: write `5ms..15ms`, for example");
                    self.diagnostics.error(codes::WORD_UNIT, value, message);
                }
            }
        }
    }

    /// A rate of arrivals that is a literal.
    fn arriving(&mut self, what: &str, value: &Expr) {
        if literal_kind(value) == Some(Kind::Rate)
            && literal_base(value).is_some_and(|rate| rate <= 0.0)
        {
            let message = format!("{what} must be above 0, or nothing is ever sent");
            self.diagnostics.error(codes::WORD_RANGE, value, message);
        }
    }

    /// Where a literal is another quantity, or lacks its unit.
    fn quantity(&mut self, what: &str, wanted: Kind, value: &Expr) {
        let found = match literal_kind(value) {
            None => return,
            Some(kind) if kind == wanted => return,
            Some(kind) => kind,
        };
        let examples = wanted.examples();
        let message = match found {
            Kind::Number => format!("{what} needs a unit\nhelp: write {examples}"),
            other => format!("{what} cannot be {}\nhelp: write {examples}", other.name()),
        };
        self.diagnostics.error(codes::WORD_UNIT, value, message);
    }

    fn number(
        &mut self,
        what: &str,
        value: &Expr,
        allowed: &str,
        is_allowed: impl Fn(f64) -> bool,
    ) {
        let Some((base, kind)) = literal_base(value).zip(literal_kind(value)) else { return };
        if kind != Kind::Number && kind != Kind::Probability {
            let message = format!("{what} is a plain number, and this is {}", kind.name());
            self.diagnostics.error(codes::WORD_UNIT, value, message);
        } else if !is_allowed(base) {
            let message = format!("{what} must be {allowed}");
            self.diagnostics.error(codes::WORD_RANGE, value, message);
        }
    }

    fn ordered(&mut self, message: &str, range: &Expr, (first, last): (&Expr, &Expr)) {
        let both = literal_base(first).zip(literal_base(last));
        if literal_kind(first) == literal_kind(last)
            && both.is_some_and(|(first, last)| first > last)
        {
            self.diagnostics.error(codes::WORD_RANGE, range, message);
        }
    }
}

/// The two ends of `a..b`.
fn ends(value: &Expr) -> Option<(&Expr, &Expr)> {
    match value {
        Expr::Range(ExprRange {
            start: Some(start),
            limits: RangeLimits::HalfOpen(_),
            end: Some(end),
            ..
        }) => Some((&**start, &**end)),
        _ => None,
    }
}
