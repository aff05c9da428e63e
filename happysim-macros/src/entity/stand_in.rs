//! What stands for a function with mistakes: its code in one piece, in which every step is done
//! at once.
//!
//! Nobody calls it. It is there for what rustc and editors make of it: names are resolved, types
//! are inferred, completion goes on, and nothing that the function uses seems to be unused. What
//! the macro has to say stands at its head: a body with a mistake that is told already is not
//! complained about by rustc for what only follows from that.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, FnArg, Ident, ImplItemFn, Pat, Type};

use super::codegen::with_context;
use super::jumps::Jumps;
use super::names;
use super::place::{ends, placed};
use super::signature::{
    EntityImpl, Method, mentions_await, names_context, self_call, spawned_call,
};
use super::steps::{self, Step, StepKind};
use super::{patterns, projections, questions, unawaited, unbegun};

/// The function for `method`, with `errors` at its head.
pub(crate) fn function(entity: &EntityImpl, method: &Method, errors: &TokenStream) -> TokenStream {
    let (generics, _, conditions) = entity.generics.split_for_impl();
    let (attributes, ty) = (&entity.attributes, &entity.written_ty);
    let source = &method.source;
    let name = format_ident!("__whole_{}", method.name, span = method.name.span());
    let (receiver, context) = (&method.receiver, &method.context);
    let mut names = vec![context.clone()];
    let inputs = source.sig.inputs.iter().filter(|input| match input {
        FnArg::Receiver(_) => false,
        FnArg::Typed(typed) if names_context(&typed.ty) => false,
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) if names.contains(&pattern.ident) => false,
            Pat::Ident(pattern) => {
                names.push(pattern.ident.clone());
                true
            }
            _ => true,
        },
    });
    let inputs: Vec<&FnArg> = inputs.collect();
    let lifetimes = &entity.lifetimes;
    let cx = names::context(&entity.name);
    let bound = with_context(entity);
    let bound = bound.params.last();
    let own = source.sig.generics.params.iter();
    let own_conditions = &source.sig.generics.where_clause;
    let output = &source.sig.output;
    let mut block = source.block.clone();
    let refuses_questions = questions::lead_nowhere(method);
    Whole { refuses_questions, ..Whole::new(entity, context) }.visit_block_mut(&mut block);
    Hiding { context, errors }.visit_block_mut(&mut block);
    let (statements, asking) = (&block.stmts, unbegun::asking());
    quote! {
        #(#attributes)*
        impl #generics #ty #conditions {
            #[allow(
                dead_code, unused, unreachable_code, clippy::all, clippy::pedantic,
                reason = "what is wrong with the function is told at its head"
            )]
            fn #name<#(#lifetimes,)* #(#own,)* #bound>(
                #receiver, #context: &mut #cx, #(#inputs),*
            ) #output #own_conditions {
                #errors
                #asking
                #(#statements)*
            }
        }
    }
}

/// An ordinary function that calls stepwise ones, with `errors` at its head.
pub(crate) fn plain(entity: &EntityImpl, function: &mut ImplItemFn, errors: &TokenStream) {
    let context = Ident::new("cx", function.sig.ident.span());
    Whole::new(entity, &context).visit_block_mut(&mut function.block);
    let (statements, asking) = (&function.block.stmts, unbegun::asking());
    function.block = syn::parse_quote!({ #errors #asking #(#statements)* });
}

struct Whole<'a> {
    entity: &'a EntityImpl,
    context: &'a Ident,
    jumps: Jumps,
    /// How many closures are around.
    closures: usize,
    /// Locals that are steps, which is told of, with what these yield.
    unbegun: Vec<(Ident, Option<Type>)>,
    /// Whether each `?` is told of.
    refuses_questions: bool,
}

impl<'a> Whole<'a> {
    fn new(entity: &'a EntityImpl, context: &'a Ident) -> Self {
        Self {
            entity,
            context,
            jumps: Jumps::default(),
            closures: 0,
            unbegun: Vec::new(),
            refuses_questions: false,
        }
    }
}

impl Whole<'_> {
    /// The value of a step, from its operand.
    fn step(&mut self, operand: &Expr) -> Expr {
        if let Expr::Path(path) = steps::peeled(operand)
            && let Some((_, output)) =
                self.unbegun.iter().rev().find(|(name, _)| path.path.is_ident(name))
        {
            return value(ends(&operand.to_token_stream()), operand, output.as_ref());
        }
        let recognised = steps::recognise(operand, self.context, self.entity);
        // A step in a closure has no result of its own, which the closure would have to fit.
        let recognised = recognised
            .map(|step| Step { output: step.output.filter(|_| self.closures == 0), ..step });
        let mut operand = steps::peeled(operand).clone();
        let (context, place) = (self.context, ends(&operand.to_token_stream()));
        let at = place.0;
        match recognised {
            Ok(step) => match step.kind {
                StepKind::Helper { mut arguments, .. } => {
                    for argument in &mut arguments {
                        self.visit_expr_mut(argument);
                    }
                    value(place, &quote!((#(#arguments,)*)), step.output.as_ref())
                }
                StepKind::Repoll => {
                    self.visit_expr_mut(&mut operand);
                    let by_reference =
                        matches!(operand, Expr::Path(_)).then(|| quote_spanned!(at=> &mut));
                    let outcome = Ident::new("__outcome", at);
                    syn::parse_quote_spanned!(at=>
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
                    value(place, &operand, step.output.as_ref())
                }
            },
            Err(_) => {
                // The method is what is wrong; its parts may be right.
                let parts = match &mut operand {
                    Expr::MethodCall(call) => self.parts(call),
                    Expr::Call(call) if steps::by_path(call, context, self.entity).is_some() => {
                        let arguments = call.args.iter_mut().filter(|argument| {
                            !matches!(argument, Expr::Path(path)
                                if path.path.is_ident("self") || path.path.is_ident(context))
                        });
                        let arguments: Vec<&Expr> = arguments
                            .map(|argument| {
                                self.visit_expr_mut(argument);
                                &*argument
                            })
                            .collect();
                        quote!((#(#arguments,)*))
                    }
                    other => {
                        self.visit_expr_mut(other);
                        other.to_token_stream()
                    }
                };
                value(place, &parts, None)
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
fn value(place: (Span, Span), operand: &impl ToTokens, ty: Option<&Type>) -> Expr {
    let at = place.0;
    let made = match ty {
        // Of a type that is not known, so that only the name that is unknown is told of.
        Some(ty) if projections::may_be_unknown(ty) => quote!({
            #[allow(unused_imports, reason = "for types that are known")]
            use ::happysim::__private::RestoredAsIs as _;
            ::happysim::__private::Restored(::happysim::__private::stand_in::<#ty>()).restore()
        }),
        Some(ty) => quote_spanned!(at=> ::happysim::__private::stand_in::<#ty>()),
        None => quote_spanned!(at=> ::happysim::__private::stand_in()),
    };
    let made = placed(made, place);
    syn::parse_quote_spanned!(at=> {
        let _ = #operand;
        #made
    })
}

impl VisitMut for Whole<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if self.jumps.stray(expr).is_some() {
            *expr = syn::parse_quote!(::core::unreachable!());
        }
        match expr {
            Expr::Await(step) => *expr = self.step(&step.base),
            Expr::Try(question) if steps::forgotten(&question.expr, self.context, self.entity) => {
                if steps::of_field(&question.expr).is_some() {
                    visit_mut::visit_expr_mut(self, &mut question.expr);
                    unbegun::ask_before_question(question, self.entity, self.context);
                } else {
                    let value = self.step(&question.expr);
                    *question.expr = value;
                }
            }
            Expr::Try(question) if self.refuses_questions && self.closures == 0 => {
                self.visit_expr_mut(&mut question.expr);
                let inner = &question.expr;
                *expr = syn::parse_quote_spanned!(question.question_token.span=> #inner.unwrap());
            }
            Expr::MethodCall(call) => {
                let place = ends(&call.to_token_stream());
                if let Some(spawned) = spawned_call(call) {
                    let parts = self.parts(&mut spawned.clone());
                    *expr = value(place, &parts, Some(&syn::parse_quote!(())));
                } else if call.method == "spawn"
                    && matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident(self.context))
                {
                    let parts = self.parts(call);
                    *expr = value(place, &parts, Some(&syn::parse_quote!(())));
                } else if let Some(method) = self.unawaited(call) {
                    let output = method.output.clone();
                    let parts = self.parts(call);
                    *expr = value(place, &parts, Some(&output));
                } else {
                    visit_mut::visit_expr_mut(self, expr);
                }
            }
            Expr::Macro(mac) => {
                if self.has_step(&mac.mac) && !self.reads(&mut mac.mac) {
                    *expr = syn::parse_quote!(::happysim::__private::stand_in());
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_stmt_mut(&mut self, statement: &mut syn::Stmt) {
        if let syn::Stmt::Local(local) = &*statement
            && let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && steps::is_unbegun(&init.expr, self.context, self.entity)
        {
            let step = steps::recognise(&init.expr, self.context, self.entity).ok();
            self.unbegun.push((name.ident.clone(), step.and_then(|step| step.output)));
        }
        if let syn::Stmt::Macro(mac) = statement
            && self.has_step(&mac.mac)
            && !self.reads(&mut mac.mac)
        {
            *statement = syn::parse_quote!({});
        }
        visit_mut::visit_stmt_mut(self, statement);
        unbegun::ask_if_unread(statement, self.entity, self.context);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        let outer = core::mem::take(&mut self.jumps);
        self.closures += 1;
        visit_mut::visit_expr_closure_mut(self, closure);
        self.closures -= 1;
        self.jumps = outer;
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

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Whole<'_> {
    /// Whether what is given to a macro has steps in it, awaited or not.
    fn has_step(&self, mac: &syn::Macro) -> bool {
        mentions_await(mac.tokens.clone()) || unawaited::is_in_macro(mac, self.entity)
    }

    /// Replaces the steps in the arguments of a macro, if those are expressions.
    fn reads(&mut self, mac: &mut syn::Macro) -> bool {
        let Some(mut arguments) = unawaited::arguments(mac) else { return false };
        for argument in &mut arguments {
            self.visit_expr_mut(argument);
        }
        mac.tokens = arguments.into_token_stream();
        true
    }
}

/// Locals that hide the context. Some of what is called as both is meant to be the one, some the
/// other, so that neither is of a type which rustc could hold against its use.
struct Hiding<'a> {
    context: &'a Ident,
    errors: &'a TokenStream,
}

impl Hiding<'_> {
    /// What follows the pattern, if it hides the context.
    fn behind(&self, pattern: &Pat) -> Option<syn::Stmt> {
        let mut bound = patterns::pattern(pattern, None).into_iter();
        let hiding = bound.find(|bound| bound.name == *self.context)?.name;
        let errors = self.errors;
        Some(syn::parse_quote!(
            let mut #hiding = ::happysim::__private::stand_in::<[(); { #errors }]>();
        ))
    }
}

impl VisitMut for Hiding<'_> {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        visit_mut::visit_block_mut(self, block);
        let statements = core::mem::take(&mut block.stmts);
        block.stmts.extend(statements.into_iter().flat_map(|statement| {
            let hidden = match &statement {
                syn::Stmt::Local(local) => self.behind(&local.pat),
                _ => None,
            };
            [Some(statement), hidden].into_iter().flatten()
        }));
    }

    fn visit_expr_for_loop_mut(&mut self, body: &mut syn::ExprForLoop) {
        visit_mut::visit_expr_for_loop_mut(self, body);
        if let Some(hidden) = self.behind(&body.pat) {
            body.body.stmts.insert(0, hidden);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
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
