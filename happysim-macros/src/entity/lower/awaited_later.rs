//! Steps that are made at one place and awaited at another, as futures are: a step begins where its
//! `.await` is, which therefore stands behind it.

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprAwait, Type};

use super::Lowering;
use crate::entity::cfg::{BindingId, Origin};
use crate::entity::signature::self_call;
use crate::entity::{codes, projections, steps};

impl Lowering<'_> {
    /// Refuses `let name = self.port.call(..);` where `name.await` follows.
    pub(super) fn refuse_awaited_later(&mut self, id: BindingId, value: &Expr) {
        let binding = &self.graph.bindings[id];
        let (name, context) = (binding.name.clone(), &self.method.context);
        if binding.origin != Origin::Named
            // Of functions of the block it is told already.
            || self_call(value).is_some()
            || !steps::is_unbegun(value, context, self.entity)
            || !is_awaited(&self.method.block, &name)
        {
            return;
        }
        let step = steps::shortened(steps::peeled(value));
        let port = steps::of_field(value).filter(|(_, step)| step == "call").map(|(port, _)| port);
        let started = match port {
            Some(_) => format!(
                ", or `{step}.start({context})` to send it now and wait for its outcome by \
                 `{name}.await`"
            ),
            None => String::new(),
        };
        let message = format!("a step begins where its `.await` is: write `{step}.await`{started}");
        self.errors.error(codes::AWAITED_LATER, value, message);
        // So that nothing more is told of it.
        let ty = port.and_then(|port| projections::handle(&port, self.entity));
        let nothing = || -> Type { syn::parse_quote!(()) };
        self.graph.bindings[id].ty.get_or_insert(ty.unwrap_or_else(nothing));
    }
}

/// Whether `name.await` is in the body.
fn is_awaited(body: &Block, name: &Ident) -> bool {
    struct Finder<'a>(&'a Ident, bool);
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_expr_await(&mut self, step: &'ast ExprAwait) {
            self.1 |=
                matches!(steps::peeled(&step.base), Expr::Path(path) if path.path.is_ident(self.0));
            visit::visit_expr_await(self, step);
        }
    }
    let mut finder = Finder(name, false);
    finder.visit_block(body);
    finder.1
}
