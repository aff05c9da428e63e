//! What a piece of user code reads, moves and assigns, with Rust's rules of scope.
//!
//! Where a type would be needed to tell a move from a borrow, the guess is the one that makes
//! rustc complain if it is wrong, not the one that changes the model silently.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Ident, Macro, Member, Pat, Stmt, Token, Type, UnOp};

use super::cfg::{BindingId, Part, Taken, Uses};
use super::patterns;
use super::types;

/// Whether an expression's value is taken, or only its place is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    Value,
    Place,
}

/// Methods of the standard library that consume their receiver.
const CONSUMING: &[&str] =
    &["unwrap", "expect", "ok", "err", "ok_or", "map", "map_err", "and_then", "or_else", "collect"];

/// Such methods of handles and permits.
const ENDING: &[&str] = &["release", "cancel", "finish", "unlock", "abandon"];

/// What a name means, with the type of it where that can be seen.
type Meaning = (BindingId, Option<Type>);

/// Types whose methods are known.
const KNOWN: &[&str] = &[
    "Option", "Result", "Outcome", "Vec", "VecDeque", "Box", "String", "Range", "Handle", "Permit",
    "Group",
];

pub(crate) struct UseCollector<'a> {
    lookup: &'a dyn Fn(&Ident) -> Option<Meaning>,
    shadows: Vec<HashSet<String>>,
    conditional: bool,
    /// Whether this is inside of a closure that moves what it mentions: a local, or no more than the
    /// fields of it that are named.
    moving: bool,
    pub(crate) uses: Uses,
}

impl<'a> UseCollector<'a> {
    pub(crate) fn new(lookup: &'a dyn Fn(&Ident) -> Option<Meaning>) -> Self {
        let (shadows, uses) = (Vec::new(), Uses::default());
        Self { lookup, shadows, conditional: false, moving: false, uses }
    }

    fn find(&self, name: &Ident) -> Option<BindingId> {
        self.meaning(name).map(|(binding, _)| binding)
    }

    fn meaning(&self, name: &Ident) -> Option<Meaning> {
        let text = name.to_string();
        if self.shadows.iter().any(|shadow| shadow.contains(&text)) {
            return None;
        }
        (self.lookup)(name)
    }

    fn mention(&mut self, name: &Ident, mode: Mode) {
        let Some(binding) = self.find(name) else { return };
        self.uses.reads.insert(binding);
        if mode == Mode::Value {
            if self.conditional {
                self.uses.maybe_moves.insert(binding);
            } else {
                self.uses.moves.insert(binding);
                self.uses.assigns.remove(&binding);
            }
        }
    }

    fn declare(&mut self, pattern: &Pat) {
        self.shadow(patterns::pattern(pattern, None));
    }

    /// Where the pattern fits whatever the value is.
    fn declare_surely(&mut self, pattern: &Pat) {
        self.shadow(patterns::pattern_of_let(pattern, None));
    }

    fn shadow(&mut self, bound: Vec<patterns::PatternBinding>) {
        let names = bound.into_iter().map(|bound| bound.name.to_string());
        match self.shadows.last_mut() {
            Some(shadow) => shadow.extend(names),
            None => self.shadows.push(names.collect()),
        }
    }

    fn scoped(&mut self, work: impl FnOnce(&mut Self)) {
        self.shadows.push(HashSet::new());
        work(self);
        self.shadows.pop();
    }

    fn conditionally(&mut self, work: impl FnOnce(&mut Self)) {
        let before = core::mem::replace(&mut self.conditional, true);
        self.scoped(work);
        self.conditional = before;
    }

    pub(crate) fn expression(&mut self, expr: &Expr, mode: Mode) {
        match expr {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    self.mention(name, mode);
                }
            }
            Expr::Paren(inner) => self.expression(&inner.expr, mode),
            Expr::Group(inner) => self.expression(&inner.expr, mode),
            Expr::Reference(reference) => self.expression(&reference.expr, Mode::Place),
            Expr::RawAddr(reference) => self.expression(&reference.expr, Mode::Place),
            Expr::Field(field) => self.field(expr, field, mode),
            Expr::Unary(unary) => match unary.op {
                UnOp::Deref(_) => {
                    let mode = if self.is_unboxed(&unary.expr) { mode } else { Mode::Place };
                    self.expression(&unary.expr, mode);
                }
                _ => self.operand(&unary.expr),
            },
            Expr::Index(index) => {
                self.expression(&index.expr, Mode::Place);
                self.expression(&index.index, Mode::Value);
            }
            Expr::MethodCall(call) => {
                let consumes = self.consumes(call);
                self.expression(&call.receiver, if consumes { Mode::Value } else { Mode::Place });
                call.args.iter().for_each(|argument| self.expression(argument, Mode::Value));
            }
            Expr::Call(call) => {
                self.expression(&call.func, Mode::Place);
                call.args.iter().for_each(|argument| self.expression(argument, Mode::Value));
            }
            Expr::Assign(assign) => self.assign(assign),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => self.expression(&cast.expr, Mode::Place),
            Expr::Closure(closure) => self.conditionally_if(false, |this| {
                closure.inputs.iter().for_each(|input| this.declare_surely(input));
                // A closure that moves takes all that it mentions.
                let mode = if closure.capture.is_some() { Mode::Value } else { Mode::Place };
                let before = this.uses.clone();
                let outside = core::mem::replace(&mut this.moving, mode == Mode::Value);
                this.expression(&closure.body, Mode::Value);
                this.moving = outside;
                if mode == Mode::Value {
                    let new: Vec<_> = this.uses.reads.difference(&before.reads).copied().collect();
                    this.uses.moves.extend(new);
                }
            }),
            Expr::Block(block) => self.block(&block.block),
            Expr::Unsafe(block) => self.block(&block.block),
            Expr::Async(block) => self.block(&block.block),
            Expr::If(branch) => self.branch(branch),
            Expr::Match(arms) => {
                let patterns: Vec<&Pat> = arms.arms.iter().map(|arm| &arm.pat).collect();
                self.matched(&arms.expr, &patterns);
                for arm in &arms.arms {
                    self.conditionally(|this| {
                        this.declare(&arm.pat);
                        if let Pat::Guard(guarded) = &arm.pat {
                            this.expression(&guarded.guard, Mode::Place);
                        }
                        this.expression(&arm.body, Mode::Value);
                    });
                }
            }
            Expr::Let(condition) => self.condition(condition),
            Expr::Loop(body) => self.conditionally(|this| this.block(&body.body)),
            Expr::While(body) => self.conditionally(|this| {
                this.expression(&body.cond, Mode::Value);
                this.block(&body.body);
            }),
            Expr::ForLoop(body) => {
                self.expression(&body.expr, Mode::Value);
                self.conditionally(|this| {
                    this.declare_surely(&body.pat);
                    this.block(&body.body);
                });
            }
            Expr::Macro(mac) => self.macro_call(&mac.mac),
            _ => visit::visit_expr(self, expr),
        }
    }

    /// A field is taken out of a local that is no longer whole then, or copied.
    fn field(&mut self, expr: &Expr, field: &syn::ExprField, mode: Mode) {
        let Some((whole, ty)) = self.place(expr) else {
            return self.expression(&field.base, mode);
        };
        if ty.as_ref().is_some_and(types::is_copy) || mode == Mode::Place && !self.moving {
            return self.expression(&field.base, Mode::Place);
        }
        self.expression(&field.base, mode);
        self.uses.parts.push(Part { whole, taken: Taken::Field(expr.clone()) });
    }

    /// The local of which this is a part, or all, and the type of that, where it can be seen.
    fn place(&self, expr: &Expr) -> Option<Meaning> {
        match expr {
            Expr::Path(path) => path.path.get_ident().and_then(|name| self.meaning(name)),
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Group(inner) => self.place(&inner.expr),
            Expr::Field(field) => {
                let (whole, ty) = self.place(&field.base)?;
                let ty = match (ty, &field.member) {
                    (Some(Type::Tuple(tuple)), Member::Unnamed(index)) => {
                        tuple.elems.iter().nth(index.index as usize).cloned()
                    }
                    _ => None,
                };
                Some((whole, ty))
            }
            _ => None,
        }
    }

    /// Whether the method takes its receiver by value, as far as its name tells. Those of a type of the
    /// user may have any name; if one does, rustc complains that the local is used at the next step.
    fn consumes(&self, call: &syn::ExprMethodCall) -> bool {
        let name = call.method.to_string();
        if name.starts_with("into_") {
            return true;
        }
        let is_known = |ty: &Type| {
            let Type::Path(path) = ty else { return true };
            let last = path.path.segments.last();
            last.is_some_and(|last| KNOWN.iter().any(|known| last.ident == known))
        };
        let ty = self.place(&call.receiver).and_then(|(_, ty)| ty);
        let is_consuming = CONSUMING.contains(&name.as_str()) || name.starts_with("unwrap_or");
        let is_ending = ENDING.contains(&name.as_str());
        // What ends something is often a method of the user's own, where nothing is known of the type.
        ty.map_or(is_consuming, |ty| (is_consuming || is_ending) && is_known(&ty))
    }

    /// Whether what `*` takes is taken out of a box.
    fn is_unboxed(&self, boxed: &Expr) -> bool {
        let ty = self.place(boxed).and_then(|(_, ty)| ty);
        ty.as_ref()
            .and_then(|ty| types::arguments_of(ty, "Box"))
            .is_some_and(|inner| !inner.first().is_some_and(|inner| types::is_copy(inner)))
    }

    /// What is computed with is a number, which is copied, where it is a field.
    fn operand(&mut self, expr: &Expr) {
        let mode = if matches!(expr, Expr::Field(_)) { Mode::Place } else { Mode::Value };
        self.expression(expr, mode);
    }

    /// A value is matched against these, of which one fits for sure: it may be one that takes nothing.
    pub(crate) fn matched(&mut self, value: &Expr, patterns: &[&Pat]) {
        let place = self.place(value);
        let ty = place.as_ref().and_then(|(_, ty)| ty.as_ref());
        let taking: Vec<&&Pat> = patterns.iter().filter(|pattern| takes(pattern, ty)).collect();
        let mode = if taking.is_empty() { Mode::Place } else { Mode::Value };
        let before = self.conditional;
        self.conditional |= place.is_some() && taking.len() < patterns.len();
        self.expression(value, mode);
        self.conditional = before;
        let Some((whole, ty)) = place else { return };
        let leaving = taking.into_iter().find(|pattern| leaves(pattern, ty.as_ref()));
        self.uses.parts.extend(
            leaving.map(|pattern| Part { whole, taken: Taken::Pattern((**pattern).clone()) }),
        );
    }

    /// What a pattern takes of a value that is evaluated already, or is a place.
    pub(crate) fn taken(&mut self, value: &Expr, pattern: &Pat) {
        if self.place(value).is_some() {
            self.matched(value, &[pattern]);
        }
    }

    fn conditionally_if(&mut self, conditional: bool, work: impl FnOnce(&mut Self)) {
        if conditional { self.conditionally(work) } else { self.scoped(work) }
    }

    fn condition(&mut self, condition: &syn::ExprLet) {
        // Where it does not fit, nothing is taken.
        let underscore_token = <Token![_]>::default();
        let otherwise = Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token });
        self.matched(&condition.expr, &[&condition.pat, &otherwise]);
        self.declare(&condition.pat);
    }

    fn assign(&mut self, assign: &syn::ExprAssign) {
        self.expression(&assign.right, Mode::Value);
        self.assigned(&assign.left);
    }

    /// What stands at the left of `=`: a place, or several in a pattern.
    fn assigned(&mut self, left: &Expr) {
        match left {
            Expr::Path(path) => {
                let Some(binding) = path.path.get_ident().and_then(|name| self.find(name)) else {
                    return;
                };
                let was_moved = self.uses.moves.remove(&binding);
                if self.conditional {
                    // The old value may still be there, or there may be none.
                    self.uses.reads.insert(binding);
                    self.uses.maybe_assigns.insert(binding);
                    if was_moved {
                        self.uses.maybe_moves.insert(binding);
                    }
                } else {
                    self.uses.maybe_moves.remove(&binding);
                }
                self.uses.assigns.insert(binding);
            }
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|left| self.assigned(left)),
            Expr::Array(array) => array.elems.iter().for_each(|left| self.assigned(left)),
            Expr::Paren(inner) => self.assigned(&inner.expr),
            Expr::Group(inner) => self.assigned(&inner.expr),
            other => self.expression(other, Mode::Place),
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) {
        use syn::BinOp::{
            Add, And, BitAnd, BitOr, BitXor, Div, Eq, Ge, Gt, Le, Lt, Mul, Ne, Or, Rem, Shl, Shr,
            Sub,
        };
        match binary.op {
            And(_) | Or(_) => {
                self.expression(&binary.left, Mode::Value);
                let before = core::mem::replace(&mut self.conditional, true);
                self.expression(&binary.right, Mode::Value);
                self.conditional = before;
            }
            Add(_) | Sub(_) | Mul(_) | Div(_) | Rem(_) | BitAnd(_) | BitOr(_) | BitXor(_)
            | Shl(_) | Shr(_) => {
                self.operand(&binary.left);
                self.operand(&binary.right);
            }
            // Comparisons borrow.
            Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_) => {
                self.expression(&binary.left, Mode::Place);
                self.expression(&binary.right, Mode::Place);
            }
            // `+=` and its like change in place.
            _ => {
                self.expression(&binary.left, Mode::Place);
                self.operand(&binary.right);
            }
        }
    }

    fn branch(&mut self, branch: &syn::ExprIf) {
        self.scoped(|this| {
            this.expression(&branch.cond, Mode::Value);
            this.conditionally(|this| this.block(&branch.then_branch));
        });
        if let Some((_, other)) = &branch.else_branch {
            self.conditionally(|this| this.expression(other, Mode::Value));
        }
    }

    pub(crate) fn block(&mut self, block: &Block) {
        self.scoped(|this| {
            let before = this.conditional;
            for statement in &block.stmts {
                this.statement(statement);
                // What follows happens only where it was not left out.
                this.conditional |= jumps(statement);
            }
            this.conditional = before;
        });
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => {
                if let Some(init) = &local.init {
                    self.matched(&init.expr, &[&local.pat]);
                    if let Some((_, diverge)) = &init.diverge {
                        self.conditionally(|this| this.expression(diverge, Mode::Value));
                    }
                }
                if local.init.as_ref().is_some_and(|init| init.diverge.is_some()) {
                    self.declare(&local.pat);
                } else {
                    self.declare_surely(&local.pat);
                }
            }
            Stmt::Expr(expr, _) => self.expression(expr, Mode::Value),
            Stmt::Macro(mac) => self.macro_call(&mac.mac),
            Stmt::Item(_) => {}
        }
    }

    pub(crate) fn macro_call(&mut self, mac: &Macro) {
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
        let mode = match name.as_deref() {
            Some("vec" | "dbg") => Mode::Value,
            // What looks like calls is a pattern.
            Some("matches" | "assert_matches" | "debug_assert_matches") => {
                return self.tokens(mac.tokens.clone());
            }
            _ => Mode::Place,
        };
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        match parser.parse2(mac.tokens.clone()) {
            Ok(arguments) => {
                for argument in &arguments {
                    match argument {
                        // A named argument of a format string.
                        Expr::Assign(named) => self.expression(&named.right, mode),
                        other => self.expression(other, mode),
                    }
                }
                self.captures(mac.tokens.clone());
            }
            Err(_) => self.tokens(mac.tokens.clone()),
        }
    }

    /// Every identifier in tokens that nobody understands counts as a use.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut dots = 0;
        for tree in tokens.clone() {
            match &tree {
                TokenTree::Ident(name) if dots != 1 => self.mention(name, Mode::Place),
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
            dots = match &tree {
                TokenTree::Punct(punct) if punct.as_char() == '.' => dots + 1,
                _ => 0,
            };
        }
        self.captures(tokens);
    }

    /// The captures in format strings: `"{name:>width$}"`.
    fn captures(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                        for name in captured(&text.value()) {
                            if let Ok(name) = syn::parse_str::<Ident>(&name) {
                                self.mention(&name, Mode::Place);
                            }
                        }
                    }
                }
                TokenTree::Group(group) => self.captures(group.stream()),
                _ => {}
            }
        }
    }
}

/// The identifiers that a format string captures.
fn captured(format: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = format;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        if let Some(escaped) = rest.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let Some(close) = rest.find('}') else { break };
        let (name, specification) = rest[..close].split_once(':').unwrap_or((&rest[..close], ""));
        names.push(name.trim().to_owned());
        for part in specification.split('$') {
            let tail =
                part.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
            names.push(part[tail..].to_owned());
        }
        rest = &rest[close + 1..];
    }
    names.retain(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    names
}

/// Whether the statement may leave a block or a loop around it.
fn jumps(statement: &Stmt) -> bool {
    #[derive(Default)]
    struct Jumps(bool);
    impl<'ast> Visit<'ast> for Jumps {
        fn visit_expr_break(&mut self, _: &'ast syn::ExprBreak) {
            self.0 = true;
        }

        fn visit_expr_continue(&mut self, _: &'ast syn::ExprContinue) {
            self.0 = true;
        }

        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}

        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut jumps = Jumps::default();
    jumps.visit_stmt(statement);
    jumps.0
}

/// Whether matching against the pattern takes something out of a value of this type.
fn takes(pattern: &Pat, ty: Option<&Type>) -> bool {
    let is_taken = |bound: &patterns::PatternBinding| {
        !bound.by_reference && !bound.ty.as_ref().is_some_and(types::is_copy)
    };
    patterns::pattern(pattern, ty).iter().any(is_taken)
}

/// Whether matching against the pattern leaves something in a value of this type that has an effect when
/// it is dropped, as far as can be seen.
pub(crate) fn leaves(pattern: &Pat, ty: Option<&Type>) -> bool {
    let matters = |ty: Option<&Type>| !ty.is_some_and(types::is_plain);
    match pattern {
        Pat::Wild(_) | Pat::Rest(_) => matters(ty),
        Pat::Ident(ident) => ident.by_ref.is_some() && matters(ty),
        Pat::Type(typed) => leaves(&typed.pat, Some(&typed.ty)),
        Pat::Paren(inner) => leaves(&inner.pat, ty),
        Pat::Guard(guarded) => leaves(&guarded.pat, ty),
        Pat::Tuple(tuple) => {
            let types = match ty {
                Some(Type::Tuple(types)) if types.elems.len() == tuple.elems.len() => {
                    types.elems.iter().map(Some).collect()
                }
                _ => vec![None; tuple.elems.len()],
            };
            matters(ty) && tuple.elems.iter().zip(types).any(|(element, ty)| leaves(element, ty))
        }
        Pat::TupleStruct(tuple) => {
            let is_known = tuple
                .path
                .segments
                .last()
                .is_some_and(|last| ["Ok", "Some"].iter().any(|name| last.ident == name));
            let inner = ty.filter(|_| is_known).and_then(types::success);
            tuple.elems.iter().any(|element| leaves(element, inner.as_ref()))
        }
        Pat::Struct(fields) => {
            fields.rest.is_some() || fields.fields.iter().any(|field| leaves(&field.pat, None))
        }
        Pat::Slice(slice) => slice.elems.iter().any(|element| leaves(element, None)),
        Pat::Or(or) => or.cases.iter().any(|case| leaves(case, ty)),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for UseCollector<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.expression(expr, Mode::Value);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.block(block);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_captures_are_found() {
        assert_eq!(captured("{a} {{b}} {c:>d$.e$} {} {0} {f:?}"), ["a", "c", "d", "e", "f"]);
    }

    fn uses(expr: &Expr) -> Uses {
        let lookup = |name: &Ident| match name.to_string().as_str() {
            "a" => Some((0, None)),
            "b" => Some((1, None)),
            _ => None,
        };
        let mut collector = UseCollector::new(&lookup);
        collector.expression(expr, Mode::Value);
        collector.uses
    }

    #[test]
    fn macros_and_format_strings_count() {
        assert!(uses(&syn::parse_quote!(println!("{a}"))).reads.contains(&0));
        assert!(uses(&syn::parse_quote!(weird!(x => b ; ..a))).reads.len() == 2);
        assert!(uses(&syn::parse_quote!(vec![a])).moves.contains(&0));
        assert!(uses(&syn::parse_quote!(println!("{}", a))).moves.is_empty());
    }

    #[test]
    fn shadowed_names_do_not_count() {
        assert!(uses(&syn::parse_quote!(|a| a + 1)).reads.is_empty());
        assert!(
            uses(&syn::parse_quote!({
                let a = 1;
                f(a)
            }))
            .reads
            .is_empty()
        );
        assert!(
            uses(&syn::parse_quote!({
                let a = a;
                f(a)
            }))
            .reads
            .contains(&0)
        );
        assert!(
            uses(&syn::parse_quote!(match x {
                Some(a) => a,
                None => 0,
            }))
            .reads
            .is_empty()
        );
    }

    #[test]
    fn moves_depend_on_position() {
        assert!(uses(&syn::parse_quote!(f(a))).moves.contains(&0));
        assert!(uses(&syn::parse_quote!(f(&a))).moves.is_empty());
        assert!(uses(&syn::parse_quote!(a.look())).moves.is_empty());
        assert!(
            uses(&syn::parse_quote!(if x {
                f(a)
            }))
            .maybe_moves
            .contains(&0)
        );
        assert!(uses(&syn::parse_quote!(a = g())).assigns.contains(&0));
        assert!(!uses(&syn::parse_quote!(a = g())).reads.contains(&0));
    }
}
