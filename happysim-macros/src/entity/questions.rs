//! `?` in functions that return nothing, where it has nowhere to go.

use syn::Type;
use syn::visit::{self, Visit};

use super::codes;
use super::signature::Method;
use crate::diagnostics::Diagnostics;

/// Whether a failure that `?` hands on would have to be of type `()`.
pub(crate) fn lead_nowhere(method: &Method) -> bool {
    matches!(&method.output, Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// Refuses each `?` of such a function.
pub(crate) fn refuse(method: &Method, errors: &mut Diagnostics) {
    if lead_nowhere(method) {
        Finder { method, errors }.visit_block(&method.block);
    }
}

struct Finder<'a> {
    method: &'a Method,
    errors: &'a mut Diagnostics,
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr_try(&mut self, question: &'ast syn::ExprTry) {
        visit::visit_expr_try(self, question);
        let message = format!(
            "`{}` returns nothing, so that `?` has nowhere to hand a failure on: look at it with \
             `match`, or write `.ok()` to go on without it",
            self.method.name
        );
        self.errors.error(codes::QUESTION, question.question_token, message);
    }

    // Functions of their own.
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
