//! The names that patterns bind.

use syn::{Ident, Pat, Type};

use super::types::{failure, success};

/// A name that a pattern binds.
pub(crate) struct PatternBinding {
    pub(crate) name: Ident,
    pub(crate) mutable: bool,
    pub(crate) by_reference: bool,
    pub(crate) ty: Option<Type>,
    pub(crate) annotated: bool,
}

/// The names that `pattern` binds, with the types that follow from the type of the value.
pub(crate) fn pattern(pattern: &Pat, ty: Option<&Type>) -> Vec<PatternBinding> {
    let mut out = Vec::new();
    Collector { may_fail: true, out: &mut out }.collect(pattern, ty, false);
    out
}

/// As [`pattern`], where the pattern fits whatever the value is: no name in it is a constant.
pub(crate) fn pattern_of_let(pattern: &Pat, ty: Option<&Type>) -> Vec<PatternBinding> {
    let mut out = Vec::new();
    Collector { may_fail: false, out: &mut out }.collect(pattern, ty, false);
    out
}

struct Collector<'a> {
    /// Whether the pattern may not fit.
    may_fail: bool,
    out: &'a mut Vec<PatternBinding>,
}

impl Collector<'_> {
    fn collect(&mut self, pattern: &Pat, ty: Option<&Type>, annotated: bool) {
        match pattern {
            Pat::Ident(ident) => {
                // `None` and constants look like bindings; their case tells.
                let first = ident.ident.to_string().chars().next();
                let may_be_constant =
                    self.may_fail && ident.mutability.is_none() && ident.by_ref.is_none();
                let is_constant = may_be_constant && first.is_some_and(char::is_uppercase);
                if !is_constant || ident.subpat.is_some() {
                    self.out.push(PatternBinding {
                        name: ident.ident.clone(),
                        mutable: ident.mutability.is_some(),
                        by_reference: ident.by_ref.is_some(),
                        ty: ty.filter(|_| ident.by_ref.is_none()).cloned(),
                        annotated,
                    });
                }
                if let Some((_, inner)) = &ident.subpat {
                    self.collect(inner, ty, false);
                }
            }
            Pat::Type(typed) => self.collect(&typed.pat, Some(&typed.ty), true),
            Pat::Paren(inner) => self.collect(&inner.pat, ty, annotated),
            Pat::Guard(guarded) => self.collect(&guarded.pat, ty, annotated),
            Pat::Reference(reference) => self.collect(&reference.pat, None, false),
            Pat::Tuple(tuple) => {
                let types: Option<Vec<&Type>> = match ty {
                    Some(Type::Tuple(types)) if types.elems.len() == tuple.elems.len() => {
                        Some(types.elems.iter().collect())
                    }
                    _ => None,
                };
                for (index, element) in tuple.elems.iter().enumerate() {
                    self.collect(element, types.as_ref().map(|types| types[index]), annotated);
                }
            }
            Pat::TupleStruct(tuple) => {
                let name = tuple.path.segments.last().map(|segment| segment.ident.to_string());
                let inner = match name.as_deref() {
                    Some("Ok" | "Some") => ty.and_then(success),
                    Some("Err") => ty.and_then(failure),
                    _ => None,
                };
                for element in &tuple.elems {
                    self.collect(element, inner.as_ref(), false);
                }
            }
            Pat::Struct(fields) => {
                for field in &fields.fields {
                    self.collect(&field.pat, None, false);
                }
            }
            Pat::Slice(slice) => {
                slice.elems.iter().for_each(|element| self.collect(element, None, false));
            }
            // All alternatives bind the same names.
            Pat::Or(or) => {
                if let Some(first) = or.cases.first() {
                    self.collect(first, ty, annotated);
                }
            }
            _ => {}
        }
    }
}
