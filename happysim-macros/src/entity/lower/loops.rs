//! Loops around steps, and jumps out of them.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, ExprBreak, ExprContinue, ExprForLoop, ExprLoop, ExprWhile, Label, Lit, Pat, Type};

use super::flow::edge;
use super::{Frame, Lowering, Target};
use crate::entity::cfg::{BindingId, BlockId, StatementKind, Terminator, Uses};
use crate::entity::codes;
use crate::entity::jumps;
use crate::entity::place::{ends, placed};
use crate::entity::types;
use crate::entity::uses::Mode;

impl Lowering<'_> {
    fn open_loop(&mut self, label: Option<&Label>, target: Target) -> (BlockId, BlockId) {
        let (head, exit) = (self.new_block(), self.new_block());
        self.frames.push(Frame {
            label: label.map(|label| label.name.ident.to_string()),
            head: Some(head),
            exit,
            target,
            depth: self.scopes.len(),
        });
        self.goto(head);
        self.enter(head);
        (head, exit)
    }

    pub(super) fn loop_into(&mut self, body: &ExprLoop, target: Target) {
        let (head, exit) = self.open_loop(body.label.as_ref(), target);
        self.block_into(&body.body, Target::Discard);
        self.goto(head);
        self.frames.pop();
        self.enter_join(exit, target);
    }

    /// `while condition { .. }`: the condition is evaluated at the head.
    pub(super) fn while_into(&mut self, body: &ExprWhile, target: Target) {
        let (head, exit) = self.open_loop(body.label.as_ref(), Target::Discard);
        self.open_scope();
        let otherwise = self.condition(&body.cond);
        self.block_into(&body.body, Target::Discard);
        self.close_scope();
        self.goto(head);
        self.frames.pop();
        self.enter(otherwise);
        self.goto(exit);
        self.enter(exit);
        self.unit_into(target);
    }

    /// `for pattern in values { .. }`: the iterator is a local of its own.
    pub(super) fn for_into(&mut self, body: &ExprForLoop, target: Target) {
        self.open_scope();
        let iterator = self.iterator(body);
        let name = self.graph.bindings[iterator].name.clone();
        let ty = self.graph.bindings[iterator].ty.clone();
        let (head, exit) = self.open_loop(body.label.as_ref(), Target::Discard);
        let block = self.new_block();
        self.open_scope();
        let mut uses = Uses::default();
        uses.reads.insert(iterator);
        let item = self.item_type(&body.expr, ty.as_ref());
        let defines = self.declare_surely(&body.pat, item.as_ref());
        let is_guessed = self.graph.bindings[iterator].guessed;
        for &id in &defines {
            self.graph.bindings[id].guessed |= is_guessed;
        }
        let pattern = body.pat.to_token_stream();
        let arms = vec![
            edge(quote!(::core::option::Option::Some(#pattern)), defines, block),
            edge(quote!(::core::option::Option::None), Vec::new(), exit),
        ];
        let (first, last) = ends(&body.expr.to_token_stream());
        let place = quote_spanned!(first=> &mut #name);
        let scrutinee = called((first, last), ["Iterator", "next"], &place);
        self.terminate(Terminator::Match { scrutinee, uses, arms });
        self.enter(block);
        self.block_into(&body.body, Target::Discard);
        self.close_scope();
        self.goto(head);
        self.frames.pop();
        self.enter(exit);
        self.close_scope();
        self.unit_into(target);
    }

    fn item_type(&self, expr: &Expr, iterator: Option<&Type>) -> Option<Type> {
        let values = self.visible_type(expr).filter(|ty| !types::has_reference(ty));
        values.as_ref().or(iterator).and_then(|ty| types::item(ty, self.entity))
    }

    /// The hidden local that iterates over the values of a `for` loop.
    fn iterator(&mut self, body: &ExprForLoop) -> BindingId {
        let mut values = (*body.expr).clone();
        if self.splits(&values) {
            self.hoist(&mut values);
        }
        let mut ty = self.visible_type(&values);
        if ty.is_none() && matches!(&*body.pat, Pat::Wild(_)) {
            ty = counted(&values);
        }
        let borrows = matches!(&values, Expr::Reference(_))
            || matches!(&values, Expr::MethodCall(call)
                if ["iter", "iter_mut", "drain", "keys", "values"].iter().any(|name| call.method == name));
        let why = if borrows {
            Some(
                "a `for` loop with a step in it cannot borrow what it iterates over, because the \
                 loop's place is kept while it waits: iterate over indices, or over a copy: `let \
                 items: Vec<Item> = ..; for item in items`",
            )
        } else if ty.is_none() {
            Some(
                "the type of what this `for` loop iterates over cannot be seen, and the loop's \
                 place is kept across a step: give a bound its type, as in `0..3u32`, or write \
                 `let items: Vec<Item> = ..; for item in items`",
            )
        } else {
            None
        };
        if let Some(why) = why {
            self.errors.error(codes::LOOP_VALUES, &body.expr, why);
        }
        let uses = self.uses(&values, Mode::Value);
        let values = self.prepared(&values);
        let iterator_type = ty.as_ref().and_then(|ty| types::iterator(ty, self.entity));
        let id = self.temporary("iterator", true, iterator_type);
        // Underlined as the values, so that what is no iterator is told of once.
        let place = ends(&body.expr.to_token_stream());
        self.graph.bindings[id].guessed = self.is_guessed(&body.expr);
        let binding = &mut self.graph.bindings[id];
        binding.name.set_span(place.1);
        binding.field.set_span(place.1);
        let pattern = self.binding_pattern(id);
        let init = called(place, ["IntoIterator", "into_iter"], &placed(values, place));
        let init = Some(init);
        self.push(StatementKind::Let { pattern, init, diverge: None }, uses, vec![id]);
        self.declare(id);
        id
    }

    pub(super) fn break_from(&mut self, jump: &ExprBreak) {
        let label = jump.label.as_ref().map(|label| label.ident.to_string());
        let Some(index) = self.frame(label.as_deref()) else {
            let message = jumps::nowhere("break", jump.label.as_ref());
            self.errors.error(codes::JUMP, jump, message);
            return;
        };
        let (exit, target, depth) =
            (self.frames[index].exit, self.frames[index].target, self.frames[index].depth);
        match &jump.expr {
            Some(value) => self.expression_into(value, target),
            None => self.unit_into(target),
        }
        self.leave(depth, exit);
    }

    pub(super) fn continue_from(&mut self, jump: &ExprContinue) {
        let label = jump.label.as_ref().map(|label| label.ident.to_string());
        let frame = self.frame(label.as_deref()).map(|index| &self.frames[index]);
        let Some((head, depth)) = frame.and_then(|frame| Some((frame.head?, frame.depth))) else {
            let message = jumps::nowhere("continue", jump.label.as_ref());
            self.errors.error(codes::JUMP, jump, message);
            return;
        };
        self.leave(depth, head);
    }

    /// The innermost loop, or the frame with this label.
    fn frame(&self, label: Option<&str>) -> Option<usize> {
        self.frames.iter().rposition(|frame| match label {
            Some(label) => frame.label.as_deref() == Some(label),
            None => frame.head.is_some(),
        })
    }

    /// Jumps out of all scopes deeper than `depth`.
    fn leave(&mut self, depth: usize, to: BlockId) {
        let ended: Vec<BindingId> = self.scopes[depth..].iter().flatten().copied().collect();
        self.end_scope(ended);
        self.goto(to);
        self.unreachable();
    }
}

/// A call of a function about iterators, underlined from the first to the last of `place`.
fn called(
    (first, last): (Span, Span),
    [owner, name]: [&str; 2],
    argument: &TokenStream,
) -> TokenStream {
    let (owner, name) = (Ident::new(owner, first), Ident::new(name, first));
    let mut argument = Group::new(Delimiter::Parenthesis, argument.clone());
    argument.set_span(last);
    quote_spanned!(first=> ::core::iter::#owner::#name #argument)
}

/// The type of a range whose numbers nobody looks at: `for _ in 0..3`.
fn counted(values: &Expr) -> Option<Type> {
    let Expr::Range(range) = values else { return None };
    let bounds = [range.start.as_deref()?, range.end.as_deref()?];
    let are_numbers = bounds
        .iter()
        .all(|bound| matches!(bound, Expr::Lit(literal) if matches!(literal.lit, Lit::Int(_))));
    if !are_numbers {
        return None;
    }
    match range.limits {
        syn::RangeLimits::HalfOpen(_) => types::parse(quote!(::core::ops::Range<u64>)),
        syn::RangeLimits::Closed(_) => types::parse(quote!(::core::ops::RangeInclusive<u64>)),
    }
}
