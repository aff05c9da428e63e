//! Steps of a field that are not awaited, where their names say that they should be. Whether they are
//! steps is asked of rustc: the field may be of a type of the user's own, with methods of these names.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit::{self, Visit};
use syn::{Expr, ExprTry, Local, Pat, Stmt};

use super::place::ends;
use super::projections;
use super::signature::{EntityImpl, Method};
use super::steps;

/// The messages about such steps in a function, as constants that rustc evaluates: none of them has a
/// mistake in it if the field has no such step.
pub(crate) fn checks(entity: &EntityImpl, method: &Method) -> TokenStream {
    let mut finder = Finder { entity, context: &method.context, checks: TokenStream::new() };
    finder.visit_block(&method.block);
    finder.checks
}

struct Finder<'a> {
    entity: &'a EntityImpl,
    context: &'a Ident,
    checks: TokenStream,
}

impl Finder<'_> {
    fn check(&mut self, expr: &Expr, message: &str) {
        let Some((field, step)) = steps::of_field(expr) else { return };
        let Some(is_step) = projections::has_step(&field, &step, self.entity) else { return };
        let (first, last) = ends(&expr.to_token_stream());
        let mut arguments = Group::new(Delimiter::Parenthesis, quote!(#is_step, #message));
        arguments.set_span(last);
        let refuse = quote_spanned!(first=> ::happysim::__private::refuse #arguments);
        self.checks.extend(quote!(const _: () = #refuse;));
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_local(&mut self, local: &'ast Local) {
        if let Some(init) = &local.init
            && may_be_unread(&local.pat, &init.expr, self.entity, self.context)
        {
            self.check(&init.expr, &never_begins(&init.expr));
        }
        visit::visit_local(self, local);
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Expr(expr, Some(_)) = statement
            && steps::is_unbegun(expr, self.context, self.entity)
        {
            self.check(expr, &never_begins(expr));
        }
        visit::visit_stmt(self, statement);
    }

    fn visit_expr_try(&mut self, question: &'ast ExprTry) {
        if steps::forgotten(&question.expr, self.context, self.entity) {
            self.check(&question.expr, &is_not_there_yet(&question.expr));
        }
        visit::visit_expr_try(self, question);
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

pub(crate) fn never_begins(expr: &Expr) -> String {
    format!(
        "this step never begins, because nothing waits for it: write `{}.await`",
        steps::shortened(expr)
    )
}

pub(crate) fn is_not_there_yet(expr: &Expr) -> String {
    format!(
        "this is a step, whose result is there after it only: write `{}.await?`",
        steps::shortened(expr)
    )
}

/// `_` and `_permit`, which say that nobody reads them.
pub(crate) fn is_unread(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Ident(name) => name.ident.to_string().starts_with('_'),
        Pat::Type(typed) => is_unread(&typed.pat),
        _ => false,
    }
}

fn may_be_unread(pattern: &Pat, init: &Expr, entity: &EntityImpl, context: &Ident) -> bool {
    is_unread(pattern) && steps::is_unbegun(init, context, entity)
}

/// The value of `let _permit = self.workers.acquire(1);`, as what the step would yield if it is one.
pub(crate) fn unread(
    pattern: &Pat,
    init: &Expr,
    tokens: &TokenStream,
    entity: &EntityImpl,
    context: &Ident,
) -> Option<TokenStream> {
    let step = steps::of_field(init);
    let step = step.filter(|_| may_be_unread(pattern, init, entity, context));
    step.map(|step| asked(entity, &step, tokens))
}

/// Asks of the value of a `let` that nobody reads whether it is a step.
pub(crate) fn ask_if_unread(statement: &mut Stmt, entity: &EntityImpl, context: &Ident) {
    if let Stmt::Local(local) = statement
        && let Some(init) = &mut local.init
    {
        let tokens = init.expr.to_token_stream();
        if let Some(asked) = unread(&local.pat, &init.expr, &tokens, entity, context) {
            *init.expr = Expr::Verbatim(asked);
        }
    }
}

/// The value in front of a `?`, as what the step would yield if it is one.
pub(crate) fn ask_before_question(question: &mut ExprTry, entity: &EntityImpl, context: &Ident) {
    let is_meant = steps::forgotten(&question.expr, context, entity);
    if let Some(step) = steps::of_field(&question.expr).filter(|_| is_meant) {
        *question.expr = Expr::Verbatim(asked(entity, &step, &question.expr));
    }
}

fn asked(
    entity: &EntityImpl,
    (field, step): &(Ident, Ident),
    value: &impl ToTokens,
) -> TokenStream {
    // Of an entity with parameters of type nothing can be asked; rustc tells at the method.
    let is_told = projections::has_step(field, step, entity).unwrap_or_else(|| quote!({ false }));
    quote_spanned! {step.span()=>
        ::happysim::__private::MaybeStep(#value).value::<::happysim::__private::Known<#is_told>>()
    }
}

/// The trait without which rustc knows the values of steps only.
pub(crate) fn asking() -> TokenStream {
    quote! {
        #[allow(unused_imports, reason = "for what is no step")]
        use ::happysim::__private::NoStep as _;
    }
}
