//! What stands for a function with mistakes: its code in one piece, in which every step is done
//! at once.
//!
//! Nobody calls it. It is there for what rustc and editors make of it: names are resolved, types
//! are inferred, completion goes on, and nothing that the function uses seems to be unused. What
//! the macro has to say stands at its head: a body with a mistake that is told already is not
//! complained about by rustc for what only follows from that.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, FnArg, Ident, ImplItemFn, Token, Type};

use super::codegen::with_context;
use super::names::local;
use super::signature::{EntityImpl, Method, is_context, mentions_await, self_call, spawned_call};
use super::steps::{self, StepKind};

/// The function for `method`, with `errors` at its head.
pub(crate) fn function(entity: &EntityImpl, method: &Method, errors: &TokenStream) -> TokenStream {
    let (generics, _, conditions) = entity.generics.split_for_impl();
    let (attributes, ty) = (&entity.attributes, &entity.self_ty);
    let source = &method.source;
    let name = format_ident!("__whole_{}", method.name, span = method.name.span());
    let (receiver, context) = (&method.receiver, &method.context);
    let inputs = source.sig.inputs.iter().filter(|input| match input {
        FnArg::Receiver(_) => false,
        FnArg::Typed(typed) => !is_context(&typed.ty),
    });
    let cx = local("__C");
    let bound = with_context(entity);
    let bound = bound.params.last();
    let own = source.sig.generics.params.iter();
    let own_conditions = &source.sig.generics.where_clause;
    let output = &source.sig.output;
    let mut block = source.block.clone();
    Whole { entity, context }.visit_block_mut(&mut block);
    let statements = &block.stmts;
    quote! {
        #(#attributes)*
        impl #generics #ty #conditions {
            #[allow(
                dead_code, unused, unreachable_code, clippy::all, clippy::pedantic,
                reason = "what is wrong with the function is told at its head"
            )]
            fn #name<#(#own,)* #bound>(
                #receiver, #context: &mut #cx, #(#inputs),*
            ) #output #own_conditions {
                #errors
                #(#statements)*
            }
        }
    }
}

/// An ordinary function that calls stepwise ones, with `errors` at its head.
pub(crate) fn plain(entity: &EntityImpl, function: &mut ImplItemFn, errors: &TokenStream) {
    let context = Ident::new("cx", function.sig.ident.span());
    Whole { entity, context: &context }.visit_block_mut(&mut function.block);
    let statements = &function.block.stmts;
    function.block = syn::parse_quote!({ #errors #(#statements)* });
}

struct Whole<'a> {
    entity: &'a EntityImpl,
    context: &'a Ident,
}

impl Whole<'_> {
    /// The value of a step, from its operand.
    fn step(&mut self, operand: &Expr) -> Expr {
        let recognised = steps::recognise(operand, self.context, self.entity);
        let mut operand = operand.clone();
        let context = self.context;
        match recognised {
            Ok(step) => match step.kind {
                StepKind::Helper { mut arguments, .. } => {
                    arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
                    value(&quote!((#(#arguments,)*)), step.output.as_ref())
                }
                StepKind::Repoll => {
                    self.visit_expr_mut(&mut operand);
                    let by_reference = matches!(operand, Expr::Path(_)).then(|| quote!(&mut));
                    let outcome = local("outcome");
                    syn::parse_quote!(
                        match ::happysim::__private::Repoll::poll(
                            #by_reference #operand, #context, ::core::option::Option::None,
                        ) {
                            ::core::result::Result::Ok(#outcome) => #outcome,
                            _ => ::happysim::__private::stand_in(),
                        }
                    )
                }
                _ => {
                    self.visit_expr_mut(&mut operand);
                    value(&operand, step.output.as_ref())
                }
            },
            Err(_) => {
                // The method is what is wrong; its parts may be right.
                let parts = match &mut operand {
                    Expr::MethodCall(call) => self.parts(call),
                    other => {
                        self.visit_expr_mut(other);
                        other.to_token_stream()
                    }
                };
                value(&parts, None)
            }
        }
    }

    /// Receiver and arguments of a call.
    fn parts(&mut self, call: &mut ExprMethodCall) -> TokenStream {
        self.visit_expr_mut(&mut call.receiver);
        let context = self.context;
        let arguments: Vec<&Expr> = call
            .args
            .iter_mut()
            .map(|argument| {
                self.visit_expr_mut(argument);
                &*argument
            })
            .filter(|argument| !matches!(argument, Expr::Path(path) if path.path.is_ident(context)))
            .collect();
        let receiver = &call.receiver;
        let receiver = (!matches!(&**receiver, Expr::Path(_))).then(|| quote!(&#receiver,));
        quote!((#receiver #(#arguments,)*))
    }

    /// A call of a stepwise function of the block that nobody waits for.
    fn unawaited(&self, call: &ExprMethodCall) -> Option<&Method> {
        let is_own = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
        is_own.then(|| self.entity.method(&call.method)).flatten()
    }
}

/// `operand` is looked at, and a value of type `ty` comes from nowhere.
fn value(operand: &impl ToTokens, ty: Option<&Type>) -> Expr {
    let ty = ty.map(|ty| quote!(::<#ty>));
    syn::parse_quote!({
        let _ = #operand;
        ::happysim::__private::stand_in #ty ()
    })
}

impl VisitMut for Whole<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Await(step) => *expr = self.step(&step.base),
            Expr::Try(question) if steps::forgotten(&question.expr, self.context, self.entity) => {
                let value = self.step(&question.expr);
                question.expr = Box::new(value);
            }
            Expr::MethodCall(call) => {
                if let Some(spawned) = spawned_call(call) {
                    let parts = self.parts(&mut spawned.clone());
                    *expr = value(&parts, Some(&syn::parse_quote!(())));
                } else if let Some(method) = self.unawaited(call) {
                    let output = method.output.clone();
                    let parts = self.parts(call);
                    *expr = value(&parts, Some(&output));
                } else {
                    visit_mut::visit_expr_mut(self, expr);
                }
            }
            Expr::Macro(mac) => {
                if mentions_await(mac.mac.tokens.clone()) && !self.reads(&mut mac.mac) {
                    *expr = syn::parse_quote!(::happysim::__private::stand_in());
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_stmt_mut(&mut self, statement: &mut syn::Stmt) {
        if let syn::Stmt::Macro(mac) = statement
            && mentions_await(mac.mac.tokens.clone())
            && !self.reads(&mut mac.mac)
        {
            *statement = syn::parse_quote!({});
        }
        visit_mut::visit_stmt_mut(self, statement);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Whole<'_> {
    /// Replaces the steps in the arguments of a macro, if those are expressions.
    fn reads(&mut self, mac: &mut syn::Macro) -> bool {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = parser.parse2(mac.tokens.clone()) else { return false };
        arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
        mac.tokens = arguments.into_token_stream();
        true
    }
}

/// Refuses calls of stepwise functions in an ordinary one.
pub(crate) fn refuse_calls(
    entity: &EntityImpl,
    function: &ImplItemFn,
    errors: &mut crate::diagnostics::Diagnostics,
) {
    struct Finder<'a> {
        entity: &'a EntityImpl,
        caller: &'a Ident,
        errors: &'a mut crate::diagnostics::Diagnostics,
    }
    impl<'ast> syn::visit::Visit<'ast> for Finder<'_> {
        fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
            let expr = Expr::MethodCall(call.clone());
            if let Some(own) = self_call(&expr)
                && let Some(method) = self.entity.method(&own.method)
                && method.source.sig.asyncness.is_some()
            {
                let (name, caller) = (&own.method, self.caller);
                self.errors.error(
                    super::codes::NOT_AWAITED,
                    call,
                    format!(
                        "`{name}` is stepwise, and only an `async fn` can wait for it: write \
                         `async fn {caller}(..)` and `self.{name}(cx, ..).await`"
                    ),
                );
            }
            syn::visit::visit_expr_method_call(self, call);
        }
    }
    let mut finder = Finder { entity, caller: &function.sig.ident, errors };
    syn::visit::Visit::visit_block(&mut finder, &function.block);
}
