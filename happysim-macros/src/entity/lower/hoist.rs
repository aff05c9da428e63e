//! Steps inside larger expressions are moved in front of them, if everything that Rust would
//! evaluate before the step gives the same result afterwards.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Ident, UnOp};

use super::Lowering;
use crate::entity::codes;
use crate::entity::uses::Mode;

impl Lowering<'_> {
    /// Replaces every step in `expr` by a temporary that is evaluated before.
    pub(super) fn hoist(&mut self, expr: &mut Expr) {
        let mut before = None;
        let outside = core::mem::take(&mut self.passed);
        self.hoist_after(expr, &mut before);
        self.passed = outside;
    }

    /// A local that is looked at earlier in the expression, and changed by what would be moved in front
    /// of it.
    fn changed_by(&self, expr: &Expr) -> Option<String> {
        let mut changes = Changes::default();
        changes.visit_expr(expr);
        let is_passed =
            |name: &&Ident| self.lookup(name).is_some_and(|id| self.passed.contains(&id));
        changes.names.iter().find(is_passed).map(Ident::to_string)
    }

    /// `before` is the text of something that is evaluated earlier and cannot be moved.
    fn hoist_after(&mut self, expr: &mut Expr, before: &mut Option<String>) {
        if !self.splits(expr) {
            if before.is_none() && !is_pure(expr) {
                *before = Some(expr.to_token_stream().to_string());
            }
            self.pass(expr);
            return;
        }
        match expr {
            Expr::Paren(inner) => self.hoist_after(&mut inner.expr, before),
            Expr::Group(inner) => self.hoist_after(&mut inner.expr, before),
            Expr::Try(inner) if !is_step(&inner.expr) => {
                self.hoist_after(&mut inner.expr, before);
                Self::note(expr, before);
            }
            Expr::Binary(binary) if self.is_short_circuit(binary) => {
                let (left, right) = (&binary.left, &binary.right);
                let chosen: Expr = match binary.op {
                    BinOp::And(_) => syn::parse_quote!(if #left { #right } else { false }),
                    _ => syn::parse_quote!(if #left { true } else { #right }),
                };
                *expr = chosen;
                self.hoist_after(expr, before);
            }
            Expr::Await(_)
            | Expr::Try(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Loop(_) => {
                let earlier = before.clone().or_else(|| self.changed_by(expr));
                if let Some(earlier) = &earlier {
                    self.errors.error(codes::STEP_BEHIND, &*expr, format!(
                        "this step stands behind `{}` in one expression, whose value would have to \
                         be kept across it: bind it in a statement before, `let value: Type = ..;`",
                        abbreviated(earlier)
                    ));
                    *expr = syn::parse_quote!(());
                    return;
                }
                *expr = self.value_of(&expr.clone());
            }
            Expr::Call(call) => {
                self.hoist_after(&mut call.func, before);
                call.args.iter_mut().for_each(|argument| self.hoist_after(argument, before));
                Self::note(expr, before);
            }
            Expr::MethodCall(call) => {
                self.hoist_receiver(&mut call.receiver, before);
                call.args.iter_mut().for_each(|argument| self.hoist_after(argument, before));
                Self::note(expr, before);
            }
            Expr::Binary(binary) => self.hoist_binary(binary, before),
            Expr::Assign(assign) => {
                self.hoist_after(&mut assign.right, before);
                self.refuse(&assign.left, "the left side of an assignment");
            }
            Expr::Unary(unary) => {
                self.hoist_after(&mut unary.expr, before);
                if matches!(unary.op, UnOp::Deref(_)) {
                    Self::note(expr, before);
                }
            }
            Expr::Reference(inner) => self.hoist_after(&mut inner.expr, before),
            Expr::Cast(inner) => self.hoist_after(&mut inner.expr, before),
            Expr::Field(inner) => self.hoist_after(&mut inner.base, before),
            Expr::Index(inner) => {
                self.hoist_receiver(&mut inner.expr, before);
                self.hoist_after(&mut inner.index, before);
                Self::note(expr, before);
            }
            Expr::Tuple(tuple) => {
                tuple.elems.iter_mut().for_each(|element| self.hoist_after(element, before));
            }
            // Evaluated once, and copied.
            Expr::Repeat(list) => self.hoist_after(&mut list.expr, before),
            Expr::Array(array) => {
                array.elems.iter_mut().for_each(|element| self.hoist_after(element, before));
            }
            Expr::Struct(value) => {
                value.fields.iter_mut().for_each(|field| self.hoist_after(&mut field.expr, before));
                if let Some(rest) = &mut value.rest {
                    self.hoist_after(rest, before);
                }
            }
            Expr::Range(range) => {
                let bounds = [&mut range.start, &mut range.end];
                for bound in bounds.into_iter().flatten() {
                    self.hoist_after(bound, before);
                }
            }
            other => self.refuse_place(&other.clone()),
        }
    }

    fn note(expr: &Expr, before: &mut Option<String>) {
        if before.is_none() {
            *before = Some(expr.to_token_stream().to_string());
        }
    }

    /// A receiver that is a place is looked at only when the method is called.
    fn hoist_receiver(&mut self, receiver: &mut Expr, before: &mut Option<String>) {
        if self.splits(receiver) || !is_place(receiver) {
            self.hoist_after(receiver, before);
        } else {
            self.pass(receiver);
        }
    }

    /// What stands in front of a step is evaluated before it.
    fn pass(&mut self, expr: &Expr) {
        let reads = self.uses(expr, Mode::Place).reads;
        self.passed.extend(reads);
    }

    fn hoist_binary(&mut self, binary: &mut syn::ExprBinary, before: &mut Option<String>) {
        match binary.op {
            BinOp::And(_) | BinOp::Or(_) => {
                self.hoist_after(&mut binary.left, before);
                if self.splits(&binary.right) {
                    self.refuse_later(&binary.right);
                }
            }
            ref op if is_assignment(op) => {
                // As for numbers: the right side comes first.
                self.hoist_after(&mut binary.right, before);
                self.refuse(&binary.left, "the left side of an assignment");
            }
            _ => {
                self.hoist_after(&mut binary.left, before);
                self.hoist_after(&mut binary.right, before);
            }
        }
    }

    /// `a && b` with a step in `b`, which is evaluated only if `a` holds.
    fn is_short_circuit(&self, binary: &syn::ExprBinary) -> bool {
        matches!(binary.op, BinOp::And(_) | BinOp::Or(_))
            && self.splits(&binary.right)
            && !binds(&binary.left)
            && !binds(&binary.right)
    }

    /// A step that is waited for only where what is before it in the condition holds.
    fn refuse_later(&mut self, expr: &Expr) {
        self.errors.error(
            codes::STEP_PLACE,
            expr,
            "a step cannot stand in a later part of a condition with `let`: test it with another `if` \
             inside of the branch",
        );
    }

    fn refuse(&mut self, expr: &Expr, place: &str) {
        if self.splits(expr) {
            self.errors.error(codes::STEP_PLACE, expr, format!(
                "a step cannot stand in {place}: bind it in a statement before, `let value = ..;`"
            ));
        }
    }

    /// An expression in which no step can stand, as itself or in its parts.
    fn refuse_place(&mut self, expr: &Expr) {
        let (place, instead) = match expr {
            Expr::Closure(_) => (
                "a closure",
                "a closure runs within one instant; write a loop, or an `async fn` of this block \
                 that is called as `self.name(cx, ..).await`",
            ),
            Expr::Async(_) => (
                "an `async` block",
                "write an `async fn` of this block and start it with `cx.spawn(self.name(cx, ..))`",
            ),
            Expr::Macro(_) => {
                ("a macro call", "bind it in a statement before, `let value: Type = ..;`")
            }
            Expr::Unsafe(_) => ("an `unsafe` block", "move it out of the block"),
            Expr::Const(_) => ("a `const` block", "move it out of the block"),
            Expr::While(_) | Expr::ForLoop(_) => {
                ("a loop inside another expression", "make the loop a statement")
            }
            Expr::Let(_) => return self.refuse_later(expr),
            Expr::Break(_) | Expr::Continue(_) | Expr::Return(_) => (
                "an expression that leaves a loop or the function",
                "make the jump a statement, as in `if .. { break; }`",
            ),
            _ => ("this place", "bind it in a statement before, `let value: Type = ..;`"),
        };
        let what = match expr {
            Expr::Break(_) | Expr::Continue(_) | Expr::Return(_) => "a jump cannot stand in",
            _ => "a step cannot stand in",
        };
        self.errors.error(codes::STEP_PLACE, expr, format!("{what} {place}: {instead}"));
    }
}

/// The variables that code assigns to or borrows in order to change them.
#[derive(Default)]
struct Changes {
    names: Vec<Ident>,
}

impl Changes {
    fn place(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => self.names.extend(path.path.get_ident().cloned()),
            Expr::Field(field) => self.place(&field.base),
            Expr::Index(index) => self.place(&index.expr),
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Group(inner) => self.place(&inner.expr),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|place| self.place(place)),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Changes {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.place(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if is_assignment(&binary.op) {
            self.place(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        if reference.mutability.is_some() {
            self.place(&reference.expr);
        }
        visit::visit_expr_reference(self, reference);
    }
}

/// Whether the condition binds something by `let`.
pub(super) fn binds(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        Expr::Paren(inner) => binds(&inner.expr),
        _ => false,
    }
}

fn is_step(expr: &Expr) -> bool {
    match expr {
        Expr::Await(_) => true,
        Expr::Paren(inner) => is_step(&inner.expr),
        Expr::Group(inner) => is_step(&inner.expr),
        Expr::Try(inner) => is_step(&inner.expr),
        _ => false,
    }
}

/// A variable, a field or an element, without any call in it.
pub(super) fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(field) => is_place(&field.base),
        Expr::Paren(inner) => is_place(&inner.expr),
        Expr::Reference(inner) => is_place(&inner.expr),
        Expr::Index(index) => is_place(&index.expr) && is_pure(&index.index),
        _ => false,
    }
}

/// Whether the expression has the same value before and after a step: fields of the entity may
/// change while the handler waits, its locals may not.
pub(super) fn is_pure(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Paren(inner) => is_pure(&inner.expr),
        Expr::Group(inner) => is_pure(&inner.expr),
        Expr::Cast(inner) => is_pure(&inner.expr),
        Expr::Reference(inner) => is_pure(&inner.expr),
        Expr::Unary(unary) => !matches!(unary.op, UnOp::Deref(_)) && is_pure(&unary.expr),
        Expr::Field(field) => !is_self(&field.base) && is_pure(&field.base),
        Expr::Binary(binary) => {
            !is_assignment(&binary.op) && is_pure(&binary.left) && is_pure(&binary.right)
        }
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_pure),
        Expr::Array(array) => array.elems.iter().all(is_pure),
        Expr::Struct(value) => {
            value.fields.iter().all(|field| is_pure(&field.expr))
                && value.rest.as_deref().is_none_or(is_pure)
        }
        _ => false,
    }
}

fn is_assignment(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

fn is_self(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("self"))
}

fn abbreviated(text: &str) -> String {
    let text = text.replace(" . ", ".").replace(" (", "(").replace("( ", "(").replace(" )", ")");
    if text.chars().count() > 40 {
        let start: String = text.chars().take(36).collect();
        format!("{start} ..")
    } else {
        text
    }
}
