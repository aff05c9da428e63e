//! Which code must be taken apart: what holds a step, or leaves a loop that was taken apart.

use syn::visit::{self, Visit};
use syn::{Expr, Label, Lifetime, Macro, Stmt};

use super::Lowering;
use crate::entity::signature::mentions_await;
use crate::entity::uses::Mode;

/// Finds steps and jumps out of the visited code.
#[derive(Default)]
struct Finder {
    has_step: bool,
    /// `break` or `continue` without a label, outside of any loop in the visited code.
    jumps: bool,
    /// Labels that are jumped to and not declared in the visited code.
    labels: Vec<String>,
    declared: Vec<String>,
    depth: usize,
}

impl Finder {
    fn jump(&mut self, label: Option<&Lifetime>) {
        match label {
            Some(label) => {
                let label = label.ident.to_string();
                if !self.declared.contains(&label) {
                    self.labels.push(label);
                }
            }
            None => self.jumps |= self.depth == 0,
        }
    }

    fn labelled(&mut self, label: Option<&Label>, is_loop: bool, work: impl FnOnce(&mut Self)) {
        if let Some(label) = label {
            self.declared.push(label.name.ident.to_string());
        }
        self.depth += usize::from(is_loop);
        work(self);
        self.depth -= usize::from(is_loop);
        if label.is_some() {
            self.declared.pop();
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_expr_await(&mut self, _: &'ast syn::ExprAwait) {
        self.has_step = true;
    }

    fn visit_expr_break(&mut self, jump: &'ast syn::ExprBreak) {
        self.jump(jump.label.as_ref());
        visit::visit_expr_break(self, jump);
    }

    fn visit_expr_continue(&mut self, jump: &'ast syn::ExprContinue) {
        self.jump(jump.label.as_ref());
    }

    fn visit_expr_loop(&mut self, body: &'ast syn::ExprLoop) {
        self.labelled(body.label.as_ref(), true, |this| visit::visit_expr_loop(this, body));
    }

    fn visit_expr_while(&mut self, body: &'ast syn::ExprWhile) {
        self.labelled(body.label.as_ref(), true, |this| visit::visit_expr_while(this, body));
    }

    fn visit_expr_for_loop(&mut self, body: &'ast syn::ExprForLoop) {
        self.labelled(body.label.as_ref(), true, |this| visit::visit_expr_for_loop(this, body));
    }

    fn visit_expr_block(&mut self, block: &'ast syn::ExprBlock) {
        self.labelled(block.label.as_ref(), false, |this| visit::visit_expr_block(this, block));
    }

    // Steps in these are errors and found by the visitors that look for errors; so that one is
    // reported, the code around them is taken apart.
    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.has_step |= mentions_await(mac.tokens.clone());
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

impl Lowering<'_> {
    /// Whether the expression must be taken apart.
    pub(super) fn splits(&self, expr: &Expr) -> bool {
        let mut finder = Finder::default();
        finder.visit_expr(expr);
        self.found(&finder) || self.gives_away(expr)
    }

    /// Whether the expression gives away or replaces, on some of its paths, what is to be held across a
    /// later step: it is taken apart, so that each path knows what it has.
    fn gives_away(&self, expr: &Expr) -> bool {
        let has_paths = matches!(
            expr,
            Expr::If(_)
                | Expr::Match(_)
                | Expr::Block(_)
                | Expr::Loop(_)
                | Expr::While(_)
                | Expr::ForLoop(_)
                | Expr::Binary(_)
                | Expr::Assign(_)
                | Expr::Paren(_)
                | Expr::Group(_)
        );
        let step_ahead = self.step_ahead || self.frames.iter().any(|frame| frame.head.is_some());
        step_ahead && has_paths && {
            let uses = self.uses(expr, Mode::Value);
            let uncertain = uses.maybe_moves.iter().chain(&uses.maybe_assigns);
            uncertain.into_iter().any(|&id| self.graph.bindings[id].is_held())
        }
    }

    pub(super) fn splits_statement(&self, statement: &Stmt) -> bool {
        let mut finder = Finder::default();
        finder.visit_stmt(statement);
        let value = match statement {
            Stmt::Local(local) => local.init.as_ref().map(|init| &*init.expr),
            Stmt::Expr(expr, _) => Some(expr),
            Stmt::Item(_) | Stmt::Macro(_) => None,
        };
        self.found(&finder) || value.is_some_and(|value| self.gives_away(value))
    }

    /// Whether the statement holds a step.
    pub(super) fn has_step(statement: &Stmt) -> bool {
        let mut finder = Finder::default();
        finder.visit_stmt(statement);
        finder.has_step
    }

    fn found(&self, finder: &Finder) -> bool {
        let leaves =
            |label: &String| self.frames.iter().any(|frame| frame.label.as_ref() == Some(label));
        let in_loop = self.frames.iter().any(|frame| frame.head.is_some());
        finder.has_step || (finder.jumps && in_loop) || finder.labels.iter().any(leaves)
    }
}

/// Whether an expression certainly never yields a value, as far as its form shows.
pub(super) fn diverges(expr: &Expr) -> bool {
    match expr {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Macro(mac) => macro_diverges(&mac.mac),
        Expr::Paren(inner) => diverges(&inner.expr),
        Expr::Block(block) if block.label.is_none() => {
            block.block.stmts.last().is_some_and(statement_diverges)
        }
        _ => false,
    }
}

pub(super) fn statement_diverges(statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(expr, _) => diverges(expr),
        Stmt::Macro(mac) => macro_diverges(&mac.mac),
        _ => false,
    }
}

fn macro_diverges(mac: &Macro) -> bool {
    ["panic", "unreachable", "todo", "unimplemented"]
        .iter()
        .any(|name| mac.path.segments.last().is_some_and(|last| last.ident == name))
}
