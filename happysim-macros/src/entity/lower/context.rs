//! A local that is called as the context is: the steps behind it need the context, and would
//! be given the local.

use syn::{Expr, UnOp};

use super::Lowering;
use crate::entity::cfg::BindingId;
use crate::entity::codes;
use crate::entity::steps::peeled;

impl Lowering<'_> {
    /// Notes locals that are the context under its own name: `let cx = &mut *cx;`.
    pub(super) fn note_context(&mut self, ids: &[BindingId], init: &Expr) {
        if self.is_context(init) {
            self.contexts.extend(ids);
        }
    }

    fn is_context(&self, expr: &Expr) -> bool {
        match peeled(expr) {
            Expr::Path(path) => path.path.is_ident(&self.method.context),
            Expr::Reference(reference) => match peeled(&reference.expr) {
                Expr::Unary(unary) => {
                    matches!(unary.op, UnOp::Deref(_)) && self.is_context(&unary.expr)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Refuses what hides the context at a step, once.
    pub(super) fn refuse_hidden_context(&mut self) {
        let context = &self.method.context;
        if self.lookup(context).is_none_or(|id| self.contexts.contains(&id)) {
            return;
        }
        for id in self.in_scope() {
            let name = &self.graph.bindings[id].name;
            if name != context || self.contexts.contains(&id) {
                continue;
            }
            self.contexts.push(id);
            self.errors.error(
                codes::HIDDEN_CONTEXT,
                name,
                format!(
                    "`{context}` is the context, which the steps behind this need: choose another \
                     name"
                ),
            );
        }
    }
}
