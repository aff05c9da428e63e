//! The types that can be seen from the syntax.
//!
//! A local that lives across a step becomes a field and needs a type. What is guessed here is
//! guessed only where a wrong guess shows as a type error at the user's own initialiser.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{BinOp, Expr, GenericArgument, Ident, Lit, Member, Pat, PathArguments, Type, UnOp};

use super::names;
use super::signature::EntityImpl;

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
fn failure(ty: &Type) -> Option<Type> {
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
pub(crate) fn item(ty: &Type) -> Option<Type> {
    for name in ["Range", "RangeInclusive", "Vec", "VecDeque", "Option"] {
        if let Some(arguments) = arguments_of(ty, name) {
            return arguments.first().map(|ty| (*ty).clone());
        }
    }
    parse(quote!(<#ty as ::core::iter::IntoIterator>::Item))
}

pub(crate) fn iterator(ty: &Type) -> Option<Type> {
    if arguments_of(ty, "Range").is_some() {
        return Some(ty.clone());
    }
    parse(quote!(<#ty as ::core::iter::IntoIterator>::IntoIter))
}

/// A name that a pattern binds.
pub(crate) struct PatternBinding {
    pub(crate) name: Ident,
    pub(crate) mutable: bool,
    pub(crate) by_reference: bool,
    pub(crate) ty: Option<Type>,
    pub(crate) annotated: bool,
}

/// The names that `pattern` binds, with the types that follow from the type of the value.
pub(crate) fn pattern(pattern: &Pat, ty: Option<&Type>) -> Vec<PatternBinding> {
    let mut out = Vec::new();
    Collector { may_fail: true, out: &mut out }.collect(pattern, ty, false);
    out
}

/// As [`pattern`], where the pattern fits whatever the value is: no name in it is a constant.
pub(crate) fn pattern_of_let(pattern: &Pat, ty: Option<&Type>) -> Vec<PatternBinding> {
    let mut out = Vec::new();
    Collector { may_fail: false, out: &mut out }.collect(pattern, ty, false);
    out
}

struct Collector<'a> {
    /// Whether the pattern may not fit.
    may_fail: bool,
    out: &'a mut Vec<PatternBinding>,
}

impl Collector<'_> {
    fn collect(&mut self, pattern: &Pat, ty: Option<&Type>, annotated: bool) {
        match pattern {
            Pat::Ident(ident) => {
                // `None` and constants look like bindings; their case tells.
                let first = ident.ident.to_string().chars().next();
                let may_be_constant =
                    self.may_fail && ident.mutability.is_none() && ident.by_ref.is_none();
                let is_constant = may_be_constant && first.is_some_and(char::is_uppercase);
                if !is_constant || ident.subpat.is_some() {
                    self.out.push(PatternBinding {
                        name: ident.ident.clone(),
                        mutable: ident.mutability.is_some(),
                        by_reference: ident.by_ref.is_some(),
                        ty: ty.filter(|_| ident.by_ref.is_none()).cloned(),
                        annotated,
                    });
                }
                if let Some((_, inner)) = &ident.subpat {
                    self.collect(inner, ty, false);
                }
            }
            Pat::Type(typed) => self.collect(&typed.pat, Some(&typed.ty), true),
            Pat::Paren(inner) => self.collect(&inner.pat, ty, annotated),
            Pat::Guard(guarded) => self.collect(&guarded.pat, ty, annotated),
            Pat::Reference(reference) => self.collect(&reference.pat, None, false),
            Pat::Tuple(tuple) => {
                let types: Option<Vec<&Type>> = match ty {
                    Some(Type::Tuple(types)) if types.elems.len() == tuple.elems.len() => {
                        Some(types.elems.iter().collect())
                    }
                    _ => None,
                };
                for (index, element) in tuple.elems.iter().enumerate() {
                    self.collect(element, types.as_ref().map(|types| types[index]), annotated);
                }
            }
            Pat::TupleStruct(tuple) => {
                let name = tuple.path.segments.last().map(|segment| segment.ident.to_string());
                let inner = match name.as_deref() {
                    Some("Ok" | "Some") => ty.and_then(success),
                    Some("Err") => ty.and_then(failure),
                    _ => None,
                };
                for element in &tuple.elems {
                    self.collect(element, inner.as_ref(), false);
                }
            }
            Pat::Struct(fields) => {
                for field in &fields.fields {
                    self.collect(&field.pat, None, false);
                }
            }
            Pat::Slice(slice) => {
                slice.elems.iter().for_each(|element| self.collect(element, None, false));
            }
            // All alternatives bind the same names.
            Pat::Or(or) => {
                if let Some(first) = or.cases.first() {
                    self.collect(first, ty, annotated);
                }
            }
            _ => {}
        }
    }
}

/// The type of the field `name` of the entity, as a projection.
fn field(name: &Ident, entity: &EntityImpl) -> Option<Type> {
    let (hash, ty) = (names::hash(&name.to_string()), &entity.self_ty);
    if is_generic(entity) {
        return parse(quote!(<#ty as ::happysim::__private::Field<#hash>>::Type));
    }
    let name = quote!(::happysim::__private::Name<#hash>);
    let known = known(&quote!((#ty, #name)), &quote!(HAS_FIELD));
    parse(quote!(<#known as ::happysim::__private::FieldOf<#ty, #hash>>::Type))
}

/// What the step method with this marker yields on the field `name`, as a projection.
pub(crate) fn step_of_field(
    name: &Ident,
    marker: &TokenStream,
    entity: &EntityImpl,
) -> Option<Type> {
    let (hash, ty) = (names::hash(&name.to_string()), &entity.self_ty);
    if is_generic(entity) {
        return parse(quote!(
            <<#ty as ::happysim::__private::Field<#hash>>::Type
                as ::happysim::__private::StepOutput<#marker>>::Output
        ));
    }
    let name = quote!(::happysim::__private::Name<#hash>);
    let known = known(&quote!((#ty, #name, #marker)), &quote!(HAS_STEP));
    parse(quote!(<#known as ::happysim::__private::StepOf<#ty, #hash, #marker>>::Output))
}

/// Whether the method of that name is a step of the field `name`, as a constant.
pub(crate) fn has_step(name: &Ident, step: &Ident, entity: &EntityImpl) -> Option<TokenStream> {
    let (hash, ty) = (names::hash(&name.to_string()), &entity.self_ty);
    let step = Ident::new(&step.to_string(), Span::call_site());
    let name = quote!(::happysim::__private::Name<#hash>);
    let marker = quote!(::happysim::__private::step::#step);
    (!is_generic(entity)).then(|| answer(&quote!((#ty, #name, #marker)), &quote!(HAS_STEP)))
}

/// Whether a value of this type may come from a field that does not exist.
pub(crate) fn may_be_unknown(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.contains(":: StepOf <") || text.contains(":: FieldOf <")
}

/// Constants in types cannot depend on parameters of type.
fn is_generic(entity: &EntityImpl) -> bool {
    !entity.generics.params.is_empty()
}

/// Whether there is what is asked for, as a type: a name that does not exist is told of where it
/// stands, and is not to make the state fail too.
fn known(question: &TokenStream, constant: &TokenStream) -> TokenStream {
    let answer = answer(question, constant);
    quote!(::happysim::__private::Known<#answer>)
}

fn answer(question: &TokenStream, constant: &TokenStream) -> TokenStream {
    quote! {{
        #[allow(unused_imports, reason = "only for what does not exist")]
        use ::happysim::__private::Otherwise as _;
        <::happysim::__private::Ask<#question>>::#constant
    }}
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
            // Numbers only: `Instant - Instant` is no `Instant`.
            _ => [&binary.left, &binary.right]
                .into_iter()
                .filter_map(|side| self.expression(side))
                .find(is_number),
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
            "len" | "count" => parse(quote!(usize)),
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
        let hash = names::hash(&self_field(root)?.to_string());
        let entity = &self.entity.self_ty;
        parse(quote!(
            ::happysim::Handle<
                <#entity as ::happysim::__private::HasPort<#hash>>::Port
            >
        ))
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

fn is_number(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.get_ident().is_some_and(|name| PLAIN[..14].iter().any(|number| name == number))
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

/// Generic types of the standard library: without arguments the name alone is no type.
const GENERIC: &[&str] = &[
    "Vec",
    "VecDeque",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Option",
    "Box",
    "Result",
    "Range",
    "Group",
    "Handle",
];

/// The type that `path { .. }` or `path(..)` makes: `T { .. }`, `Enum::Variant { .. }`,
/// `T::new(..)`, `T(..)`.
fn constructed(path: &syn::Path, is_call: bool) -> Option<Type> {
    let is_upper = |ident: &Ident| ident.to_string().starts_with(char::is_uppercase);
    let count = path.segments.len();
    let last = path.segments.last()?;
    let owner_is_type = count > 1 && is_upper(&path.segments[count - 2].ident);
    let keep = if is_upper(&last.ident) {
        // `Ok(..)` and `Err(..)` do not show the other type.
        if is_call && count == 1 && ["Ok", "Err", "None"].iter().any(|name| last.ident == name) {
            return None;
        }
        if owner_is_type { count - 1 } else { count }
    } else {
        let name = last.ident.to_string();
        let constructs = name == "new"
            || name == "default"
            || name == "of"
            || name == "zero"
            || name.starts_with("from")
            || name.starts_with("with_");
        if !(is_call && owner_is_type && constructs) {
            return None;
        }
        count - 1
    };
    let mut owner = path.clone();
    while owner.segments.len() > keep {
        owner.segments.pop();
    }
    owner.segments.pop_punct();
    let last = owner.segments.last()?;
    if matches!(last.arguments, PathArguments::None)
        && GENERIC.iter().any(|name| last.ident == name)
    {
        return None;
    }
    parse(owner.to_token_stream())
}
