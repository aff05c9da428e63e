//! Statements, and the blocks of them.

use quote::{ToTokens, quote};
use syn::{Block, Expr, Local, Pat, Stmt, Type};

use super::{Lowering, Target, split};
use crate::entity::cfg::{Origin, StatementKind, Uses};
use crate::entity::uses::Mode;
use crate::entity::{patterns, prepare, unbegun};

impl Lowering<'_> {
    pub(super) fn block_into(&mut self, block: &Block, target: Target) {
        self.items(block);
        self.refuse_macros(block);
        self.open_scope();
        let statements: Vec<&Stmt> =
            block.stmts.iter().filter(|statement| !matches!(statement, Stmt::Item(_))).collect();
        let ahead = self.step_ahead;
        // Whether a step follows each statement.
        let mut follows = vec![ahead; statements.len()];
        for index in (1..statements.len()).rev() {
            follows[index - 1] = follows[index] || Self::has_step(statements[index]);
        }
        let mut tail = self.behind_last_split(&statements, &follows, 0);
        let mut rest = None;
        let mut has_value = false;
        for (index, statement) in statements.iter().enumerate() {
            // What was declared in the meantime may be given away farther behind.
            if index == tail {
                tail = self.behind_last_split(&statements, &follows, index);
            }
            if index == tail && !matches!(target, Target::Return) && is_piece(&statements[index..])
            {
                rest = Some(&statements[index..]);
                break;
            }
            self.step_ahead = follows[index];
            match statement {
                Stmt::Expr(expr, None) if index + 1 == statements.len() => {
                    self.expression_into(expr, target);
                    has_value = true;
                }
                _ => self.statement(statement),
            }
        }
        self.step_ahead = ahead;
        if let Some(rest) = rest {
            let stmts = rest.iter().copied().cloned().collect();
            let rest = Block { brace_token: block.brace_token, stmts };
            let rest = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: rest });
            self.opaque_into(&rest, target);
        } else if !has_value {
            self.unit_into(target);
        }
        if matches!(target, Target::Return) {
            self.scopes.pop();
        } else {
            self.close_scope();
        }
    }

    /// The first statement, not before `from`, from which on none is to be taken apart.
    pub(super) fn behind_last_split(
        &mut self,
        statements: &[&Stmt],
        follows: &[bool],
        from: usize,
    ) -> usize {
        let last = (from..statements.len()).rev().find(|&index| {
            self.step_ahead = follows[index];
            self.splits_statement(statements[index])
        });
        last.map_or(from, |last| last + 1)
    }

    pub(super) fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => {
                let errors = &mut *self.errors;
                prepare::refuse_unbegun(statement, self.entity, self.method, errors);
                self.local(local);
            }
            Stmt::Item(_) => {}
            Stmt::Expr(expr, _) => {
                let errors = &mut *self.errors;
                prepare::refuse_unbegun(statement, self.entity, self.method, errors);
                self.expression_into(expr, Target::Discard);
            }
            Stmt::Macro(mac) => {
                let expr =
                    Expr::Macro(syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() });
                self.expression_into(&expr, Target::Discard);
            }
        }
    }

    pub(super) fn local(&mut self, local: &Local) {
        self.keep_lints(&local.attrs);
        let Some(init) = &local.init else {
            let ids = self.declare_surely(&local.pat, None);
            if let [id] = ids[..] {
                self.advise_declared(id);
            }
            let pattern = local.pat.to_token_stream();
            self.push(
                StatementKind::Let { pattern, init: None, diverge: None },
                Uses::default(),
                ids,
            );
            return;
        };
        let diverge = init.diverge.as_ref().map(|(_, diverge)| &**diverge);
        if let Some(diverge) = diverge
            && self.splits(diverge)
        {
            self.let_else(&local.pat, &init.expr, diverge);
            return;
        }
        if diverge.is_none() && self.step_ahead && self.borrowed(local, &init.expr) {
            return;
        }
        let ty = self.visible_type(&init.expr);
        if !self.splits(&init.expr) {
            self.opaque_let(local, &init.expr, diverge, ty.as_ref());
            return;
        }
        if diverge.is_none()
            && let [bound] = &patterns::pattern_of_let(&local.pat, ty.as_ref())[..]
            && is_name(&local.pat)
            && !bound.by_reference
        {
            let id = self.binding(
                &bound.name,
                bound.mutable,
                bound.ty.clone(),
                bound.annotated,
                Origin::Named,
            );
            self.note_guess(&[id], &init.expr);
            self.advise(id, &init.expr);
            self.expression_into(&init.expr, Target::Bind(id));
            self.declare(id);
            return;
        }
        if matches!(local.pat, Pat::Wild(_)) {
            self.expression_into(&init.expr, Target::Discard);
            return;
        }
        if let Pat::Type(typed) = &local.pat
            && matches!(*typed.pat, Pat::Wild(_))
        {
            // It is dropped here, and is to be of that type.
            let (value, ty) = (self.value_of(&init.expr), &typed.ty);
            let uses = self.uses(&value, Mode::Value);
            let dropped = quote!(::core::mem::drop::<#ty>(#value););
            self.push(StatementKind::Expression(dropped), uses, Vec::new());
            return;
        }
        let borrows = matches!(&*init.expr, Expr::Reference(_))
            || patterns::pattern(&local.pat, ty.as_ref()).iter().any(|bound| bound.by_reference);
        let outside = self.in_scope();
        let value = self.value_of(&init.expr);
        let left = self.declared_since(&outside);
        self.opaque_let(local, &value, diverge, ty.as_ref());
        if !borrows {
            // What the pattern leaves of the value ends with the statement.
            self.undeclare(&left);
            self.end_scope(left);
        }
    }

    pub(super) fn opaque_let(
        &mut self,
        local: &Local,
        init: &Expr,
        diverge: Option<&Expr>,
        ty: Option<&Type>,
    ) {
        let uses = self.uses_of_let(init, &local.pat);
        let tokens = self.prepared(init);
        let context = &self.method.context;
        let asked = unbegun::unread(&local.pat, init, &tokens, self.entity, context);
        let tokens = asked.unwrap_or(tokens);
        let diverge = diverge.map(|diverge| self.prepared(diverge));
        let ids = match &diverge {
            Some(_) => self.declare_pattern(&local.pat, ty),
            None => self.declare_surely(&local.pat, ty),
        };
        self.note_context(&ids, init);
        self.note_guess(&ids, init);
        if let [id] = ids[..] {
            self.advise(id, init);
        }
        let pattern = local.pat.to_token_stream();
        self.push(StatementKind::Let { pattern, init: Some(tokens), diverge }, uses, ids);
    }
}

/// Whether statements without a step are better one piece, so that Rust ends the scopes in it.
fn is_piece(statements: &[&Stmt]) -> bool {
    statements.iter().any(|statement| matches!(statement, Stmt::Local(_)))
        && !statements.last().is_some_and(|last| split::statement_diverges(last))
}

/// A name, with a type or without.
pub(super) fn is_name(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(_) => true,
        Pat::Type(typed) => is_name(&typed.pat),
        _ => false,
    }
}
