//! From the body of an `async fn` to its control-flow graph.
//!
//! A statement without a step is taken over as it is. Around a step, `if`, `match`, loops and
//! blocks are taken apart; a step inside a larger expression is moved in front of it, where that
//! does not change the order of evaluation.

mod attributes;
mod awaited_later;
mod context;
mod flow;
mod guesses;
mod hoist;
mod items;
mod loops;
mod macros;
mod matched;
mod repolled;
mod scopes;
mod split;
mod statements;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprAwait, Pat, Type};

use self::scopes::Taken;
use super::cfg::{BindingId, Bindings, BlockId, Graph, Origin, StatementKind, Terminator, Uses};
use super::jumps::Jumps;
use super::large;
use super::place::placed;
use super::prepare::Prepare;
use super::signature::{EntityImpl, Method};
use super::steps::{self, Refusal, StepKind};
use super::types::View;
use super::uses::{Mode, UseCollector};
use crate::diagnostics::Diagnostics;

/// Where the value of an expression goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Discard,
    Bind(BindingId),
    Return,
}

/// A loop or labelled block that was taken apart.
struct Frame {
    label: Option<String>,
    /// Where `continue` leads; nowhere for a labelled block.
    head: Option<BlockId>,
    exit: BlockId,
    target: Target,
    /// The number of scopes outside of it.
    depth: usize,
}

pub(super) struct Lowering<'a> {
    entity: &'a EntityImpl,
    method: &'a Method,
    errors: &'a mut Diagnostics,
    graph: Graph,
    current: BlockId,
    scopes: Vec<Vec<BindingId>>,
    /// Locals that are called as the context, and are it or have been refused.
    contexts: Vec<BindingId>,
    frames: Vec<Frame>,
    temporaries: usize,
    /// The names of the fields that keep locals.
    fields: Taken,
    /// Whether a step follows the statement that is being lowered.
    step_ahead: bool,
    /// Locals that the expression whose steps are being moved in front of it looks at earlier.
    passed: Bindings,
}

/// Lowers the body of `method`. The graph is of use only if no error was reported.
pub(crate) fn lower(entity: &EntityImpl, method: &Method, errors: &mut Diagnostics) -> Graph {
    let mut lowering = Lowering {
        entity,
        method,
        errors,
        graph: Graph::default(),
        current: 0,
        scopes: vec![Vec::new()],
        contexts: Vec::new(),
        frames: Vec::new(),
        temporaries: 0,
        fields: Taken::default(),
        step_ahead: false,
        passed: Bindings::new(),
    };
    attributes::refuse_cfg(&method.block, lowering.errors);
    // What the states themselves have.
    for reserved in ["wait", "callee"] {
        lowering.fields.take(reserved, "_");
    }
    for parameter in &method.parameters {
        let id = lowering.binding(
            &parameter.name,
            parameter.mutable && !large::is_large(&parameter.ty),
            Some(parameter.ty.clone()),
            true,
            Origin::Named,
        );
        lowering.declare(id);
    }
    let start = lowering.new_block();
    lowering.enter(start);
    lowering.block_into(&large::in_boxes(method), Target::Return);
    let mut graph = lowering.graph;
    for block in &mut graph.blocks {
        // Only code that cannot be reached is left open.
        block.terminator.get_or_insert_with(|| {
            Terminator::Diverge(quote!(::core::unreachable!()), Uses::default())
        });
    }
    graph.simplify();
    name_states(&mut graph);
    graph
}

/// `Sleep`, `Sleep2`, `Sleep3`.
fn name_states(graph: &mut Graph) {
    let mut taken = Taken::default();
    for reserved in ["Start", "Finished"] {
        taken.take(reserved, "");
    }
    for step in &mut graph.steps {
        let name = taken.take(&step.state.to_string(), "");
        step.state = Ident::new(&name, Span::call_site());
    }
}

impl Lowering<'_> {
    fn prepared(&mut self, expr: &Expr) -> TokenStream {
        let (entity, method, errors) = (self.entity, self.method, &mut *self.errors);
        Prepare { entity, method, errors, jumps: Jumps::default() }.expression(expr)
    }

    fn uses(&self, expr: &Expr, mode: Mode) -> Uses {
        self.collect(|collector| collector.expression(expr, mode))
    }

    /// What is used where a value is bound to a pattern.
    fn uses_of_let(&self, value: &Expr, pattern: &Pat) -> Uses {
        self.collect(|collector| collector.matched(value, &[pattern]))
    }

    /// What is taken of a local where it is matched against the pattern.
    fn taken_by(&self, value: &Expr, pattern: &Pat) -> Uses {
        self.collect(|collector| collector.taken(value, pattern))
    }

    fn collect(&self, work: impl FnOnce(&mut UseCollector<'_>)) -> Uses {
        let lookup =
            |name: &Ident| self.lookup(name).map(|id| (id, self.graph.bindings[id].ty.clone()));
        let mut collector = UseCollector::new(&lookup);
        work(&mut collector);
        collector.uses
    }

    fn visible_type(&self, expr: &Expr) -> Option<Type> {
        self.with_view(|view| view.expression(expr))
    }

    fn with_view<T>(&self, work: impl FnOnce(&View<'_>) -> T) -> T {
        let local =
            |name: &Ident| self.lookup(name).and_then(|id| self.graph.bindings[id].ty.clone());
        let step = |operand: &Expr| {
            steps::recognise(operand, &self.method.context, self.entity).ok()?.output
        };
        let context = &self.method.context;
        work(&View { entity: self.entity, local: &local, context, step: &step })
    }

    /// Code that is known to hold no step, with its value going to `target`.
    fn opaque_into(&mut self, expr: &Expr, target: Target) {
        let uses = self.uses(expr, Mode::Value);
        let tokens = self.prepared(expr);
        if split::diverges(expr) {
            self.terminate(Terminator::Diverge(tokens, uses));
            self.unreachable();
            return;
        }
        match target {
            Target::Discard => {
                self.push(StatementKind::Expression(quote!(#tokens;)), uses, Vec::new());
            }
            Target::Bind(id) => {
                let pattern = self.binding_pattern(id);
                let kind = StatementKind::Let { pattern, init: Some(tokens), diverge: None };
                self.push(kind, uses, vec![id]);
            }
            Target::Return => {
                self.terminate(Terminator::Return(tokens, uses));
                self.unreachable();
            }
        }
    }

    fn unit_into(&mut self, target: Target) {
        match target {
            Target::Discard => {}
            // Where a value is missing, it is missing at the end.
            _ => {
                let end = self.method.block.brace_token.span.close();
                self.opaque_into(&syn::parse_quote_spanned!(end=> ()), target);
            }
        }
    }

    /// Evaluates an expression with steps into a temporary, and yields that.
    fn value_of(&mut self, expr: &Expr) -> Expr {
        let ty = self.visible_type(expr);
        self.value_of_type(expr, ty)
    }

    /// As [`value_of`](Self::value_of), where the type is known, or not.
    fn value_of_type(&mut self, expr: &Expr, ty: Option<Type>) -> Expr {
        let id = self.temporary("value", false, ty);
        // What is wrong with the value is told at its place: rustc underlines from there to what
        // follows it in the user's code, if both are the user's.
        let binding = &mut self.graph.bindings[id];
        binding.name.set_span(expr.span());
        binding.field.set_span(expr.span());
        self.expression_into(expr, Target::Bind(id));
        self.declare(id);
        let name = &self.graph.bindings[id].name;
        syn::parse_quote!(#name)
    }

    fn expression_into(&mut self, expr: &Expr, target: Target) {
        if let Expr::Return(jump) = expr {
            match &jump.expr {
                Some(value) => self.expression_into(value, Target::Return),
                None => self.unit_into(Target::Return),
            }
            return;
        }
        if !self.splits(expr) {
            match expr {
                Expr::Block(block) if block.label.is_none() && split::diverges(expr) => {
                    self.block_into(&block.block, target);
                }
                _ => self.opaque_into(expr, target),
            }
            return;
        }
        self.keep_lints_of(expr);
        match expr {
            Expr::Paren(inner) => self.expression_into(&inner.expr, target),
            Expr::Group(inner) => self.expression_into(&inner.expr, target),
            Expr::Await(step) => self.step_into(step, target),
            Expr::Try(inner) => {
                self.open_scope();
                let mut question = inner.clone();
                question.expr = Box::new(self.value_of(&inner.expr));
                self.opaque_into(&Expr::Try(question), target);
                self.close_scope();
            }
            Expr::Block(block) => self.labelled_block_into(block, target),
            Expr::If(branch) => self.if_into(branch, target),
            Expr::Match(arms) => self.match_into(arms, target),
            Expr::Loop(body) => self.loop_into(body, target),
            Expr::While(body) => self.while_into(body, target),
            Expr::ForLoop(body) => self.for_into(body, target),
            Expr::Break(jump) => self.break_from(jump),
            Expr::Continue(jump) => self.continue_from(jump),
            other => {
                let mut rest = other.clone();
                self.open_scope();
                self.hoist(&mut rest);
                self.opaque_into(&rest, target);
                // Temporaries that were only looked at end with the statement.
                self.close_scope();
            }
        }
    }

    fn step_into(&mut self, awaited: &ExprAwait, target: Target) {
        self.refuse_hidden_context();
        let operand = &*awaited.base;
        let mut step = match steps::recognise(operand, &self.method.context, self.entity) {
            Ok(step) => step,
            Err(Refusal { code, message }) => {
                self.errors.error(code, operand, message);
                return;
            }
        };
        step.place.1 = awaited.await_token.span;
        let place = step.place;
        let mut operand = steps::peeled(operand).clone();
        let (expression, uses) = if let StepKind::Helper { arguments, .. } = &mut step.kind {
            let mut tuple: Expr = syn::parse_quote!((#(#arguments,)*));
            self.hoist(&mut tuple);
            let uses = self.uses(&tuple, Mode::Value);
            if let Expr::Tuple(tuple) = tuple {
                *arguments = tuple.elems.into_iter().collect();
            }
            let prepared: Vec<TokenStream> =
                arguments.iter().map(|argument| self.prepared(argument)).collect();
            (quote!(#(#prepared),*), uses)
        } else {
            if matches!(step.kind, StepKind::Repoll) {
                self.settle(&mut operand);
            }
            self.hoist(&mut operand);
            (self.prepared(&operand), self.uses(&operand, Mode::Place))
        };
        let expression = match (&step.kind, &operand) {
            // `handle.await`: the handle stays where it is.
            (StepKind::Repoll, Expr::Path(handle)) => {
                if let Some(id) = handle.path.get_ident().and_then(|name| self.lookup(name)) {
                    self.graph.bindings[id].mutable = true;
                }
                quote_spanned!(place.0=> &mut #expression)
            }
            _ => expression,
        };
        let is_repolled = matches!(step.kind, StepKind::Repoll);
        let output = step.output.clone();
        self.graph.steps.push(step);
        let step = self.graph.steps.len() - 1;
        if is_repolled {
            let poll = self.new_block();
            self.goto(poll);
            self.enter(poll);
            self.graph.blocks[poll].is_root = true;
        }
        let result = match target {
            Target::Bind(id) => Some(id),
            Target::Discard => None,
            Target::Return => Some(self.temporary("output", false, output)),
        };
        let next = self.new_block();
        self.terminate(Terminator::Step { step, expression, uses, result, next });
        match target {
            Target::Return => {
                self.enter_join(next, Target::Bind(result.expect("a result was asked for")));
                let id = result.expect("a result was asked for");
                let name = self.graph.bindings[id].name.clone();
                let mut uses = Uses::default();
                uses.reads.insert(id);
                uses.moves.insert(id);
                self.terminate(Terminator::Return(placed(name, place), uses));
                self.unreachable();
            }
            _ => self.enter_join(next, target),
        }
    }
}
