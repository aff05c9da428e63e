//! Large arrays stay where they are while a task waits.
//!
//! Whoever is resumed gets its locals back by value, and hands them on at the next step. For a few words
//! nothing is faster; a page of memory would be copied twice for every event. So an array that is large,
//! and whose scope goes on over a step, is a box in the state, and each use of it a use of what is in the
//! box: `table[3] += 1` becomes `(*table)[3] += 1`. Nothing else of the user's code changes.
//!
//! Only arrays of numbers and times: the syntax shows how large they are, and when they are dropped
//! changes nothing.

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Lit, Local, Macro, Pat, Stmt, Token, Type};

use super::names::local;
use super::patterns;
use super::signature::Method;
use super::types;

/// An array of at most so many bytes is copied sooner than it is fetched from elsewhere.
const SMALL: u64 = 128;

/// The body of a function in which large arrays are boxes.
pub(super) fn in_boxes(method: &Method) -> Block {
    let mut block = method.block.clone();
    for parameter in method.parameters.iter().filter(|parameter| is_large(&parameter.ty)) {
        block.stmts.insert(0, again(&parameter.name, parameter.mutable, &parameter.ty));
    }
    Boxes.visit_block_mut(&mut block);
    block
}

/// The same value once more: what came from elsewhere is put into a box there.
fn again(name: &Ident, mutable: bool, ty: &Type) -> Stmt {
    let mutable = mutable.then(|| quote!(mut));
    syn::parse_quote!(let #mutable #name: #ty = #name;)
}

/// Whether it is an array that is not copied for nothing.
pub(super) fn is_large(ty: &Type) -> bool {
    matches!(ty, Type::Array(_)) && size(ty).is_some_and(|size| size > SMALL)
}

/// How many bytes it takes, as far as can be seen: a length that is no literal may be any. `None` for
/// what is more than numbers and times.
fn size(ty: &Type) -> Option<u64> {
    match ty {
        Type::Array(array) => {
            let element = size(&array.elem)?;
            let length = match &array.len {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Int(length) => length.base10_parse().ok()?,
                    _ => return None,
                },
                _ => u64::MAX,
            };
            Some(element.saturating_mul(length))
        }
        Type::Tuple(tuple) => tuple
            .elems
            .iter()
            .try_fold(0_u64, |sum, element| Some(sum.saturating_add(size(element)?))),
        Type::Paren(inner) => size(&inner.elem),
        Type::Group(inner) => size(&inner.elem),
        _ if types::is_copy(ty) => Some(match types::text(ty).as_str() {
            "u8" | "i8" | "bool" => 1,
            "u16" | "i16" => 2,
            "u32" | "i32" | "f32" | "char" => 4,
            "u128" | "i128" => 16,
            _ => 8,
        }),
        _ => None,
    }
}

/// Puts the large arrays of a block into boxes that a later statement of theirs may wait with.
struct Boxes;

impl VisitMut for Boxes {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let mut index = 0;
        while index < block.stmts.len() {
            let (statements, later) = block.stmts.split_at_mut(index + 1);
            index += 1;
            let Some(Stmt::Local(declaration)) = statements.last_mut() else { continue };
            if !later.iter().any(Steps::in_statement) || !declares_large(declaration) {
                continue;
            }
            let init = declaration.init.as_ref();
            if init.is_some_and(|init| Steps::in_expression(&init.expr)) {
                let again = after_step(declaration);
                block.stmts.splice(index..index, again);
            } else if let Some(name) = box_up(declaration) {
                Uses { name }.visit_rest(later);
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    // Functions of their own.
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// The name and the type of `let table: [u64; 512] = ..;`.
fn parts(declaration: &mut Local) -> Option<(&mut syn::PatIdent, &mut Type)> {
    let Pat::Type(typed) = &mut declaration.pat else { return None };
    let Pat::Ident(name) = &mut *typed.pat else { return None };
    let is_alone = name.by_ref.is_none() && name.subpat.is_none();
    is_alone.then_some((name, &mut typed.ty))
}

/// Whether it is one of a large array that has its value at once.
fn declares_large(declaration: &mut Local) -> bool {
    declaration.init.as_ref().is_some_and(|init| init.diverge.is_none())
        && parts(declaration).is_some_and(|(_, ty)| is_large(ty))
}

/// A step stays as it is; what it yields is put into a box behind it.
fn after_step(declaration: &mut Local) -> Option<Stmt> {
    let (name, ty) = parts(declaration)?;
    let mutable = name.mutability.take().is_some();
    Some(again(&name.ident, mutable, ty))
}

/// Turns it into that of a box; its name.
fn box_up(declaration: &mut Local) -> Option<Ident> {
    let init = declaration.init.clone()?;
    let (name, ty) = parts(declaration)?;
    let (name, written, value, expr) = (name.ident.clone(), ty.clone(), local("array"), init.expr);
    *ty = syn::parse_quote_spanned!(written.span()=> ::std::boxed::Box<#written>);
    // What does not fit the type shows as it would without the box.
    let boxed: Expr = syn::parse_quote!({
        let #value: #written = #expr;
        ::std::boxed::Box::new(#value)
    });
    declaration.init = Some(syn::LocalInit { expr: Box::new(boxed), ..init });
    Some(name)
}

/// Looks for a step.
#[derive(Default)]
struct Steps(bool);

impl Steps {
    fn in_statement(statement: &Stmt) -> bool {
        let mut steps = Self::default();
        steps.visit_stmt(statement);
        steps.0
    }

    fn in_expression(expression: &Expr) -> bool {
        let mut steps = Self::default();
        steps.visit_expr(expression);
        steps.0
    }
}

impl<'ast> Visit<'ast> for Steps {
    fn visit_expr_await(&mut self, _: &'ast syn::ExprAwait) {
        self.0 = true;
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Replaces the uses of a local by those of what is in its box, as far as its name means it.
struct Uses {
    name: Ident,
}

impl Uses {
    fn is(&self, name: &Ident) -> bool {
        self.name == *name
    }

    /// The name, where the expression is nothing else.
    fn mentioned(&self, expr: &Expr) -> Option<Ident> {
        let Expr::Path(path) = expr else { return None };
        path.path.get_ident().filter(|name| self.is(name)).cloned()
    }

    fn is_hidden_by(&self, pattern: &Pat) -> bool {
        patterns::pattern(pattern, None).iter().any(|bound| self.is(&bound.name))
    }

    /// The statements of a block, up to another local of that name.
    fn visit_rest(&mut self, statements: &mut [Stmt]) {
        for statement in statements {
            self.visit_stmt_mut(statement);
            if matches!(&*statement, Stmt::Local(local) if self.is_hidden_by(&local.pat)) {
                return;
            }
        }
    }

    /// The condition of a branch; whether what is behind it still means the same.
    fn visit_condition(&mut self, condition: &mut Expr) -> bool {
        match condition {
            Expr::Let(binding) => {
                self.visit_expr_mut(&mut binding.expr);
                !self.is_hidden_by(&binding.pat)
            }
            Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => {
                self.visit_condition(&mut both.left) && self.visit_condition(&mut both.right)
            }
            other => {
                self.visit_expr_mut(other);
                true
            }
        }
    }

    /// The arguments of a macro, where they are expressions.
    fn in_arguments(&mut self, mac: &Macro) -> Option<TokenStream> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let mut arguments = mac.parse_body_with(parser).ok()?;
        for argument in &mut arguments {
            match argument {
                // A named argument of a format string.
                Expr::Assign(named) => self.visit_expr_mut(&mut named.right),
                other => self.visit_expr_mut(other),
            }
        }
        Some(arguments.into_token_stream())
    }

    /// `matches!(table[3], 0 | 1)`: a pattern has names of its own.
    fn in_match(&mut self, mac: &Macro) -> Option<TokenStream> {
        let parser = |input: ParseStream<'_>| {
            let value: Expr = input.parse()?;
            let comma: Token![,] = input.parse()?;
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            Ok((value, comma, pattern, input.parse::<TokenStream>()?))
        };
        let (mut value, comma, pattern, rest) = mac.parse_body_with(parser).ok()?;
        self.visit_expr_mut(&mut value);
        let rest = if self.is_hidden_by(&pattern) { rest } else { self.in_tokens(rest) };
        Some(quote!(#value #comma #pattern #rest))
    }

    /// Tokens that nobody understands: names that are no fields, and to which nothing is given.
    fn in_tokens(&self, tokens: TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        let mut dots = 0;
        let mut trees = tokens.into_iter().peekable();
        while let Some(tree) = trees.next() {
            let is_named_argument = matches!(trees.peek(), Some(TokenTree::Punct(next))
                if ['=', ':'].contains(&next.as_char()) && next.spacing() == Spacing::Alone);
            let next_dots = match &tree {
                TokenTree::Punct(punct) if punct.as_char() == '.' => dots + 1,
                _ => 0,
            };
            match tree {
                TokenTree::Ident(name) if self.is(&name) && dots != 1 && !is_named_argument => {
                    out.extend(quote_spanned!(name.span()=> (*#name)));
                }
                TokenTree::Group(group) => {
                    let inner = self.in_tokens(group.stream());
                    let mut changed = proc_macro2::Group::new(group.delimiter(), inner);
                    changed.set_span(group.span());
                    out.extend([TokenTree::Group(changed)]);
                }
                other => out.extend([other]),
            }
            dots = next_dots;
        }
        out
    }
}

impl VisitMut for Uses {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.visit_rest(&mut block.stmts);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(_) => {
                if let Some(name) = self.mentioned(expr) {
                    *expr = syn::parse_quote_spanned!(name.span()=> (*#name));
                }
            }
            Expr::If(branch) => {
                if self.visit_condition(&mut branch.cond) {
                    self.visit_block_mut(&mut branch.then_branch);
                }
                if let Some((_, otherwise)) = &mut branch.else_branch {
                    self.visit_expr_mut(otherwise);
                }
            }
            Expr::While(repeat) => {
                if self.visit_condition(&mut repeat.cond) {
                    self.visit_block_mut(&mut repeat.body);
                }
            }
            Expr::ForLoop(each) => {
                self.visit_expr_mut(&mut each.expr);
                if !self.is_hidden_by(&each.pat) {
                    self.visit_block_mut(&mut each.body);
                }
            }
            Expr::Closure(closure) => {
                if !closure.inputs.iter().any(|input| self.is_hidden_by(input)) {
                    self.visit_expr_mut(&mut closure.body);
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        if !self.is_hidden_by(&arm.pat) {
            visit_mut::visit_arm_mut(self, arm);
        }
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        // `Page { table }` means `Page { table: table }`.
        if let Some(name) = self.mentioned(&field.expr) {
            field.colon_token.get_or_insert(syn::Token![:](name.span()));
        }
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        let is_match = mac.path.segments.last().is_some_and(|last| {
            ["matches", "assert_matches", "debug_assert_matches"].iter().any(|it| last.ident == it)
        });
        let understood = if is_match { self.in_match(mac) } else { self.in_arguments(mac) };
        mac.tokens = understood.unwrap_or_else(|| self.in_tokens(mac.tokens.clone()));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
