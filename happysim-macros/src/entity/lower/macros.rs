//! Macros that are declared in the body. They stand at its beginning with the other items, where they
//! see no local of it, and what they return from is the function that is made of it.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::format_ident;
use syn::parse::Parser;
use syn::visit::{self, Visit};
use syn::{Block, Item, ItemMacro, Pat, Stmt};

use super::Lowering;
use crate::entity::unawaited::arguments;
use crate::entity::{codes, patterns};

impl Lowering<'_> {
    /// Refuses what a macro of the block cannot do. What cannot be read of it is left to rustc.
    pub(super) fn refuse_macros(&mut self, block: &Block) {
        let mut declared: Vec<Ident> = Vec::new();
        for statement in &block.stmts {
            match statement {
                Stmt::Local(local) => {
                    let bound = patterns::pattern_of_let(&local.pat, None);
                    declared.extend(bound.into_iter().map(|bound| bound.name));
                }
                Stmt::Item(Item::Macro(item)) => self.refuse_macro(item, &declared),
                _ => {}
            }
        }
    }

    fn refuse_macro(&mut self, item: &ItemMacro, declared: &[Ident]) {
        let Some(name) = &item.ident else { return };
        for rule in rules(item.mac.tokens.clone()) {
            let mut uses = Uses::default();
            let Ok(statements) = Block::parse_within.parse2(with_arguments(rule)) else { continue };
            for statement in &statements {
                uses.visit_stmt(statement);
            }
            let is_local = |used: &&Ident| {
                !uses.bound.contains(*used)
                    && (declared.contains(used) || self.lookup(used).is_some())
            };
            if let Some(local) = uses.names.iter().find(is_local) {
                let message = format!(
                    "`{name}` uses the local `{local}`, and a macro sees no locals here, since the \
                     function is taken apart at its steps: give it the value, as in `{name}!({local})`"
                );
                self.errors.error(codes::MACRO, local, message);
            }
            if let Some(place) = uses.returns {
                let message = format!(
                    "`{name}` returns, and a macro cannot return from this function, which is taken \
                     apart at its steps: write `Err(..)?` in it, or give the `return` to it, as in \
                     `{name}!(return Ok(..))`"
                );
                self.errors.syn_error(codes::MACRO, syn::Error::new(place, message));
            }
        }
    }
}

/// What the rules of a macro stand for.
fn rules(tokens: TokenStream) -> Vec<TokenStream> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |tree: &TokenTree, mark: char| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == mark);
    let rules = trees.windows(3).filter_map(|trees| match trees {
        [equals, greater, TokenTree::Group(rule)] if is(equals, '=') && is(greater, '>') => {
            Some(rule.stream())
        }
        _ => None,
    });
    rules.collect()
}

/// A rule with a name in place of each argument, and with what is repeated once.
fn with_arguments(rule: TokenStream) -> TokenStream {
    let mut out = Vec::new();
    let mut trees = rule.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => match trees.next() {
                Some(TokenTree::Ident(name)) => {
                    out.push(TokenTree::Ident(format_ident!("__argument_{}", name)));
                }
                Some(TokenTree::Group(repeated))
                    if repeated.delimiter() == Delimiter::Parenthesis =>
                {
                    out.extend(with_arguments(repeated.stream()));
                    let is_end = |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if matches!(mark.as_char(), '*' | '+' | '?'));
                    // `,*`
                    while trees.next().is_some_and(|tree| !is_end(&tree)) {}
                }
                _ => {}
            },
            TokenTree::Group(group) => {
                let mut inner =
                    proc_macro2::Group::new(group.delimiter(), with_arguments(group.stream()));
                inner.set_span(group.span());
                out.push(TokenTree::Group(inner));
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// What a macro stands for needs of the function around it.
#[derive(Default)]
struct Uses {
    names: Vec<Ident>,
    /// The names of its own.
    bound: Vec<Ident>,
    returns: Option<Span>,
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.names.extend(path.path.get_ident().cloned());
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        let bound = patterns::pattern(pattern, None);
        self.bound.extend(bound.into_iter().map(|bound| bound.name));
        visit::visit_pat(self, pattern);
    }

    fn visit_expr_return(&mut self, jump: &'ast syn::ExprReturn) {
        self.returns.get_or_insert(jump.return_token.span);
        visit::visit_expr_return(self, jump);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        for argument in arguments(mac).into_iter().flatten() {
            let mut inner = Self::default();
            inner.visit_expr(&argument);
            self.names.append(&mut inner.names);
            self.bound.append(&mut inner.bound);
            self.returns = self.returns.or(inner.returns);
        }
    }

    // Functions of their own.
    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let returns = self.returns;
        visit::visit_expr_closure(self, closure);
        self.returns = returns;
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        let returns = self.returns;
        visit::visit_expr_async(self, block);
        self.returns = returns;
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}
