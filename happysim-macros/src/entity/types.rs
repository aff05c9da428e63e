//! The types that can be seen from the syntax.
//!
//! A local that lives across a step becomes a field and needs a type. What is guessed here is
//! guessed only where a wrong guess shows as a type error at the user's own initialiser.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{BinOp, Expr, GenericArgument, Ident, Lit, Member, PathArguments, Type, UnOp};

use super::constructed::{GENERIC, constructed, wrapper};
use super::projections::{self, field};
use super::signature::EntityImpl;
use super::steps::peeled;

/// What is needed to see types: the entity, and the types of locals by name.
pub(crate) struct View<'a> {
    pub(crate) entity: &'a EntityImpl,
    pub(crate) local: &'a dyn Fn(&Ident) -> Option<Type>,
    /// The name of the context parameter.
    pub(crate) context: &'a Ident,
    /// The result type of a step, from the operand of its `.await`.
    pub(crate) step: &'a dyn Fn(&Expr) -> Option<Type>,
}

/// Types whose values have no effect when they are dropped.
const PLAIN: &[&str] = &[
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "bool",
    "char",
    "Duration",
    "Instant",
    "Bytes",
    "Rate",
    "Probability",
    "Bandwidth",
    "String",
];

/// The tokens as a person would write them.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" < ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (":: ", "::"),
        ("& mut ", "&mut "),
        ("& ", "&"),
        (" ,", ","),
        (" . ", "."),
        (" ..", ".."),
        (".. ", ".."),
        ("..= ", "..="),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("[ ", "["),
        (" ]", "]"),
        (" ?", "?"),
        (" ;", ";"),
        (" !", "!"),
        (" [", "["),
        (" :", ":"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

pub(crate) fn parse(tokens: TokenStream) -> Option<Type> {
    syn::parse2(tokens).ok()
}

/// Whether dropping a value of this type has no effect that a model could see.
pub(crate) fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return false };
            match &last.arguments {
                PathArguments::None => PLAIN.iter().any(|plain| last.ident == plain),
                PathArguments::AngleBracketed(arguments) => {
                    ["Range", "RangeInclusive", "Option", "Vec", "Box"].iter().any(|name| last.ident == name)
                        && arguments.args.iter().all(|argument| {
                            matches!(argument, GenericArgument::Type(inner) if is_plain(inner))
                        })
                }
                PathArguments::Parenthesized(_) => false,
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter().all(is_plain),
        Type::Array(array) => is_plain(&array.elem),
        Type::Reference(_) | Type::Never(_) => true,
        Type::Paren(inner) => is_plain(&inner.elem),
        Type::Group(inner) => is_plain(&inner.elem),
        _ => false,
    }
}

/// Whether dropping a value of this type is known to release something.
pub(crate) fn releases(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "Permit" || word == "Handle")
}

/// Whether the type is known to be `Copy`.
pub(crate) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            matches!(last.arguments, PathArguments::None)
                && last.ident != "String"
                && PLAIN.iter().any(|plain| last.ident == plain)
        }),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_copy),
        _ => false,
    }
}

/// Whether a reference stands anywhere in the type.
pub(crate) fn has_reference(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => {
            reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
        }
        Type::Tuple(tuple) => tuple.elems.iter().any(has_reference),
        Type::Array(array) => has_reference(&array.elem),
        Type::Paren(inner) => has_reference(&inner.elem),
        Type::Group(inner) => has_reference(&inner.elem),
        Type::Path(path) => path.path.segments.iter().any(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().any(
                |argument| matches!(argument, GenericArgument::Type(inner) if has_reference(inner)),
            ),
            _ => false,
        }),
        _ => false,
    }
}

/// Whether any part of the type is left to rustc: `_`.
pub(crate) fn is_inferred(ty: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> syn::visit::Visit<'ast> for Finder {
        fn visit_type_infer(&mut self, _: &'ast syn::TypeInfer) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    syn::visit::Visit::visit_type(&mut finder, ty);
    finder.0
}

/// Replaces `Self` by the entity's type, for items outside its impl block.
pub(crate) fn without_self(ty: &Type, entity: &Type) -> Type {
    struct Replace<'a>(&'a Type);
    impl VisitMut for Replace<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::Path(path) = ty
                && path.qself.is_none()
                && path.path.segments.first().is_some_and(|first| first.ident == "Self")
            {
                let entity = self.0;
                if path.path.segments.len() == 1 {
                    *ty = entity.clone();
                } else {
                    let rest = path.path.segments.iter().skip(1);
                    if let Some(projected) = parse(quote!(<#entity>::#(#rest)::*)) {
                        *ty = projected;
                    }
                }
                return;
            }
            syn::visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut ty = ty.clone();
    Replace(entity).visit_type_mut(&mut ty);
    ty
}

/// The arguments of `Name<A, B>`, if the type has that name.
pub(crate) fn arguments_of<'a>(ty: &'a Type, name: &str) -> Option<Vec<&'a Type>> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if path.qself.is_some() || last.ident != name {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    Some(
        arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
    )
}

/// What `?` makes of a value of this type.
pub(crate) fn success(ty: &Type) -> Option<Type> {
    for name in ["Outcome", "Result", "Option"] {
        if let Some(arguments) = arguments_of(ty, name) {
            return arguments.first().map(|ty| (*ty).clone());
        }
    }
    parse(quote!(<#ty as ::happysim::__private::Success>::Value))
}

/// The type of what stands in `Err(..)`.
pub(crate) fn failure(ty: &Type) -> Option<Type> {
    if arguments_of(ty, "Outcome").is_some() {
        return parse(quote!(::happysim::Failure));
    }
    // The result of a step of a port or a field fails in one way only.
    let text = ty.to_token_stream().to_string();
    if text.contains(":: StepOutput <") || text.contains(":: StepOf <") {
        return parse(quote!(::happysim::Failure));
    }
    if let Some(arguments) = arguments_of(ty, "Result") {
        return match arguments[..] {
            [_, error] => Some(error.clone()),
            _ => None,
        };
    }
    None
}

/// The type of the items when a value of this type is iterated over.
pub(crate) fn item(ty: &Type, entity: &EntityImpl) -> Option<Type> {
    for name in ["Range", "RangeInclusive", "Vec", "VecDeque", "Option"] {
        if let Some(arguments) = arguments_of(ty, name) {
            return arguments.first().map(|ty| (*ty).clone());
        }
    }
    projections::iterated(ty, "Item", entity)
}

pub(crate) fn iterator(ty: &Type, entity: &EntityImpl) -> Option<Type> {
    if arguments_of(ty, "Range").is_some() {
        return Some(ty.clone());
    }
    projections::iterated(ty, "Iterator", entity)
}

/// `self.name`, without anything around it.
pub(crate) fn self_field(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Field(field) => match (&*field.base, &field.member) {
            (Expr::Path(base), Member::Named(name)) if base.path.is_ident("self") => Some(name),
            _ => None,
        },
        Expr::Paren(inner) => self_field(&inner.expr),
        Expr::Group(inner) => self_field(&inner.expr),
        _ => None,
    }
}

impl View<'_> {
    /// The type of `expr`, if the syntax shows it.
    pub(crate) fn expression(&self, expr: &Expr) -> Option<Type> {
        match expr {
            Expr::Lit(literal) => self::literal(&literal.lit),
            Expr::Paren(inner) => self.expression(&inner.expr),
            Expr::Group(inner) => self.expression(&inner.expr),
            Expr::Cast(cast) => Some((*cast.ty).clone()),
            Expr::Path(path) => path.path.get_ident().and_then(|name| (self.local)(name)),
            Expr::Struct(value) if value.qself.is_none() => constructed(&value.path, false),
            Expr::Field(_) => self_field(expr).and_then(|name| field(name, self.entity)),
            Expr::Await(step) => (self.step)(&step.base),
            Expr::Try(inner) => self.expression(&inner.expr).as_ref().and_then(success),
            Expr::Unary(unary) => match unary.op {
                UnOp::Neg(_) | UnOp::Not(_) => self.expression(&unary.expr),
                _ => None,
            },
            Expr::Binary(binary) => self.binary(binary),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method(call),
            Expr::Macro(mac) if mac.mac.path.is_ident("format") => {
                parse(quote!(::std::string::String))
            }
            Expr::Macro(mac) if mac.mac.path.is_ident("vec") => self.list(&mac.mac),
            Expr::Tuple(tuple) => {
                let types: Option<Vec<Type>> =
                    tuple.elems.iter().map(|element| self.expression(element)).collect();
                types.and_then(|types| parse(quote!((#(#types,)*))))
            }
            Expr::Range(range) => self.range(range),
            Expr::If(branch) => self.block(&branch.then_branch).or_else(|| {
                branch.else_branch.as_ref().and_then(|(_, other)| self.expression(other))
            }),
            Expr::Match(arms) => arms.arms.iter().find_map(|arm| self.expression(&arm.body)),
            Expr::Block(block) => self.block(&block.block),
            _ => None,
        }
    }

    /// `vec![first, ..]` and `vec![element; count]`.
    fn list(&self, mac: &syn::Macro) -> Option<Type> {
        let first = |input: syn::parse::ParseStream<'_>| {
            let first: Expr = input.parse()?;
            input.parse::<TokenStream>()?;
            Ok(first)
        };
        let element = self.expression(&mac.parse_body_with(first).ok()?)?;
        parse(quote!(::std::vec::Vec<#element>))
    }

    /// The type of a block's value, where that does not depend on the block's own locals.
    fn block(&self, block: &syn::Block) -> Option<Type> {
        match &block.stmts[..] {
            [syn::Stmt::Expr(value, None)] => self.expression(value),
            _ => None,
        }
    }

    fn binary(&self, binary: &syn::ExprBinary) -> Option<Type> {
        match binary.op {
            BinOp::Eq(_)
            | BinOp::Ne(_)
            | BinOp::Lt(_)
            | BinOp::Le(_)
            | BinOp::Gt(_)
            | BinOp::Ge(_)
            | BinOp::And(_)
            | BinOp::Or(_) => parse(quote!(bool)),
            _ => self.computed(binary),
        }
    }

    /// What an operator yields. Where one side does not show its type, the other is a number like it.
    fn computed(&self, binary: &syn::ExprBinary) -> Option<Type> {
        let operator = operator(&binary.op)?;
        let (left, right) = (self.expression(&binary.left), self.expression(&binary.right));
        match (left, right) {
            (Some(left), Some(right)) if is_number(&left) && is_number(&right) => {
                let is_shift = matches!(binary.op, BinOp::Shl(_) | BinOp::Shr(_));
                (is_shift || left == right).then_some(left)
            }
            (Some(left), Some(right)) => of_times(&left, operator, Some(&right)).or_else(|| {
                let borrows = has_reference(&left) || has_reference(&right);
                let asked = || projections::computed(&left, operator, &right, self.entity);
                (!borrows).then(asked).flatten()
            }),
            (Some(left), None) if is_plain_literal(&binary.right) => {
                of_times(&left, operator, None).or(Some(left).filter(is_number))
            }
            (Some(one), None) | (None, Some(one)) => Some(one).filter(is_number),
            (None, None) => None,
        }
    }

    fn call(&self, call: &syn::ExprCall) -> Option<Type> {
        let Expr::Path(function) = &*call.func else { return None };
        if function.qself.is_some() {
            return None;
        }
        let name = &function.path.segments.last()?.ident;
        if name == "Some" {
            let inner = self.expression(call.args.first()?)?;
            return parse(quote!(::core::option::Option<#inner>));
        }
        if let Some(wrapper) = wrapper(&function.path) {
            let inner = self.expression(call.args.first()?)?;
            return parse(quote!(#wrapper<#inner>));
        }
        if name == "take"
            && function.path.segments.iter().rev().nth(1).is_some_and(|m| m.ident == "mem")
            && let Some(Expr::Reference(place)) = call.args.first()
        {
            return self.expression(&place.expr);
        }
        let time = ["nanos", "micros", "millis", "seconds", "minutes", "hours"];
        if function.path.segments.len() == 1 && time.iter().any(|unit| name == unit) {
            return parse(quote!(::happysim::time::Duration));
        }
        constructed(&function.path, true)
    }

    fn method(&self, call: &syn::ExprMethodCall) -> Option<Type> {
        if let Expr::Path(receiver) = &*call.receiver {
            if receiver.path.is_ident(self.context) {
                return match call.method.to_string().as_str() {
                    "now" => parse(quote!(::happysim::time::Instant)),
                    "replica" => parse(quote!(usize)),
                    _ => None,
                };
            }
            if receiver.path.is_ident("self") {
                return self.entity.plain_output(&call.method);
            }
        }
        match call.method.to_string().as_str() {
            "clone" => self.expression(&call.receiver).filter(|ty| !has_reference(ty)),
            "len" if !self.is_own(&call.receiver) => parse(quote!(usize)),
            // Of an iterator; what is a place may be anything that counts.
            "count" if matches!(peeled(&call.receiver), Expr::MethodCall(_) | Expr::Range(_)) => {
                parse(quote!(usize))
            }
            "lanes" | "waiting" | "waiters" if self.is_of_field(call) => parse(quote!(usize)),
            "in_use" | "available" | "capacity" if self.is_of_field(call) => parse(quote!(u64)),
            "try_acquire" | "try_lock" if self.is_of_field(call) => {
                parse(quote!(::core::option::Option<::happysim::Permit>))
            }
            "is_empty" | "is_some" | "is_none" | "is_ok" | "is_err" => parse(quote!(bool)),
            "to_string" => parse(quote!(::std::string::String)),
            // A type of that name with such a method of another kind shows at the local.
            "take" => {
                self.expression(&call.receiver).filter(|ty| arguments_of(ty, "Option").is_some())
            }
            "pop" | "pop_front" | "pop_back" => {
                let list = self.expression(&call.receiver)?;
                let kinds = ["Vec", "VecDeque", "BinaryHeap"];
                let item = kinds.iter().find_map(|kind| arguments_of(&list, kind))?;
                let item = item.first()?;
                parse(quote!(::core::option::Option<#item>))
            }
            "start" => self.handle(&call.receiver),
            _ => None,
        }
    }

    /// Whether the value is of a type that is not one of the standard library, as far as can be seen.
    fn is_own(&self, expr: &Expr) -> bool {
        let Some(Type::Path(path)) = self.expression(expr) else { return false };
        path.qself.is_none()
            && path.path.segments.last().is_some_and(|last| {
                let name = last.ident.to_string();
                name != "String" && name != "Bytes" && !GENERIC.contains(&name.as_str())
            })
    }

    /// `self.field.method(cx, ..)`: what ports, resources and locks tell of themselves.
    fn is_of_field(&self, call: &syn::ExprMethodCall) -> bool {
        self_field(&call.receiver).is_some()
            && matches!(call.args.first(), Some(Expr::Path(path)) if path.path.is_ident(self.context))
    }

    /// `self.port.start(..)`, `self.port.lane(i).start(..)`, `self.port.call(..).start(cx)`.
    fn handle(&self, receiver: &Expr) -> Option<Type> {
        let mut root = receiver;
        while let Expr::MethodCall(call) = root {
            root = &call.receiver;
        }
        projections::handle(self_field(root)?, self.entity)
    }

    fn range(&self, range: &syn::ExprRange) -> Option<Type> {
        let (start, end) = (range.start.as_ref()?, range.end.as_ref()?);
        let ty = self.expression(start).or_else(|| self.expression(end))?;
        match range.limits {
            syn::RangeLimits::HalfOpen(_) => parse(quote!(::core::ops::Range<#ty>)),
            syn::RangeLimits::Closed(_) => parse(quote!(::core::ops::RangeInclusive<#ty>)),
        }
    }
}

/// The name of an operator's trait.
fn operator(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::Add(_) => "Add",
        BinOp::Sub(_) => "Sub",
        BinOp::Mul(_) => "Mul",
        BinOp::Div(_) => "Div",
        BinOp::Rem(_) => "Rem",
        BinOp::BitAnd(_) => "BitAnd",
        BinOp::BitOr(_) => "BitOr",
        BinOp::BitXor(_) => "BitXor",
        BinOp::Shl(_) => "Shl",
        BinOp::Shr(_) => "Shr",
        _ => return None,
    })
}

/// What is computed with lengths of time and instants; without the type of a number, as in `base * 2`.
fn of_times(left: &Type, operator: &str, right: Option<&Type>) -> Option<Type> {
    let name = |ty: &Type| match ty {
        Type::Path(path) if path.qself.is_none() => {
            path.path.segments.last().map(|last| last.ident.to_string())
        }
        _ => None,
    };
    let (left, right) = (name(left)?, right.map(name));
    let duration = || parse(quote!(::happysim::time::Duration));
    match (left.as_str(), operator, right.as_ref().map(|right| right.as_deref())) {
        ("Duration", "Add" | "Sub", Some(Some("Duration")))
        | ("Duration", "Mul" | "Div", None | Some(Some("u64")))
        | ("Instant", "Sub", Some(Some("Instant"))) => duration(),
        ("Instant", "Add" | "Sub", Some(Some("Duration"))) => {
            parse(quote!(::happysim::time::Instant))
        }
        _ => None,
    }
}

/// A number without its type.
fn is_plain_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => int.suffix().is_empty(),
            Lit::Float(float) => float.suffix().is_empty(),
            _ => false,
        },
        Expr::Unary(unary) => is_plain_literal(&unary.expr),
        Expr::Paren(inner) => is_plain_literal(&inner.expr),
        Expr::Group(inner) => is_plain_literal(&inner.expr),
        _ => false,
    }
}

fn is_number(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.get_ident().is_some_and(|name| PLAIN[..14].iter().any(|number| name == number))
}

/// Whether the type of an expression, where it can be seen, may be another all the same: that of what is
/// called is guessed by its name.
pub(crate) fn is_guessed(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Cast(_) | Expr::Struct(_) | Expr::Field(_) | Expr::Await(_) => false,
        Expr::Paren(inner) => is_guessed(&inner.expr),
        Expr::Group(inner) => is_guessed(&inner.expr),
        Expr::Try(inner) => is_guessed(&inner.expr),
        Expr::MethodCall(call) if call.method == "clone" => is_guessed(&call.receiver),
        // Its result is written in the block.
        Expr::MethodCall(call) => {
            !matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"))
        }
        _ => true,
    }
}

fn literal(literal: &Lit) -> Option<Type> {
    match literal {
        Lit::Int(int) if !int.suffix().is_empty() => parse(int.suffix().parse().ok()?),
        Lit::Float(float) if !float.suffix().is_empty() => parse(float.suffix().parse().ok()?),
        Lit::Bool(_) => parse(quote!(bool)),
        Lit::Char(_) => parse(quote!(char)),
        Lit::Byte(_) => parse(quote!(u8)),
        Lit::Str(_) => parse(quote!(&'static str)),
        _ => None,
    }
}
