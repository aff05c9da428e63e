//! From the body of an `async fn` to its control-flow graph.
//!
//! A statement without a step is taken over as it is. Around a step, `if`, `match`, loops and
//! blocks are taken apart; a step inside a larger expression is moved in front of it, where that
//! does not change the order of evaluation.

mod attributes;
mod context;
mod flow;
mod guesses;
mod hoist;
mod items;
mod loops;
mod matched;
mod repolled;
mod split;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{Block as SourceBlock, Expr, ExprAwait, Local, Pat, Stmt, Type};

use super::advice::{self, Advice};
use super::cfg::{
    Binding, BindingId, Bindings, Block, BlockId, Graph, Origin, Statement, StatementKind,
    Terminator, Uses,
};
use super::jumps::Jumps;
use super::large;
use super::patterns;
use super::place::placed;
use super::prepare::{self, Prepare};
use super::projections;
use super::signature::{EntityImpl, Method};
use super::steps::{self, Refusal, StepKind};
use super::types::View;
use super::unbegun;
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

/// Names in use, and the last number behind each that had to be told apart.
#[derive(Default)]
struct Taken {
    names: BTreeSet<String>,
    numbers: BTreeMap<String, usize>,
}

impl Taken {
    /// `base` if it is free, or else the first free one of `base2`, `base3`, with `joint` between.
    fn take(&mut self, base: &str, joint: &str) -> String {
        let mut name = base.to_owned();
        if self.names.contains(base) {
            let number = self.numbers.entry(base.to_owned()).or_insert(1);
            while self.names.contains(&name) {
                *number += 1;
                name = format!("{base}{joint}{number}");
            }
        }
        self.names.insert(name.clone());
        name
    }
}

impl Lowering<'_> {
    // Bindings and scopes.

    fn binding(
        &mut self,
        name: &Ident,
        mutable: bool,
        ty: Option<Type>,
        annotated: bool,
        origin: Origin,
    ) -> BindingId {
        let base = name.to_string();
        let base = base.trim_start_matches("r#");
        let mut field = name.clone();
        let unique = self.fields.take(base, "_");
        if unique != base {
            field = format_ident!("{}", unique, span = name.span());
        }
        let guessed = ty.as_ref().is_some_and(projections::is_doubtful);
        self.graph.bindings.push(Binding {
            name: name.clone(),
            field,
            mutable,
            ty,
            annotated,
            guessed,
            origin,
            advice: None,
        });
        self.graph.bindings.len() - 1
    }

    /// A temporary of ours.
    fn temporary(&mut self, name: &str, mutable: bool, ty: Option<Type>) -> BindingId {
        self.temporaries += 1;
        let name = Ident::new(&format!("__{name}{}", self.temporaries), Span::mixed_site());
        self.binding(&name, mutable, ty, false, Origin::Temporary)
    }

    fn declare(&mut self, id: BindingId) {
        self.scopes.last_mut().expect("the function's scope is open").push(id);
    }

    /// What was declared, behind all that was in scope.
    fn declared_since(&self, outside: &[BindingId]) -> Vec<BindingId> {
        self.in_scope().split_off(outside.len())
    }

    fn undeclare(&mut self, ended: &[BindingId]) {
        self.scopes
            .last_mut()
            .expect("the function's scope is open")
            .retain(|id| !ended.contains(id));
    }

    fn lookup(&self, name: &Ident) -> Option<BindingId> {
        let in_order = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev());
        in_order.copied().find(|&id| self.graph.bindings[id].name == *name)
    }

    fn in_scope(&self) -> Vec<BindingId> {
        self.scopes.iter().flatten().copied().collect()
    }

    fn open_scope(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// Ends the innermost scope; what is still there is dropped.
    fn close_scope(&mut self) {
        let ended = self.scopes.pop().expect("every scope is closed once");
        self.end_scope(ended);
    }

    fn end_scope(&mut self, ended: Vec<BindingId>) {
        if !ended.is_empty() {
            self.push(StatementKind::EndScope(ended), Uses::default(), Vec::new());
        }
    }

    // Blocks.

    fn new_block(&mut self) -> BlockId {
        self.graph.blocks.push(Block::default());
        self.graph.blocks.len() - 1
    }

    fn enter(&mut self, block: BlockId) {
        self.graph.blocks[block].scope = self.in_scope();
        self.current = block;
    }

    /// Enters a block in which the target has its value already.
    fn enter_join(&mut self, block: BlockId, target: Target) {
        self.enter(block);
        if let Target::Bind(id) = target {
            self.graph.blocks[block].scope.push(id);
        }
    }

    fn push(&mut self, kind: StatementKind, uses: Uses, defines: Vec<BindingId>) {
        let statement = Statement { kind, uses, defines };
        self.graph.blocks[self.current].statements.push(statement);
    }

    fn terminate(&mut self, terminator: Terminator) {
        let block = &mut self.graph.blocks[self.current];
        if block.terminator.is_none() {
            block.terminator = Some(terminator);
        }
    }

    fn goto(&mut self, block: BlockId) {
        self.terminate(Terminator::Goto(block));
    }

    /// What follows cannot be reached.
    fn unreachable(&mut self) {
        let block = self.new_block();
        self.enter(block);
    }

    // Expressions that stay as they are.

    fn prepared(&mut self, expr: &Expr) -> TokenStream {
        let (entity, method, errors) = (self.entity, self.method, &mut *self.errors);
        Prepare { entity, method, errors, jumps: Jumps::default() }.expression(expr)
    }

    fn uses(&self, expr: &Expr, mode: Mode) -> Uses {
        self.collect(|collector| collector.expression(expr, mode))
    }

    /// What is used where a value is matched against one of these.
    fn uses_of_match(&self, value: &Expr, patterns: &[&Pat]) -> Uses {
        self.collect(|collector| collector.matched(value, patterns))
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

    /// Notes what to write for `let name = value;`, where the value does not show its type.
    fn advise(&mut self, id: BindingId, value: &Expr) {
        let binding = &self.graph.bindings[id];
        if binding.ty.is_none() && binding.origin == Origin::Named {
            let (name, body) = (binding.name.clone(), &self.method.block);
            let advice = self.with_view(|view| advice::advice(view, &name, value, body));
            self.graph.bindings[id].advice = Some(advice);
        }
    }

    /// Declares what a pattern binds, in the current scope.
    fn declare_pattern(&mut self, pattern: &Pat, ty: Option<&Type>) -> Vec<BindingId> {
        self.declare_bound(pattern, patterns::pattern(pattern, ty))
    }

    /// As [`declare_pattern`](Self::declare_pattern), where the pattern fits whatever the value is.
    fn declare_surely(&mut self, pattern: &Pat, ty: Option<&Type>) -> Vec<BindingId> {
        self.declare_bound(pattern, patterns::pattern_of_let(pattern, ty))
    }

    fn declare_bound(
        &mut self,
        pattern: &Pat,
        bound: Vec<patterns::PatternBinding>,
    ) -> Vec<BindingId> {
        let origin = if is_name(pattern) { Origin::Named } else { Origin::Pattern };
        bound
            .into_iter()
            .map(|bound| {
                let ty = if bound.by_reference { None } else { bound.ty };
                let annotated = bound.annotated;
                let id = self.binding(&bound.name, bound.mutable, ty, annotated, origin);
                if bound.by_reference {
                    self.graph.bindings[id].advice = Some(Advice::Reference);
                }
                self.declare(id);
                id
            })
            .collect()
    }

    /// `let name: Type`, as the user wrote it or as ours.
    fn binding_pattern(&self, id: BindingId) -> TokenStream {
        let binding = &self.graph.bindings[id];
        let name = &binding.name;
        let mutable = binding.mutable.then(|| quote!(mut));
        match &binding.ty {
            Some(ty) if binding.annotated => quote!(#mutable #name: #ty),
            _ => quote!(#mutable #name),
        }
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

    // Statements.

    fn block_into(&mut self, block: &SourceBlock, target: Target) {
        self.items(block);
        self.open_scope();
        let statements: Vec<&Stmt> =
            block.stmts.iter().filter(|statement| !matches!(statement, Stmt::Item(_))).collect();
        let ahead = self.step_ahead;
        // Whether a step follows each statement.
        let mut follows = vec![ahead; statements.len()];
        for index in (1..statements.len()).rev() {
            follows[index - 1] = follows[index] || Self::has_step(statements[index]);
        }
        let mut tail = self.behind_last_split(&statements, &follows, 0);
        let mut rest = None;
        let mut has_value = false;
        for (index, statement) in statements.iter().enumerate() {
            // What was declared in the meantime may be given away farther behind.
            if index == tail {
                tail = self.behind_last_split(&statements, &follows, index);
            }
            if index == tail && !matches!(target, Target::Return) && is_piece(&statements[index..])
            {
                rest = Some(&statements[index..]);
                break;
            }
            self.step_ahead = follows[index];
            match statement {
                Stmt::Expr(expr, None) if index + 1 == statements.len() => {
                    self.expression_into(expr, target);
                    has_value = true;
                }
                _ => self.statement(statement),
            }
        }
        self.step_ahead = ahead;
        if let Some(rest) = rest {
            let stmts = rest.iter().copied().cloned().collect();
            let rest = SourceBlock { brace_token: block.brace_token, stmts };
            let rest = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: rest });
            self.opaque_into(&rest, target);
        } else if !has_value {
            self.unit_into(target);
        }
        if matches!(target, Target::Return) {
            self.scopes.pop();
        } else {
            self.close_scope();
        }
    }

    /// The first statement, not before `from`, from which on none is to be taken apart.
    fn behind_last_split(&mut self, statements: &[&Stmt], follows: &[bool], from: usize) -> usize {
        let last = (from..statements.len()).rev().find(|&index| {
            self.step_ahead = follows[index];
            self.splits_statement(statements[index])
        });
        last.map_or(from, |last| last + 1)
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => {
                let errors = &mut *self.errors;
                prepare::refuse_unbegun(statement, self.entity, self.method, errors);
                self.local(local);
            }
            Stmt::Item(_) => {}
            Stmt::Expr(expr, _) => {
                let errors = &mut *self.errors;
                prepare::refuse_unbegun(statement, self.entity, self.method, errors);
                self.expression_into(expr, Target::Discard);
            }
            Stmt::Macro(mac) => {
                let expr =
                    Expr::Macro(syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() });
                self.expression_into(&expr, Target::Discard);
            }
        }
    }

    fn local(&mut self, local: &Local) {
        self.keep_lints(&local.attrs);
        let Some(init) = &local.init else {
            let ids = self.declare_surely(&local.pat, None);
            if let [id] = ids[..] {
                self.advise_declared(id);
            }
            let pattern = local.pat.to_token_stream();
            self.push(
                StatementKind::Let { pattern, init: None, diverge: None },
                Uses::default(),
                ids,
            );
            return;
        };
        let diverge = init.diverge.as_ref().map(|(_, diverge)| &**diverge);
        if let Some(diverge) = diverge
            && self.splits(diverge)
        {
            self.let_else(&local.pat, &init.expr, diverge);
            return;
        }
        let ty = self.visible_type(&init.expr);
        if !self.splits(&init.expr) {
            self.opaque_let(local, &init.expr, diverge, ty.as_ref());
            return;
        }
        if diverge.is_none()
            && let [bound] = &patterns::pattern_of_let(&local.pat, ty.as_ref())[..]
            && is_name(&local.pat)
            && !bound.by_reference
        {
            let id = self.binding(
                &bound.name,
                bound.mutable,
                bound.ty.clone(),
                bound.annotated,
                Origin::Named,
            );
            self.note_guess(&[id], &init.expr);
            self.advise(id, &init.expr);
            self.expression_into(&init.expr, Target::Bind(id));
            self.declare(id);
            return;
        }
        if matches!(local.pat, Pat::Wild(_)) {
            self.expression_into(&init.expr, Target::Discard);
            return;
        }
        if let Pat::Type(typed) = &local.pat
            && matches!(*typed.pat, Pat::Wild(_))
        {
            // It is dropped here, and is to be of that type.
            let (value, ty) = (self.value_of(&init.expr), &typed.ty);
            let uses = self.uses(&value, Mode::Value);
            let dropped = quote!(::core::mem::drop::<#ty>(#value););
            self.push(StatementKind::Expression(dropped), uses, Vec::new());
            return;
        }
        let borrows = matches!(&*init.expr, Expr::Reference(_))
            || patterns::pattern(&local.pat, ty.as_ref()).iter().any(|bound| bound.by_reference);
        let outside = self.in_scope();
        let value = self.value_of(&init.expr);
        let left = self.declared_since(&outside);
        self.opaque_let(local, &value, diverge, ty.as_ref());
        if !borrows {
            // What the pattern leaves of the value ends with the statement.
            self.undeclare(&left);
            self.end_scope(left);
        }
    }

    fn opaque_let(
        &mut self,
        local: &Local,
        init: &Expr,
        diverge: Option<&Expr>,
        ty: Option<&Type>,
    ) {
        let uses = self.uses_of_match(init, &[&local.pat]);
        let tokens = self.prepared(init);
        let context = &self.method.context;
        let asked = unbegun::unread(&local.pat, init, &tokens, self.entity, context);
        let tokens = asked.unwrap_or(tokens);
        let diverge = diverge.map(|diverge| self.prepared(diverge));
        let ids = match &diverge {
            Some(_) => self.declare_pattern(&local.pat, ty),
            None => self.declare_surely(&local.pat, ty),
        };
        self.note_context(&ids, init);
        self.note_guess(&ids, init);
        if let [id] = ids[..] {
            self.advise(id, init);
        }
        let pattern = local.pat.to_token_stream();
        self.push(StatementKind::Let { pattern, init: Some(tokens), diverge }, uses, ids);
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

    // Expressions.

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
                quote!(&mut #expression)
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

/// Whether statements without a step are better one piece, so that Rust ends the scopes in it.
fn is_piece(statements: &[&Stmt]) -> bool {
    statements.iter().any(|statement| matches!(statement, Stmt::Local(_)))
        && !statements.last().is_some_and(|last| split::statement_diverges(last))
}

/// A name, with a type or without.
fn is_name(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(_) => true,
        Pat::Type(typed) => is_name(&typed.pat),
        _ => false,
    }
}
