//! User code that stays as it is, apart from leaving the function: `return`, `?` on options, and
//! `cx.spawn(..)`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident};

use super::codegen::spawn_name;
use super::codes;
use super::jumps::Jumps;
use super::names;
use super::place::answered;
use super::signature::{EntityImpl, Method, self_call, spawned_call};
use super::steps::{self, Refusal};
use super::{unawaited, unbegun};
use crate::diagnostics::Diagnostics;

/// Rewrites code without steps for its place in the generated function.
pub(crate) struct Prepare<'a> {
    pub(crate) entity: &'a EntityImpl,
    pub(crate) method: &'a Method,
    pub(crate) errors: &'a mut Diagnostics,
    /// The loops and labels of the visited code.
    pub(crate) jumps: Jumps,
}

impl Prepare<'_> {
    pub(crate) fn expression(&mut self, expr: &Expr) -> TokenStream {
        let mut expr = expr.clone();
        self.visit_expr_mut(&mut expr);
        expr.into_token_stream()
    }

    /// `cx.spawn(self.flush(cx, key))`: the state in which `flush` starts goes on the queue.
    fn spawn(&mut self, call: &syn::ExprMethodCall) -> Option<TokenStream> {
        let target = spawned_call(call)?;
        let name = &target.method;
        let Some(method) = self.entity.method(name) else {
            self.errors.error(codes::SPAWN, name, format!(
                "only an `async fn` of this block can be spawned, and `{name}` is none: declare \
                 `async fn {name}(&mut self, cx: &mut Cx<Self>, ..)` here"
            ));
            return None;
        };
        let mut arguments = match steps::arguments(target, method, &self.method.context) {
            Ok(arguments) => arguments,
            Err(Refusal { code, message }) => {
                self.errors.error(code, target, message);
                return None;
            }
        };
        for argument in &mut arguments {
            self.visit_expr_mut(argument);
        }
        let start = start_state(self.entity, method, &arguments);
        let queue = names::local("spawns");
        let one = spawn_name(self.entity);
        let variant = format_ident!("{}", names::camel_case(&name.to_string()));
        Some(quote_spanned!(name.span()=> #queue.queue.push_back(#one::#variant(#start))))
    }
}

/// `ApiFlush::Start { key: argument }`.
pub(crate) fn start_state(
    entity: &EntityImpl,
    method: &Method,
    arguments: &[impl ToTokens],
) -> TokenStream {
    let state = names::joined(&entity.name, &method.name);
    if method.is_refused() {
        return quote!({ let _ = (#(#arguments,)*); ::happysim::__private::stand_in() });
    }
    // Arguments are evaluated in the order of the call, whatever the order of the fields.
    let fields = method.parameters.iter().map(|parameter| &parameter.name);
    quote!(#state::Start { #(#fields: #arguments),* })
}

/// A sleep that nobody waits for takes no time, and a step that is bound to a name which nobody
/// reads never begins. Of those of a field rustc tells: see [`unbegun`]. Of functions of the block it is
/// told wherever they stand.
pub(crate) fn refuse_unbegun(
    statement: &syn::Stmt,
    entity: &EntityImpl,
    method: &Method,
    errors: &mut Diagnostics,
) {
    let context = &method.context;
    let expr = match statement {
        syn::Stmt::Expr(expr @ Expr::MethodCall(call), Some(_))
            if matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident(context))
                && steps::forgotten(expr, context, entity) =>
        {
            Some(expr)
        }
        syn::Stmt::Local(local) if unbegun::is_unread(&local.pat) => {
            let init = local.init.as_ref().map(|init| &*init.expr);
            init.filter(|expr| {
                steps::forgotten(expr, context, entity)
                    && steps::of_field(expr).is_none()
                    && self_call(expr).is_none()
            })
        }
        _ => None,
    };
    if let Some(expr) = expr {
        errors.error(codes::MISSING_AWAIT, expr, unbegun::never_begins(expr));
    }
}

impl Prepare<'_> {
    /// What stands for a call of an ordinary function that had to be refused: it is not there.
    fn refused_callee(&mut self, expr: &Expr) -> Option<Expr> {
        let call = self_call(expr)?;
        let method = self.entity.method(&call.method)?;
        if method.source.sig.asyncness.is_some() {
            return None;
        }
        let context = &self.method.context;
        let arguments = call.args.iter().filter(
            |argument| !matches!(argument, Expr::Path(path) if path.path.is_ident(context)),
        );
        let mut arguments: Vec<Expr> = arguments.cloned().collect();
        for argument in &mut arguments {
            self.visit_expr_mut(argument);
        }
        let output = &method.output;
        Some(syn::parse_quote!({
            let _ = (#(#arguments,)*);
            ::happysim::__private::stand_in::<#output>()
        }))
    }

    /// Refuses a step in place of its result.
    fn refuse_unawaited(&mut self, expr: &Expr) {
        let context = &self.method.context;
        match expr {
            Expr::Try(question)
                if self_call(&question.expr).is_none()
                    && steps::of_field(&question.expr).is_none()
                    && steps::forgotten(&question.expr, context, self.entity) =>
            {
                let told = unbegun::is_not_there_yet(&question.expr);
                self.errors.error(codes::MISSING_AWAIT, &question.expr, told);
            }
            Expr::MethodCall(call) => {
                if let Some(method) = unawaited::callee(call, self.entity) {
                    unawaited::refuse(call, method, context, self.errors);
                }
            }
            _ => {}
        }
    }
}

impl VisitMut for Prepare<'_> {
    fn visit_stmt_mut(&mut self, statement: &mut syn::Stmt) {
        refuse_unbegun(statement, self.entity, self.method, self.errors);
        visit_mut::visit_stmt_mut(self, statement);
        unbegun::ask_if_unread(statement, self.entity, &self.method.context);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::MethodCall(call) = expr
            && spawned_call(call).is_some()
            && matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident(&self.method.context))
        {
            if let Some(tokens) = self.spawn(call) {
                *expr = Expr::Verbatim(tokens);
            }
            return;
        }
        if let Expr::MethodCall(call) = expr
            && call.method == "spawn"
            && matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident(&self.method.context))
        {
            let cx = &self.method.context;
            let message = format!(
                "`{cx}.spawn(..)` starts an `async fn` of this block: write `{cx}.spawn(self.name({cx}, \
                 ..))`"
            );
            self.errors.error(codes::SPAWN, &call.method, message);
            return;
        }
        self.refuse_unawaited(expr);
        if let Some(stand_in) = self.refused_callee(expr) {
            *expr = stand_in;
            return;
        }
        // It would leave a loop of ours.
        if let Some(message) = self.jumps.stray(expr) {
            self.errors.error(codes::JUMP, &*expr, message);
        }
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Return(jump) => {
                let value = jump.expr.take();
                let value = value.map_or_else(|| quote!(()), ToTokens::into_token_stream);
                let value = answered(self.method, &value);
                jump.expr = Some(Box::new(Expr::Verbatim(
                    quote_spanned!(jump.return_token.span()=> ::core::task::Poll::Ready(#value)),
                )));
            }
            Expr::Try(question) => {
                unbegun::ask_before_question(question, self.entity, &self.method.context);
                if !self.method.returns_option() {
                    return;
                }
                let value = names::local("value");
                let inner = &question.expr;
                *expr = Expr::Verbatim(quote_spanned!(question.question_token.span()=>
                    match #inner {
                        ::core::option::Option::Some(#value) => #value,
                        ::core::option::Option::None => {
                            return ::core::task::Poll::Ready(::core::option::Option::None)
                        }
                    }
                ));
            }
            _ => {}
        }
    }

    fn visit_expr_loop_mut(&mut self, body: &mut syn::ExprLoop) {
        self.jumps.enter(body.label.as_ref(), true);
        visit_mut::visit_expr_loop_mut(self, body);
        self.jumps.leave(body.label.as_ref(), true);
    }

    fn visit_expr_while_mut(&mut self, body: &mut syn::ExprWhile) {
        self.jumps.enter(body.label.as_ref(), true);
        visit_mut::visit_expr_while_mut(self, body);
        self.jumps.leave(body.label.as_ref(), true);
    }

    fn visit_expr_for_loop_mut(&mut self, body: &mut syn::ExprForLoop) {
        self.jumps.enter(body.label.as_ref(), true);
        visit_mut::visit_expr_for_loop_mut(self, body);
        self.jumps.leave(body.label.as_ref(), true);
    }

    fn visit_expr_block_mut(&mut self, block: &mut syn::ExprBlock) {
        self.jumps.enter(block.label.as_ref(), false);
        visit_mut::visit_expr_block_mut(self, block);
        self.jumps.leave(block.label.as_ref(), false);
    }

    // What is given to a macro may leave the handler too, as in `ensure!(found, return Ok(0))`.
    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        if !leaves(mac.tokens.clone(), self.method.returns_option()) {
            unawaited::refuse_in_macro(mac, self.entity, &self.method.context, self.errors);
            return;
        }
        if let Some(mut arguments) = unawaited::arguments(mac) {
            arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
            mac.tokens = arguments.into_token_stream();
        }
    }

    // Functions of their own: `return` and `?` in them do not leave the handler.
    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        unawaited::refuse_in_closure(closure, self.entity, self.errors);
    }
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Whether there is a `return` among the tokens, or a `?` that counts.
fn leaves(tokens: TokenStream, by_question: bool) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(word) => word == "return",
        TokenTree::Punct(mark) => by_question && mark.as_char() == '?',
        TokenTree::Group(group) => leaves(group.stream(), by_question),
        TokenTree::Literal(_) => false,
    })
}

/// The hidden function that advances a state of this method.
pub(crate) fn advance_name(method: &Ident) -> Ident {
    format_ident!("__advance_{}", method, span = method.span())
}
