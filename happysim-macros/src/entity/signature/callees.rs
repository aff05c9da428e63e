//! Which functions are called as `self.f(cx, ..)`, awaited or spawned, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;
use syn::visit::{self, Visit};
use syn::{ImplItem, ItemImpl};

use super::{is_own, self_call, spawned_call};
use crate::entity::unawaited;

#[derive(Default)]
pub(super) struct Callees {
    current: String,
    /// The functions that another one calls. Where the `.await` is forgotten, that is what is told:
    /// the function is no handler for that.
    called: BTreeSet<String>,
    /// The awaited functions by those that await them.
    awaited: BTreeMap<String, BTreeSet<String>>,
    spawned: BTreeSet<String>,
}

impl Callees {
    pub(super) fn of(item: &ItemImpl) -> Self {
        let mut callees = Self::default();
        for part in &item.items {
            if let ImplItem::Fn(function) = part {
                callees.current = function.sig.ident.to_string();
                callees.visit_block(&function.block);
            }
        }
        callees
    }

    /// Whether another function calls it.
    pub(super) fn is_called(&self, name: &Ident) -> bool {
        self.called.contains(&name.to_string())
    }

    pub(super) fn is_spawned(&self, name: &Ident) -> bool {
        self.spawned.contains(&name.to_string())
    }

    /// The way from `start` through functions that await one another back to itself, if there is
    /// one: the shortest.
    pub(super) fn circle(&self, start: &str) -> Option<Vec<&str>> {
        let mut reached = BTreeSet::new();
        let mut ways: Vec<Vec<&str>> = vec![vec![]];
        while !ways.is_empty() {
            let mut next = Vec::new();
            for way in ways {
                let from = way.last().copied().unwrap_or(start);
                for callee in self.awaited.get(from).into_iter().flatten() {
                    if callee == start {
                        return Some(way);
                    }
                    if reached.insert(callee) {
                        next.push(way.iter().copied().chain([callee.as_str()]).collect());
                    }
                }
            }
            ways = next;
        }
        None
    }
}

impl<'ast> Visit<'ast> for Callees {
    fn visit_expr_await(&mut self, expr: &'ast syn::ExprAwait) {
        if let Some(call) = self_call(&expr.base) {
            let callees = self.awaited.entry(self.current.clone()).or_default();
            callees.insert(call.method.to_string());
        }
        visit::visit_expr_await(self, expr);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if is_own(call) && call.method != self.current {
            self.called.insert(call.method.to_string());
        }
        if let Some(spawned) = spawned_call(call) {
            self.spawned.insert(spawned.method.to_string());
        }
        visit::visit_expr_method_call(self, call);
    }
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        for argument in unawaited::arguments(mac).into_iter().flatten() {
            let mut inner = Self { current: self.current.clone(), ..Self::default() };
            inner.visit_expr(&argument);
            self.called.append(&mut inner.called);
            self.spawned.append(&mut inner.spawned);
        }
    }

    // Its `self` is another.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
