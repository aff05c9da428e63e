//! Values that are matched: Rust holds what the pattern leaves of them to the end of the branches.

use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, Pat, UnOp};

use super::flow::edge;
use super::{Lowering, Target};
use crate::entity::cfg::{BindingId, Bindings, Origin, Terminator, Uses};
use crate::entity::types;
use crate::entity::uses::{Mode, leaves};

impl Lowering<'_> {
    /// Whether something of the value may be left when it is matched against one of these.
    pub(super) fn outlasts(&self, value: &Expr, patterns: &[&Pat]) -> bool {
        let mut value = value.clone();
        let Some((base, is_all)) = temporary(&mut value) else { return false };
        let ty = self.visible_type(base);
        if is_all {
            patterns.iter().any(|pattern| leaves(pattern, ty.as_ref()))
        } else {
            !ty.is_some_and(|ty| types::is_plain(&ty))
        }
    }

    /// What is matched against these, evaluated so far that no step is left in it, and what that uses. What
    /// may be left of it is a local.
    pub(super) fn scrutinee(&mut self, value: &Expr, patterns: &[&Pat]) -> (Expr, Uses) {
        let mut value = value.clone();
        let mut read = Bindings::new();
        if self.splits(&value) {
            let id = self.left_of(&value);
            self.expression_into(&value, Target::Bind(id));
            self.declare(id);
            let name = &self.graph.bindings[id].name;
            value = syn::parse_quote!(#name);
        } else if self.outlasts(&value, patterns) {
            let by_change = is_changed(&value);
            if let Some((base, _)) = temporary(&mut value) {
                read = self.bind_left(base, by_change);
            }
        }
        let mut uses = self.uses(&value, Mode::Place);
        // The value may borrow from them.
        uses.reads.extend(read);
        (value, uses)
    }

    /// Makes a local of the value, by a pattern, so that what it borrows from is there as long as it is.
    /// Yields what the value may borrow from.
    fn bind_left(&mut self, value: &mut Expr, mutable: bool) -> Bindings {
        let id = self.left_of(value);
        self.graph.bindings[id].mutable = mutable;
        let (uses, scrutinee) = (self.uses(value, Mode::Value), self.prepared(value));
        // A literal of a struct cannot stand there without.
        let scrutinee = quote!((#scrutinee));
        let read = uses.reads.iter().copied().filter(|id| !uses.takes(*id)).collect();
        let next = self.new_block();
        let arms = vec![edge(self.binding_pattern(id), vec![id], next)];
        self.terminate(Terminator::Match { scrutinee, uses, arms });
        self.declare(id);
        self.enter(next);
        let name = &self.graph.bindings[id].name;
        *value = syn::parse_quote!(#name);
        read
    }

    /// A local of ours that has the value. It is kept across steps for what it releases; of types that do not
    /// show that they release something, rustc is asked.
    fn left_of(&mut self, value: &Expr) -> BindingId {
        let ty = self.visible_type(value);
        let ty = ty.filter(|ty| self.splits(value) || types::releases(ty));
        let id = self.temporary("value", false, ty);
        let binding = &mut self.graph.bindings[id];
        binding.origin = Origin::Matched;
        binding.name.set_span(value.span());
        binding.field.set_span(value.span());
        id
    }
}

/// The part of an expression that makes the value of which the expression is a place, and whether that is
/// all of it.
fn temporary(expr: &mut Expr) -> Option<(&mut Expr, bool)> {
    let inner = match expr {
        Expr::Paren(inner) => return temporary(&mut inner.expr),
        Expr::Group(inner) => return temporary(&mut inner.expr),
        Expr::Field(field) => &mut field.base,
        Expr::Index(index) => &mut index.expr,
        Expr::Reference(reference) => &mut reference.expr,
        Expr::Unary(unary) => match unary.op {
            UnOp::Deref(_) => &mut unary.expr,
            _ => return None,
        },
        Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Macro(_)
        | Expr::Struct(_)
        | Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::If(_)
        | Expr::Match(_)
        | Expr::Block(_)
        | Expr::Try(_) => return Some((expr, true)),
        _ => return None,
    };
    temporary(inner).map(|(base, _)| (base, false))
}

/// Whether the value is borrowed to be changed.
fn is_changed(value: &Expr) -> bool {
    matches!(value, Expr::Reference(reference) if reference.mutability.is_some())
}
