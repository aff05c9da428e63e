//! Calls of the block's stepwise functions without their `.await`.

use proc_macro2::Ident;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, ExprClosure, ExprMethodCall, Macro, Token};

use super::codes;
use super::signature::{EntityImpl, Method, is_own, spawned_call};
use crate::diagnostics::Diagnostics;

/// What is given to a macro, where that is expressions.
pub(crate) fn arguments(mac: &Macro) -> Option<Punctuated<Expr, Token![,]>> {
    Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()).ok()
}

/// The function that is called, if it is a stepwise one of the block.
pub(crate) fn callee<'a>(call: &ExprMethodCall, entity: &'a EntityImpl) -> Option<&'a Method> {
    let method = is_own(call).then(|| entity.method(&call.method)).flatten();
    // What is no `async fn` is told of already.
    method.filter(|method| method.source.sig.asyncness.is_some())
}

/// Refuses a call that could be awaited where it stands.
pub(crate) fn refuse(
    call: &ExprMethodCall,
    method: &Method,
    context: &Ident,
    errors: &mut Diagnostics,
) {
    let (name, step) = (&method.name, step(method, context));
    let message = format!(
        "`{name}` is stepwise: write `{step}.await` to wait for it, or `{context}.spawn({step})` \
         to let it run beside"
    );
    errors.error(codes::NOT_AWAITED, call, message);
}

/// Refuses the calls in a closure, which cannot wait.
pub(crate) fn refuse_in_closure(
    closure: &ExprClosure,
    entity: &EntityImpl,
    errors: &mut Diagnostics,
) {
    for (call, method) in Calls::of(entity, |calls| calls.visit_expr(&closure.body)) {
        let message = format!(
            "`{}` is stepwise, and a closure runs within one instant: write a loop in its place, or \
             another `async fn` of this block",
            method.name
        );
        errors.error(codes::NOT_AWAITED, call, message);
    }
}

/// Refuses the calls in what is given to a macro, where no step can stand.
pub(crate) fn refuse_in_macro(
    mac: &Macro,
    entity: &EntityImpl,
    context: &Ident,
    errors: &mut Diagnostics,
) {
    for (call, method) in Calls::of(entity, |calls| calls.visit_macro(mac)) {
        let (name, step) = (&method.name, step(method, context));
        let message = format!(
            "`{name}` is stepwise, and no step can stand in a macro call: write `let value = \
             {step}.await;` before it"
        );
        errors.error(codes::NOT_AWAITED, call, message);
    }
}

/// Whether such calls are among what is given to a macro.
pub(crate) fn is_in_macro(mac: &Macro, entity: &EntityImpl) -> bool {
    !Calls::of(entity, |calls| calls.visit_macro(mac)).is_empty()
}

/// `self.look_up(cx, ..)`
fn step(Method { name, parameters, .. }: &Method, context: &Ident) -> String {
    let dots = if parameters.is_empty() { "" } else { ", .." };
    format!("self.{name}({context}{dots})")
}

struct Calls<'a> {
    entity: &'a EntityImpl,
    found: Vec<(ExprMethodCall, &'a Method)>,
}

impl<'a> Calls<'a> {
    fn of(
        entity: &'a EntityImpl,
        visit: impl FnOnce(&mut Self),
    ) -> Vec<(ExprMethodCall, &'a Method)> {
        let mut calls = Self { entity, found: Vec::new() };
        visit(&mut calls);
        calls.found
    }
}

impl<'ast> Visit<'ast> for Calls<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if spawned_call(call).is_some() {
            return;
        }
        if let Some(method) = callee(call, self.entity) {
            self.found.push((call.clone(), method));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        for argument in arguments(mac).into_iter().flatten() {
            // The syntax tree is this function's own.
            let mut inner = Calls { entity: self.entity, found: Vec::new() };
            inner.visit_expr(&argument);
            self.found.append(&mut inner.found);
        }
    }

    // A step of its own, of which is told where it stands.
    fn visit_expr_await(&mut self, _: &'ast syn::ExprAwait) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
