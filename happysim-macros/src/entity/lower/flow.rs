//! `if`, `match`, `let .. else` and labelled blocks around steps.

use quote::{ToTokens, quote};
use syn::{Arm, BinOp, Expr, ExprBlock, ExprIf, ExprLet, ExprMatch, Pat};

use super::hoist::binds;
use super::{Frame, Lowering, Target};
use crate::entity::advice::Advice;
use crate::entity::cfg::{ArmEdge, BindingId, BlockId, Terminator, Uses};
use crate::entity::codes;
use crate::entity::place::ends;
use crate::entity::uses::Mode;

impl Lowering<'_> {
    pub(super) fn if_into(&mut self, branch: &ExprIf, target: Target) {
        let join = self.new_block();
        self.open_scope();
        let otherwise = self.condition(&branch.cond);
        self.block_into(&branch.then_branch, target);
        self.close_scope();
        self.goto(join);
        self.enter(otherwise);
        match &branch.else_branch {
            Some((_, other)) => self.expression_into(other, target),
            None => self.unit_into(target),
        }
        self.goto(join);
        self.enter_join(join, target);
    }

    /// Branches on a condition; goes on in the branch where it holds, with what it binds in the
    /// innermost scope. Yields the other branch.
    pub(super) fn condition(&mut self, condition: &Expr) -> BlockId {
        let otherwise = self.new_block();
        self.go_on_if(condition, otherwise);
        otherwise
    }

    fn go_on_if(&mut self, condition: &Expr, otherwise: BlockId) {
        match condition {
            Expr::Binary(chain) if binds(condition) && self.is_taken_apart(condition) => {
                let outside = self.in_scope();
                self.go_on_if(&chain.left, otherwise);
                for id in self.declared_since(&outside) {
                    let binding = &mut self.graph.bindings[id];
                    if binding.ty.is_none() && binding.advice.is_none() {
                        binding.advice = Some(Advice::InChain);
                    }
                }
                self.go_on_if(&chain.right, otherwise);
            }
            Expr::Let(binds) if self.is_taken_apart(condition) => {
                self.go_on_if_let(binds, otherwise);
            }
            _ => self.go_on_if_true(condition, otherwise),
        }
    }

    /// Whether the parts of a condition are branches of their own.
    fn is_taken_apart(&self, condition: &Expr) -> bool {
        match condition {
            Expr::Let(binds) => {
                self.splits(&binds.expr)
                    || self.outlasts(&binds.expr, &[&binds.pat])
                    || !self.taken_by(&binds.expr, &binds.pat).moves.is_empty()
            }
            Expr::Binary(chain) if matches!(chain.op, BinOp::And(_)) => {
                self.is_taken_apart(&chain.left) || self.is_taken_apart(&chain.right)
            }
            other => self.splits(other),
        }
    }

    fn go_on_if_let(&mut self, condition: &ExprLet, otherwise: BlockId) {
        let then = self.new_block();
        let ty = self.visible_type(&condition.expr);
        let (value, uses) = self.scrutinee(&condition.expr, &[&condition.pat]);
        let taken = self.taken_by(&value, &condition.pat);
        let scrutinee = self.prepared(&value);
        let defines = self.declare_pattern(&condition.pat, ty.as_ref());
        let mut found = edge(condition.pat.to_token_stream(), defines, then);
        found.taken = taken;
        let arms = vec![found, edge(quote!(_), Vec::new(), otherwise)];
        self.terminate(Terminator::Match { scrutinee, uses, arms });
        self.enter(then);
    }

    fn go_on_if_true(&mut self, condition: &Expr, otherwise: BlockId) {
        let then = self.new_block();
        let mut condition = condition.clone();
        if self.splits(&condition) {
            // A value of its own, so that its temporaries end before the branch begins.
            condition = self.value_of(&condition);
        }
        let uses = self.uses(&condition, Mode::Value);
        let tokens = self.prepared(&condition);
        let mut defines = Vec::new();
        self.declare_chain(&condition, &mut defines);
        self.terminate(Terminator::Branch { condition: tokens, uses, defines, then, otherwise });
        self.enter(then);
    }

    /// What `let` binds in a condition such as `let Some(x) = a && x > 3`.
    fn declare_chain(&mut self, condition: &Expr, defines: &mut Vec<usize>) {
        match condition {
            Expr::Let(binds) => {
                let ty = self.visible_type(&binds.expr);
                defines.extend(self.declare_pattern(&binds.pat, ty.as_ref()));
            }
            Expr::Binary(chain) if matches!(chain.op, BinOp::And(_)) => {
                self.declare_chain(&chain.left, defines);
                self.declare_chain(&chain.right, defines);
            }
            _ => {}
        }
    }

    pub(super) fn match_into(&mut self, arms: &ExprMatch, target: Target) {
        let join = self.new_block();
        self.open_scope();
        let ty = self.visible_type(&arms.expr);
        let patterns: Vec<&Pat> = arms.arms.iter().map(|arm| &arm.pat).collect();
        let (value, uses) = self.scrutinee(&arms.expr, &patterns);
        let scrutinee = self.prepared(&value);
        let origin = self.current;
        let mut edges = Vec::new();
        for arm in &arms.arms {
            let block = self.new_block();
            self.keep_lints(&arm.attrs);
            self.open_scope();
            edges.push(self.arm_edge(arm, &value, ty.as_ref(), block));
            self.enter(block);
            self.expression_into(&arm.body, target);
            self.close_scope();
            // What the match itself holds ends with it.
            let held = self.scopes.last().cloned().unwrap_or_default();
            self.end_scope(held);
            self.goto(join);
        }
        self.scopes.pop();
        self.graph.blocks[origin].terminator.get_or_insert(Terminator::Match {
            scrutinee,
            uses,
            arms: edges,
        });
        self.enter_join(join, target);
    }

    fn arm_edge(
        &mut self,
        arm: &Arm,
        value: &Expr,
        ty: Option<&syn::Type>,
        target: BlockId,
    ) -> ArmEdge {
        let taken = self.taken_by(value, &arm.pat);
        let defines = self.declare_pattern(&arm.pat, ty);
        let (pattern, guard) = match &arm.pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&guarded.guard)),
            other => (other, None),
        };
        let mut edge = edge(pattern.to_token_stream(), defines, target);
        edge.end = ends(&arm.body.to_token_stream()).1;
        edge.taken = taken;
        if let Some(guard) = guard {
            if self.splits(guard) {
                self.errors.error(
                    codes::STEP_PLACE,
                    guard,
                    "a match guard cannot contain a step: it may be evaluated \
                    more than once; test it with `if` inside the arm",
                );
            }
            edge.guard_uses = self.uses(guard, Mode::Place);
            edge.guard = Some(self.prepared(guard));
        }
        edge
    }

    /// `let pattern = value else { .. }`, where the other branch leaves a loop or holds a step.
    pub(super) fn let_else(&mut self, pattern: &Pat, value: &Expr, diverge: &Expr) {
        let ty = self.visible_type(value);
        let outside = self.in_scope();
        let value = if self.splits(value) { self.value_of(value) } else { value.clone() };
        let (uses, taken) = (self.uses(&value, Mode::Place), self.taken_by(&value, pattern));
        let scrutinee = self.prepared(&value);
        // What the pattern leaves of the value ends with the statement.
        let left = self.declared_since(&outside);
        self.undeclare(&left);
        let (found, missing) = (self.new_block(), self.new_block());
        let origin = self.current;
        self.enter_ending(missing, &left);
        self.expression_into(diverge, Target::Discard);
        let (pattern, ty) = match pattern {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            other => (other, ty.as_ref()),
        };
        let defines = self.declare_pattern(pattern, ty);
        let mut fits = edge(pattern.to_token_stream(), defines, found);
        fits.taken = taken;
        let arms = vec![fits, edge(quote!(_), Vec::new(), missing)];
        self.graph.blocks[origin].terminator.get_or_insert(Terminator::Match {
            scrutinee,
            uses,
            arms,
        });
        self.enter_ending(found, &left);
    }

    /// Enters a block at whose beginning the scope of these ends.
    fn enter_ending(&mut self, block: BlockId, ended: &[BindingId]) {
        self.enter(block);
        self.graph.blocks[block].scope.extend(ended);
        self.end_scope(ended.to_vec());
    }

    pub(super) fn labelled_block_into(&mut self, block: &ExprBlock, target: Target) {
        let Some(label) = &block.label else {
            self.block_into(&block.block, target);
            return;
        };
        let exit = self.new_block();
        self.frames.push(Frame {
            label: Some(label.name.ident.to_string()),
            head: None,
            exit,
            target,
            depth: self.scopes.len(),
        });
        self.block_into(&block.block, target);
        self.frames.pop();
        self.goto(exit);
        self.enter_join(exit, target);
    }
}

pub(super) fn edge(
    pattern: proc_macro2::TokenStream,
    defines: Vec<usize>,
    target: BlockId,
) -> ArmEdge {
    let end = ends(&pattern).1;
    let (guard_uses, taken) = (Uses::default(), Uses::default());
    ArmEdge { pattern, end, guard: None, guard_uses, taken, defines, target }
}
