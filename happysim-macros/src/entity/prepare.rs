//! User code that stays as it is, apart from leaving the function: `return`, `?` on options, and
//! `cx.spawn(..)`.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident};

use super::codegen::spawn_name;
use super::names;
use super::signature::{EntityImpl, Method, spawned_call};
use crate::entity::errors::Diagnostics;

/// Rewrites code without steps for its place in the generated function.
pub(crate) struct Prepare<'a> {
    pub(crate) entity: &'a EntityImpl,
    pub(crate) method: &'a Method,
    pub(crate) errors: &'a mut Diagnostics,
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
        if !matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident(&self.method.context))
        {
            return None;
        }
        let name = &target.method;
        let Some(method) = self.entity.method(name) else {
            self.errors.error(name, format!(
                "only an `async fn` of this block can be spawned, and `{name}` is none: declare \
                 `async fn {name}(&mut self, cx: &mut Cx<Self>, ..)` here"
            ));
            return None;
        };
        let mut arguments = target.args.iter();
        let context = &self.method.context;
        if !matches!(arguments.next(), Some(Expr::Path(path)) if path.path.is_ident(context)) {
            self.errors.error(
                target,
                format!("pass the context first: `{context}.spawn(self.{name}({context}, ..))`"),
            );
            return None;
        }
        let mut arguments: Vec<Expr> = arguments.cloned().collect();
        if arguments.len() != method.parameters.len() {
            self.errors.error(
                target,
                format!(
                    "`{name}` takes {} argument(s) after the context, but {} given",
                    method.parameters.len(),
                    arguments.len()
                ),
            );
            return None;
        }
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
    // Arguments are evaluated in the order of the call, whatever the order of the fields.
    let fields = method.parameters.iter().map(|parameter| &parameter.name);
    quote!(#state::Start { #(#fields: #arguments),* })
}

impl VisitMut for Prepare<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Return(jump) => {
                let value = jump.expr.take();
                let value = value.map_or_else(|| quote!(()), ToTokens::into_token_stream);
                jump.expr = Some(Box::new(Expr::Verbatim(
                    quote_spanned!(jump.return_token.span()=> ::core::task::Poll::Ready(#value)),
                )));
            }
            Expr::Try(question) if self.method.returns_option() => {
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
            Expr::MethodCall(call) => {
                if let Some(tokens) = self.spawn(call) {
                    *expr = Expr::Verbatim(tokens);
                }
            }
            _ => {}
        }
    }

    // Functions of their own: `return` and `?` in them do not leave the handler.
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The hidden function that advances a state of this method.
pub(crate) fn advance_name(method: &Ident) -> Ident {
    format_ident!("__advance_{}", method, span = method.span())
}
