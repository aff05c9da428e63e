//! Whole numbers: of replicas, and those by which replicas are named.

use syn::{Expr, ExprLit, Lit};

use crate::units::{Kind, literal_base, literal_kind};

/// What a value is that shows that it is no whole number.
pub(super) fn what_else(value: &Expr) -> Option<&'static str> {
    match value {
        Expr::Group(group) => what_else(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => Some("a string"),
        Expr::Lit(ExprLit { lit: Lit::Bool(_), .. }) => Some("a `bool`"),
        Expr::Range(_) => Some("a range"),
        Expr::Macro(value) if value.mac.path.is_ident("profile") => Some("a profile"),
        _ => match literal_kind(value)? {
            Kind::Number => {
                literal_base(value).filter(|number| number.fract() != 0.0).map(|_| "a fraction")
            }
            other => Some(other.name()),
        },
    }
}
