//! What stands in the attributes of a field.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprRange, Lit, Meta, RangeLimits, Token, UnOp};

use crate::diagnostics::{Diagnostics, did_you_mean, either};
use crate::entity::{codes, types};

pub(super) const ATTRIBUTES: &[&str] = &["param", "state", "port", "shared"];
const OPTIONS: &[&str] = &["default", "range", "lanes"];

/// The role that an attribute gives its field; a near miss counts as what was meant.
pub(super) fn role(attribute: &Attribute) -> Option<&'static str> {
    let name = attribute.path().get_ident()?.to_string();
    if let Some(role) = ATTRIBUTES.iter().find(|role| **role == name) {
        return Some(role);
    }
    // Words of other tools are nobody's misspelling.
    let is_short = name.chars().count() < 4;
    if is_short || ["doc", "serde"].contains(&name.as_str()) {
        return None;
    }
    did_you_mean(&name, ATTRIBUTES.iter().copied())
}

/// Reports a near miss.
pub(super) fn check_name(attribute: &Attribute, role: &str, errors: &mut Diagnostics) {
    if !attribute.path().is_ident(role) {
        let found = types::text(attribute.path());
        errors.error(
            codes::ATTRIBUTE,
            attribute,
            format!("a field has no attribute `{found}`: did you mean `#[{role}]`?"),
        );
    }
}

/// Refuses what would leave out a field, or its role: whether it does is not known here, and all
/// that is made of the struct names the field.
pub(super) fn refuse_cfg(attribute: &Attribute, errors: &mut Diagnostics) -> bool {
    let path = attribute.path();
    let message = if path.is_ident("cfg") {
        "a field of an entity cannot be left out by `#[cfg]`, because the entity's other parts name \
         it: put the attribute on the whole struct and its block, or keep the field and write `if cfg!(..) { .. }` \
         where it is used"
    } else if path.is_ident("cfg_attr") && gives_role(attribute) {
        "the role of a field cannot depend on `#[cfg_attr]`, because the entity's other parts are \
         made for it: write the role as an attribute of its own"
    } else {
        return false;
    };
    errors.error(codes::ATTRIBUTE, attribute, message);
    true
}

/// Whether one of the attributes in `#[cfg_attr(condition, ..)]` is a role.
fn gives_role(attribute: &Attribute) -> bool {
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    let Ok(list) = attribute.parse_args_with(parser) else { return false };
    let mut given = list.iter().skip(1);
    given.any(|meta| ATTRIBUTES.iter().any(|role| meta.path().is_ident(role)))
}

/// `#[port]` and `#[shared]`.
pub(super) fn refuse_arguments(attribute: &Attribute, role: &str, errors: &mut Diagnostics) {
    if !matches!(attribute.meta, Meta::Path(_)) {
        errors.error(codes::ATTRIBUTE, attribute, format!("`#[{role}]` takes no arguments"));
    }
}

/// The values that a parameter may have, in its base unit.
#[derive(Default)]
pub(super) struct Range {
    pub(super) low: Option<Expr>,
    pub(super) high: Option<Expr>,
}

/// What `#[param(..)]` says.
#[derive(Default)]
pub(super) struct Options {
    pub(super) default: Option<Expr>,
    pub(super) range: Option<Range>,
    /// The port whose lanes the parameter names.
    pub(super) lanes: Option<Ident>,
}

/// `#[param(default = value, range = low..=high, lanes = port)]`.
pub(super) fn parameter(name: &Ident, attribute: &Attribute, errors: &mut Diagnostics) -> Options {
    let Meta::List(list) = &attribute.meta else { return Options::default() };
    let options = match list.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
        Ok(options) => options,
        Err(error) => {
            errors.syn_error(codes::ATTRIBUTE_SYNTAX, error);
            return Options::default();
        }
    };
    let (mut default, mut range): (Option<Expr>, Option<ExprRange>) = (None, None);
    let mut lanes: Option<Ident> = None;
    for option in options {
        let Expr::Assign(assign) = &option else {
            refuse_option(&option, &option, errors);
            continue;
        };
        let is_second = (is_name(&assign.left, "default") && default.is_some())
            || (is_name(&assign.left, "range") && range.is_some())
            || (is_name(&assign.left, "lanes") && lanes.is_some());
        if is_second {
            let word = types::text(&assign.left);
            errors.error(
                codes::PARAM_OPTION,
                &option,
                format!("`{word}` is given twice: remove one of the two"),
            );
        } else if is_name(&assign.left, "default") {
            default = Some((*assign.right).clone());
        } else if is_name(&assign.left, "range") {
            match &*assign.right {
                Expr::Range(found) => range = Some(found.clone()),
                other => errors.error(
                    codes::RANGE,
                    other,
                    "a range is written `low..=high`, `low..` or `..=high`, with numbers in the \
                     base unit",
                ),
            }
        } else if is_name(&assign.left, "lanes") {
            lanes = lanes_of(&assign.right, errors);
        } else {
            refuse_option(&option, &assign.left, errors);
        }
    }
    let range = range.map(|range| bounds(name, &range, default.as_ref(), errors));
    Options { default, range, lanes }
}

/// The port in `lanes = port`.
fn lanes_of(port: &Expr, errors: &mut Diagnostics) -> Option<Ident> {
    if let Expr::Path(path) = port
        && let Some(name) = path.path.get_ident()
    {
        return Some(name.clone());
    }
    errors.error(
        codes::PARAM_OPTION,
        port,
        "`lanes` names the port whose lanes the parameter names: write `lanes = port`",
    );
    None
}

fn refuse_option(option: &Expr, word: &Expr, errors: &mut Diagnostics) {
    let found = types::text(word);
    let message = match did_you_mean(&found, OPTIONS.iter().copied()) {
        Some(meant) => format!("a parameter has no option `{found}`: did you mean `{meant}`?"),
        None => {
            "the options of a parameter are `default = value`, `range = low..=high` and `lanes = \
                 port`"
                .into()
        }
    };
    errors.error(codes::PARAM_OPTION, option, message);
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident(name))
}

fn bounds(
    name: &Ident,
    range: &ExprRange,
    default: Option<&Expr>,
    errors: &mut Diagnostics,
) -> Range {
    let text = types::text(range);
    if let (RangeLimits::HalfOpen(_), Some(_)) = (&range.limits, &range.end) {
        errors.error(
            codes::RANGE,
            range,
            "the end of a parameter's range is one of its values: write `low..=high`",
        );
    }
    let (low, high) = (range.start.as_deref(), range.end.as_deref());
    let number = |bound: Option<&Expr>| bound.and_then(base_value);
    let (least, most) = (number(low), number(high));
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        errors.error(codes::RANGE, range, format!("no value lies in `{text}`: swap the two ends"));
    } else if let Some(default) = default
        && let Some(value) = base_value(default)
        && (least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most))
    {
        let shown = types::text(default);
        errors.error(
            codes::RANGE,
            default,
            format!(
                "the default of `{name}` is not in its range: `{shown}` is outside of `{text}`"
            ),
        );
    }
    Range { low: low.cloned(), high: high.cloned() }
}

/// The value of a literal, in its base unit: of numbers, and of `millis(5)` and its like.
fn base_value(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => int.base10_digits().parse().ok(),
            Lit::Float(float) => float.base10_digits().parse().ok(),
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            base_value(&unary.expr).map(|value| -value)
        }
        Expr::Paren(inner) => base_value(&inner.expr),
        Expr::Group(inner) => base_value(&inner.expr),
        Expr::Call(call) if call.args.len() == 1 => {
            let Expr::Path(function) = &*call.func else { return None };
            let seconds = match function.path.get_ident()?.to_string().as_str() {
                "nanos" => 1e-9,
                "micros" => 1e-6,
                "millis" => 1e-3,
                "seconds" => 1.0,
                "minutes" => 60.0,
                "hours" => 3600.0,
                _ => return None,
            };
            Some(base_value(call.args.first()?)? * seconds)
        }
        _ => None,
    }
}

/// `#[state]` or `#[state(initial value)]`.
pub(super) fn state(name: &Ident, attribute: &Attribute, errors: &mut Diagnostics) -> Option<Expr> {
    let Meta::List(list) = &attribute.meta else { return None };
    match list.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
        Ok(values) if values.len() == 1 => values.into_iter().next(),
        Ok(values) => {
            errors.error(
                codes::ATTRIBUTE_SYNTAX,
                if values.is_empty() {
                    attribute.to_token_stream()
                } else {
                    values.to_token_stream()
                },
                format!(
                    "`#[state(..)]` holds the one value with which `{name}` begins; `#[state]` \
                     alone begins with `Default::default()`"
                ),
            );
            None
        }
        Err(error) => {
            errors.syn_error(codes::ATTRIBUTE_SYNTAX, error);
            None
        }
    }
}

/// "one of `#[param(..)]`, .."
pub(super) fn roles() -> String {
    either(&["#[param(..)]", "#[state]", "#[port]", "#[shared]"])
}
