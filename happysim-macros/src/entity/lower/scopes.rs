//! Bindings, scopes and blocks while a graph is made.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Expr, Pat, Type};

use super::statements::is_name;
use super::{Lowering, Target};
use crate::entity::advice::{self, Advice};
use crate::entity::cfg::{
    Binding, BindingId, Block, BlockId, Origin, Statement, StatementKind, Terminator, Uses,
};
use crate::entity::{patterns, projections};

/// Names in use, and the last number behind each that had to be told apart.
#[derive(Default)]
pub(super) struct Taken {
    names: BTreeSet<String>,
    numbers: BTreeMap<String, usize>,
}

impl Taken {
    /// `base` if it is free, or else the first free one of `base2`, `base3`, with `joint` between.
    pub(super) fn take(&mut self, base: &str, joint: &str) -> String {
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
    pub(super) fn binding(
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
    pub(super) fn temporary(&mut self, name: &str, mutable: bool, ty: Option<Type>) -> BindingId {
        self.temporaries += 1;
        let name = Ident::new(&format!("__{name}{}", self.temporaries), Span::mixed_site());
        self.binding(&name, mutable, ty, false, Origin::Temporary)
    }

    pub(super) fn declare(&mut self, id: BindingId) {
        self.scopes.last_mut().expect("the function's scope is open").push(id);
    }

    /// What was declared, behind all that was in scope.
    pub(super) fn declared_since(&self, outside: &[BindingId]) -> Vec<BindingId> {
        self.in_scope().split_off(outside.len())
    }

    pub(super) fn undeclare(&mut self, ended: &[BindingId]) {
        self.scopes
            .last_mut()
            .expect("the function's scope is open")
            .retain(|id| !ended.contains(id));
    }

    pub(super) fn lookup(&self, name: &Ident) -> Option<BindingId> {
        let in_order = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev());
        in_order.copied().find(|&id| self.graph.bindings[id].name == *name)
    }

    pub(super) fn in_scope(&self) -> Vec<BindingId> {
        self.scopes.iter().flatten().copied().collect()
    }

    pub(super) fn open_scope(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// Ends the innermost scope; what is still there is dropped.
    pub(super) fn close_scope(&mut self) {
        let ended = self.scopes.pop().expect("every scope is closed once");
        self.end_scope(ended);
    }

    pub(super) fn end_scope(&mut self, ended: Vec<BindingId>) {
        if !ended.is_empty() {
            self.push(StatementKind::EndScope(ended), Uses::default(), Vec::new());
        }
    }

    pub(super) fn new_block(&mut self) -> BlockId {
        self.graph.blocks.push(Block::default());
        self.graph.blocks.len() - 1
    }

    pub(super) fn enter(&mut self, block: BlockId) {
        self.graph.blocks[block].scope = self.in_scope();
        self.current = block;
    }

    /// Enters a block in which the target has its value already.
    pub(super) fn enter_join(&mut self, block: BlockId, target: Target) {
        self.enter(block);
        if let Target::Bind(id) = target {
            self.graph.blocks[block].scope.push(id);
        }
    }

    pub(super) fn push(&mut self, kind: StatementKind, uses: Uses, defines: Vec<BindingId>) {
        let statement = Statement { kind, uses, defines };
        self.graph.blocks[self.current].statements.push(statement);
    }

    pub(super) fn terminate(&mut self, terminator: Terminator) {
        let block = &mut self.graph.blocks[self.current];
        if block.terminator.is_none() {
            block.terminator = Some(terminator);
        }
    }

    pub(super) fn goto(&mut self, block: BlockId) {
        self.terminate(Terminator::Goto(block));
    }

    /// What follows cannot be reached.
    pub(super) fn unreachable(&mut self) {
        let block = self.new_block();
        self.enter(block);
    }

    /// Notes what to write for `let name = value;`, where the value does not show its type.
    pub(super) fn advise(&mut self, id: BindingId, value: &Expr) {
        self.refuse_awaited_later(id, value);
        let binding = &self.graph.bindings[id];
        if binding.ty.is_none() && binding.origin == Origin::Named {
            let (name, body) = (binding.name.clone(), &self.method.block);
            let advice = self.with_view(|view| advice::advice(view, &name, value, body));
            self.graph.bindings[id].advice = Some(advice);
        }
    }

    /// Declares what a pattern binds, in the current scope.
    pub(super) fn declare_pattern(&mut self, pattern: &Pat, ty: Option<&Type>) -> Vec<BindingId> {
        self.declare_bound(pattern, patterns::pattern(pattern, ty))
    }

    /// As [`declare_pattern`](Self::declare_pattern), where the pattern fits whatever the value is.
    pub(super) fn declare_surely(&mut self, pattern: &Pat, ty: Option<&Type>) -> Vec<BindingId> {
        self.declare_bound(pattern, patterns::pattern_of_let(pattern, ty))
    }

    pub(super) fn declare_bound(
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
    pub(super) fn binding_pattern(&self, id: BindingId) -> TokenStream {
        let binding = &self.graph.bindings[id];
        let name = &binding.name;
        let mutable = binding.mutable.then(|| quote!(mut));
        match &binding.ty {
            Some(ty) if binding.annotated => quote!(#mutable #name: #ty),
            _ => quote!(#mutable #name),
        }
    }
}
