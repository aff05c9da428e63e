//! Attributes inside of a body that would be lost when it is taken apart.

use syn::visit::{self, Visit};
use syn::{Arm, Attribute, Block, Expr, Local, StmtMacro};

use super::Lowering;
use crate::diagnostics::Diagnostics;
use crate::entity::codes;
use crate::entity::signature::is_about_lints;

/// Refuses `#[cfg(..)]` on statements and arms.
pub(super) fn refuse_cfg(body: &Block, errors: &mut Diagnostics) {
    Conditions { errors }.visit_block(body);
}

impl Lowering<'_> {
    /// What is said of lints at something that is taken apart holds for the function.
    pub(super) fn keep_lints(&mut self, attributes: &[Attribute]) {
        let lints = attributes.iter().filter(|attribute| is_about_lints(attribute));
        self.graph.lints.extend(lints.cloned());
    }

    pub(super) fn keep_lints_of(&mut self, expr: &Expr) {
        self.keep_lints(of(expr));
    }
}

struct Conditions<'a> {
    errors: &'a mut Diagnostics,
}

impl Conditions<'_> {
    fn refuse(&mut self, attributes: &[Attribute]) {
        let conditions = attributes.iter().filter(|attribute| {
            attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
        });
        for attribute in conditions {
            self.errors.error(
                codes::ATTRIBUTE,
                attribute,
                "a part of an `async fn` of an entity cannot be left out by an attribute, because the \
                 function is taken apart at its steps: write `if cfg!(..) { .. }`, or call a function \
                 without steps that has the attribute in its body",
            );
        }
    }
}

impl<'ast> Visit<'ast> for Conditions<'_> {
    fn visit_local(&mut self, local: &'ast Local) {
        self.refuse(&local.attrs);
        visit::visit_local(self, local);
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        self.refuse(&arm.attrs);
        visit::visit_arm(self, arm);
    }

    fn visit_stmt_macro(&mut self, mac: &'ast StmtMacro) {
        self.refuse(&mac.attrs);
        visit::visit_stmt_macro(self, mac);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.refuse(of(expr));
        visit::visit_expr(self, expr);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// The attributes of an expression of the kinds that are taken apart.
fn of(expr: &Expr) -> &[Attribute] {
    match expr {
        Expr::Await(expr) => &expr.attrs,
        Expr::Block(expr) => &expr.attrs,
        Expr::Break(expr) => &expr.attrs,
        Expr::Call(expr) => &expr.attrs,
        Expr::Continue(expr) => &expr.attrs,
        Expr::ForLoop(expr) => &expr.attrs,
        Expr::If(expr) => &expr.attrs,
        Expr::Loop(expr) => &expr.attrs,
        Expr::Match(expr) => &expr.attrs,
        Expr::MethodCall(expr) => &expr.attrs,
        Expr::Return(expr) => &expr.attrs,
        Expr::Try(expr) => &expr.attrs,
        Expr::While(expr) => &expr.attrs,
        Expr::Assign(expr) => &expr.attrs,
        Expr::Binary(expr) => &expr.attrs,
        _ => &[],
    }
}
