//! Values that have no name: Rust holds what is matched to the end of the branches, and what is borrowed by
//! a local to the end of its block.

use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, Local, Pat, UnOp};

use super::flow::edge;
use super::{Lowering, Target};
use crate::entity::cfg::{BindingId, Bindings, Origin, Terminator, Uses};
use crate::entity::types;
use crate::entity::uses::{Mode, leaves};

/// Methods that change what they are called on, of what may hold something.
const CHANGING: [&str; 7] = ["as_mut", "take", "insert", "replace", "pop", "drain", "iter_mut"];

impl Lowering<'_> {
    /// Whether something of the value may be left when it is matched against one of these.
    pub(super) fn outlasts(&self, value: &Expr, patterns: &[&Pat]) -> bool {
        self.is_called_on_held(value) || self.leaves_some(value, patterns)
    }

    fn leaves_some(&self, value: &Expr, patterns: &[&Pat]) -> bool {
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
        } else {
            self.bind_receivers(&mut value, &mut read);
        }
        if self.leaves_some(&value, patterns) {
            let by_change = is_changed(&value);
            if let Some((base, _)) = temporary(&mut value) {
                read.extend(self.bind_left(base, by_change));
            }
        }
        let mut uses = self.uses(&value, Mode::Place);
        // The value may borrow from them.
        uses.reads.extend(read);
        (value, uses)
    }

    /// Whether a method is called on something that is seen to release something.
    fn is_called_on_held(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(inner) => self.is_called_on_held(&inner.expr),
            Expr::MethodCall(call) => {
                self.is_held_value(&call.receiver) || self.is_called_on_held(&call.receiver)
            }
            _ => false,
        }
    }

    fn is_held_value(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Call(_) | Expr::MethodCall(_))
            && self.visible_type(expr).is_some_and(|ty| types::releases(&ty))
    }

    /// Makes locals of what methods are called on, where that is seen to release something: it is there as
    /// long as what they yield.
    fn bind_receivers(&mut self, expr: &mut Expr, read: &mut Bindings) {
        match expr {
            Expr::Paren(inner) => self.bind_receivers(&mut inner.expr, read),
            Expr::MethodCall(call) => {
                self.bind_receivers(&mut call.receiver, read);
                if self.is_held_value(&call.receiver) {
                    let mutable = CHANGING.iter().any(|method| call.method == method);
                    read.extend(self.bind_left(&mut call.receiver, mutable));
                }
            }
            _ => {}
        }
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

    /// `let name = &value;` and `let ref name = value;`: Rust keeps the value to the end of the block.
    pub(super) fn borrowed(&mut self, local: &Local, written: &Expr) -> bool {
        let mut init = written.clone();
        let is_reference = matches!(init, Expr::Reference(_));
        let is_by_reference = matches!(&local.pat, Pat::Ident(name) if name.by_ref.is_some());
        let mutable = is_changed(&init)
            || matches!(&local.pat, Pat::Ident(name) if is_by_reference && name.mutability.is_some());
        let Some((value, is_all)) = temporary(&mut init) else { return false };
        let is_extended = is_reference || is_by_reference && is_all;
        if !is_extended {
            return false;
        }
        let id = self.left_of(value);
        self.graph.bindings[id].mutable = mutable;
        self.expression_into(&value.clone(), Target::Bind(id));
        self.declare(id);
        let name = &self.graph.bindings[id].name;
        *value = syn::parse_quote!(#name);
        let (outside, ty) = (self.in_scope(), self.visible_type(written));
        self.opaque_let(local, &init, None, ty.as_ref());
        for id in self.declared_since(&outside) {
            self.graph.bindings[id].advice = None;
            self.advise(id, written);
        }
        true
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
        Expr::Await(_)
        | Expr::Call(_)
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
