//! Ordinary functions that were meant to be stepwise.

use syn::visit::{self, Visit};
use syn::{Attribute, FnArg, ImplItemFn, ItemImpl, ReturnType};

use super::form::{Outcome, names_context, outcome};
use crate::diagnostics::Diagnostics;
use crate::entity::codes;

/// The attributes that tell what an `async fn` is.
pub(super) const KINDS: [&str; 3] = ["handler", "process", "background"];

/// Whether a function without `async` can only have been meant to have it.
pub(super) fn is_meant_async(function: &ImplItemFn, item: &ItemImpl) -> bool {
    kind_attribute(function).is_some() || waits(function) || is_unmentioned_handler(function, item)
}

/// Says why the function must be `async`.
pub(super) fn refuse(function: &ImplItemFn, item: &ItemImpl, errors: &mut Diagnostics) {
    let name = &function.sig.ident;
    let message = match kind_attribute(function) {
        Some(attribute) => format!(
            "a `#[{}]` is stepwise: write `async fn {name}(..)`",
            quote::ToTokens::to_token_stream(attribute.path())
        ),
        None if is_unmentioned_handler(function, item) => format!(
            "`{name}` has the form of a handler, but is no `async fn`: write `async fn {name}(..)`"
        ),
        None => format!(
            "`{name}` contains a step, but is no `async fn`: write `async fn {name}(..)`, and call \
             it as `self.{name}(cx, ..).await`"
        ),
    };
    errors.error(codes::NOT_ASYNC, name, message);
}

fn kind_attribute(function: &ImplItemFn) -> Option<&Attribute> {
    let mut attributes = function.attrs.iter();
    attributes.find(|attribute| KINDS.iter().any(|kind| attribute.path().is_ident(kind)))
}

/// `fn name(&mut self, cx: &mut Cx<Self>, message: Message) -> Outcome<Reply>`.
fn is_handler(function: &ImplItemFn) -> bool {
    let inputs: Vec<&FnArg> = function.sig.inputs.iter().collect();
    let takes_message = match inputs[..] {
        [FnArg::Receiver(_), FnArg::Typed(context), FnArg::Typed(_)] => names_context(&context.ty),
        _ => false,
    };
    takes_message
        && matches!(&function.sig.output, ReturnType::Type(_, ty) if matches!(outcome(ty), Outcome::Is))
}

/// A handler by its form, which nobody calls.
pub(super) fn is_unmentioned_handler(function: &ImplItemFn, item: &ItemImpl) -> bool {
    is_handler(function) && !is_mentioned(function, item)
}

/// Whether the block mentions the function elsewhere, so that it may be called.
fn is_mentioned(function: &ImplItemFn, item: &ItemImpl) -> bool {
    fn count(tokens: proc_macro2::TokenStream, name: &proc_macro2::Ident) -> usize {
        let of_tree = |tree| match tree {
            proc_macro2::TokenTree::Ident(ident) => usize::from(ident == *name),
            proc_macro2::TokenTree::Group(group) => count(group.stream(), name),
            _ => 0,
        };
        tokens.into_iter().map(of_tree).sum()
    }
    count(quote::ToTokens::to_token_stream(item), &function.sig.ident) > 1
}

/// Whether the function's own code contains a step.
fn waits(function: &ImplItemFn) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr_await(&mut self, _: &'ast syn::ExprAwait) {
            self.0 = true;
        }
        fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
        fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
            if closure.asyncness.is_none() {
                visit::visit_expr_closure(self, closure);
            }
        }
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut finder = Finder(false);
    finder.visit_block(&function.block);
    finder.0
}
