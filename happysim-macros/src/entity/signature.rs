//! The `impl` block as the user wrote it: which functions are handlers, helpers, background work.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, Expr, FnArg, GenericArgument, Generics, ImplItem, ImplItemFn, ItemImpl, Pat,
    PathArguments, Receiver, ReceiverKind, ReturnType, Type,
};

use super::names;
use super::types;
use crate::entity::errors::Diagnostics;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodKind {
    /// An input port: started by a message, ends with its outcome.
    Handler,
    /// Runs from the start and keeps the simulation alive.
    Process,
    /// Runs from the start and does not keep the simulation alive.
    Background,
    /// Called or spawned by others.
    Helper,
}

impl MethodKind {
    /// The variant of `MachineKind`.
    pub(crate) fn variant(self) -> Ident {
        let name = match self {
            Self::Handler => "Handler",
            Self::Process => "Process",
            Self::Background => "Background",
            Self::Helper => "Helper",
        };
        Ident::new(name, proc_macro2::Span::call_site())
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: Ident,
    pub(crate) mutable: bool,
    pub(crate) ty: Type,
}

/// An `async fn` of the block.
#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub(crate) name: Ident,
    pub(crate) kind: MethodKind,
    pub(crate) is_spawned: bool,
    /// `#[handler(main)]`: the one of several handlers that arrows without a name lead to.
    pub(crate) is_main: bool,
    pub(crate) docs: Vec<Attribute>,
    /// `&mut self`, as the user wrote it: within a macro of the user's no other `self` will do.
    pub(crate) receiver: Receiver,
    /// The name of the context parameter.
    pub(crate) context: Ident,
    /// `Cx<Self>`, as the user wrote it.
    pub(crate) context_type: Type,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) output: Type,
    pub(crate) block: Block,
}

impl Method {
    pub(crate) fn returns_option(&self) -> bool {
        matches!(&self.output, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
    }

    /// Whether the machine has tasks of its own, not only frames inside others.
    pub(crate) fn has_tasks(&self) -> bool {
        self.kind != MethodKind::Helper || self.is_spawned
    }
}

/// The whole block.
#[derive(Debug, Clone)]
pub(crate) struct EntityImpl {
    pub(crate) name: Ident,
    pub(crate) self_ty: Type,
    pub(crate) generics: Generics,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) methods: Vec<Method>,
    /// Items that stay as they are.
    pub(crate) verbatim: Vec<ImplItem>,
}

impl EntityImpl {
    pub(crate) fn method(&self, name: &Ident) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == *name)
    }

    /// The written result type of an ordinary function of the block.
    pub(crate) fn plain_output(&self, name: &Ident) -> Option<Type> {
        self.verbatim.iter().find_map(|item| match item {
            ImplItem::Fn(function) if function.sig.ident == *name => match &function.sig.output {
                ReturnType::Type(_, ty) if !types::has_reference(ty) => Some((**ty).clone()),
                _ => None,
            },
            _ => None,
        })
    }

    pub(crate) fn parse(item: &ItemImpl, errors: &mut Diagnostics) -> Option<Self> {
        if let Some((path, _)) = &item.trait_ {
            errors.error(
                path,
                "`#[entity]` stands on an inherent `impl` block; a trait's `impl` \
                needs no attribute",
            );
            return None;
        }
        let Type::Path(self_path) = &*item.self_ty else {
            errors.error(&item.self_ty, "`#[entity] impl` needs the name of an `#[entity]` struct");
            return None;
        };
        if let Some(lifetime) = item.generics.lifetimes().next() {
            errors.error(
                lifetime,
                "an entity cannot have lifetime parameters: its state must be \
                owned, so that a simulation can be copied",
            );
        }
        let name = self_path.path.segments.last()?.ident.clone();
        let mut entity = Self {
            name,
            self_ty: (*item.self_ty).clone(),
            generics: item.generics.clone(),
            attributes: item.attrs.clone(),
            methods: Vec::new(),
            verbatim: Vec::new(),
        };
        let callees = Callees::of(item);
        for part in &item.items {
            match part {
                ImplItem::Fn(function) if function.sig.asyncness.is_some() => {
                    entity.methods.extend(method(function, &callees, errors));
                }
                other => entity.verbatim.push(other.clone()),
            }
        }
        refuse_recursion(&mut entity, &callees, errors);
        Some(entity)
    }
}

/// Which functions are awaited as `self.f(cx, ..).await` or spawned, and by whom.
#[derive(Default)]
struct Callees {
    current: String,
    awaited: BTreeSet<(String, String)>,
    spawned: BTreeSet<String>,
}

impl Callees {
    fn of(item: &ItemImpl) -> Self {
        let mut callees = Self::default();
        for part in &item.items {
            if let ImplItem::Fn(function) = part {
                callees.current = function.sig.ident.to_string();
                callees.visit_block(&function.block);
            }
        }
        callees
    }

    fn is_awaited(&self, name: &Ident) -> bool {
        self.awaited.iter().any(|(_, callee)| name == callee)
    }
}

/// The name in `self.name(..)`.
pub(crate) fn self_call(expr: &Expr) -> Option<&syn::ExprMethodCall> {
    match expr {
        Expr::MethodCall(call) => match &*call.receiver {
            Expr::Path(path) if path.path.is_ident("self") => Some(call),
            _ => None,
        },
        Expr::Paren(inner) => self_call(&inner.expr),
        Expr::Group(inner) => self_call(&inner.expr),
        _ => None,
    }
}

/// The call in `cx.spawn(self.name(cx, ..))`.
pub(crate) fn spawned_call(call: &syn::ExprMethodCall) -> Option<&syn::ExprMethodCall> {
    if call.method != "spawn" || call.args.len() != 1 || !matches!(&*call.receiver, Expr::Path(_)) {
        return None;
    }
    self_call(call.args.first()?)
}

impl<'ast> Visit<'ast> for Callees {
    fn visit_expr_await(&mut self, expr: &'ast syn::ExprAwait) {
        if let Some(call) = self_call(&expr.base) {
            self.awaited.insert((self.current.clone(), call.method.to_string()));
        }
        visit::visit_expr_await(self, expr);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if let Some(spawned) = spawned_call(call) {
            self.spawned.insert(spawned.method.to_string());
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// `#[handler(main)]`.
fn is_main(attribute: &Attribute) -> bool {
    attribute.path().is_ident("handler")
        && attribute.parse_args::<Ident>().is_ok_and(|word| word == "main")
}

fn method(function: &ImplItemFn, callees: &Callees, errors: &mut Diagnostics) -> Option<Method> {
    let sig = &function.sig;
    let is_spawned = callees.spawned.contains(&sig.ident.to_string());
    let kind = kind(function, callees);
    let mut own = Diagnostics::new();
    if kind == MethodKind::Handler && is_spawned {
        own.error(
            &sig.ident,
            format!(
                "`{0}` is a handler, which is started by messages only: move what is to be spawned \
             into an `async fn` of its own, and call that from `{0}` too",
                sig.ident
            ),
        );
    }
    check_form(function, &mut own);
    let mut inputs = sig.inputs.iter();
    let receiver = match inputs.next() {
        Some(FnArg::Receiver(receiver))
            if matches!(&receiver.kind, ReceiverKind::Reference(_, None, Some(_))) =>
        {
            receiver.clone()
        }
        other => {
            let place =
                other.map_or_else(|| sig.ident.to_token_stream(), ToTokens::to_token_stream);
            errors.error(place, format!(
                "a handler takes `&mut self`: write `async fn {}(&mut self, cx: &mut Cx<Self>, ..)`",
                sig.ident
            ));
            errors.append(own);
            return None;
        }
    };
    let Some((context, context_type)) = inputs.next().and_then(context_parameter) else {
        errors.error(&sig.ident, format!(
            "a handler takes the context as its second parameter: write `async fn {}(&mut self, \
             cx: &mut Cx<Self>, ..)`",
            sig.ident
        ));
        errors.append(own);
        return None;
    };
    let mut parameters: Vec<Parameter> =
        inputs.filter_map(|input| parameter(input, &mut own)).collect();
    let output = match &sig.output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, ty) => (**ty).clone(),
    };
    if own.is_empty() {
        check_ends(function, kind, &parameters, &output, &mut own);
    }
    let mut block = function.block.clone();
    if !own.is_empty() {
        // As much of the function as others may rely on, so that nothing else goes wrong.
        parameters.truncate(usize::from(kind == MethodKind::Handler));
        block = unwritten();
    }
    errors.append(own);
    Some(Method {
        name: sig.ident.clone(),
        kind,
        is_spawned,
        is_main: function.attrs.iter().any(is_main),
        docs: function.attrs.iter().filter(|attr| attr.path().is_ident("doc")).cloned().collect(),
        receiver,
        context,
        context_type,
        parameters,
        output,
        block,
    })
}

fn kind(function: &ImplItemFn, callees: &Callees) -> MethodKind {
    let name = &function.sig.ident;
    let has = |name: &str| function.attrs.iter().any(|attribute| attribute.path().is_ident(name));
    let is_called = callees.is_awaited(name) || callees.spawned.contains(&name.to_string());
    if has("process") {
        MethodKind::Process
    } else if has("background") {
        MethodKind::Background
    } else if has("handler") || !is_called {
        MethodKind::Handler
    } else {
        MethodKind::Helper
    }
}

/// The body of a function whose own cannot be used.
pub(crate) fn unwritten() -> Block {
    syn::parse_quote!({ ::core::unreachable!() })
}

/// What no `async fn` of an entity may be.
fn check_form(function: &ImplItemFn, errors: &mut Diagnostics) {
    let sig = &function.sig;
    if !sig.generics.params.is_empty() {
        errors.error(
            &sig.generics,
            format!(
                "`{}` cannot have generic parameters of its own: move them to the entity",
                sig.ident
            ),
        );
    }
    if let ReturnType::Type(_, ty) = &sig.output {
        if matches!(**ty, Type::ImplTrait(_)) {
            errors.error(
                ty,
                "a handler cannot return `impl Trait`: its state needs a type with a \
                name",
            );
        } else if types::has_reference(ty) {
            errors.error(
                ty,
                "a handler cannot return a reference: its result outlives the step \
                that makes it; return an owned value",
            );
        }
    }
}

/// What the kind of machine asks of parameters and result.
fn check_ends(
    function: &ImplItemFn,
    kind: MethodKind,
    parameters: &[Parameter],
    output: &Type,
    errors: &mut Diagnostics,
) {
    let name = &function.sig.ident;
    match kind {
        MethodKind::Handler => {
            if parameters.len() != 1 {
                errors.error(name, format!(
                    "a handler has exactly one message parameter, `{name}` has {}: write `async \
                     fn {name}(&mut self, cx: &mut Cx<Self>, message: Message) -> Outcome<Reply>`, \
                     or call it from another function of this block as `self.{name}(cx, \
                     ..).await`, or mark it `#[process]` or `#[background]`",
                    parameters.len()
                ));
            }
            if !names_outcome(output) {
                errors.error(
                    name,
                    format!(
                        "a handler returns `Outcome<Reply>`: write `async fn {name}(..) -> \
                     Outcome<..>`; one that only takes note of its message returns `Outcome<()>`"
                    ),
                );
            }
        }
        MethodKind::Process | MethodKind::Background => {
            if let Some(parameter) = parameters.first() {
                errors.error(
                    &parameter.name,
                    format!(
                        "`{name}` starts with the simulation: nobody passes it `{}`",
                        parameter.name
                    ),
                );
            }
            if let ReturnType::Type(_, ty) = &function.sig.output
                && !matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty())
            {
                errors.error(
                    ty,
                    format!(
                        "`{name}` starts with the simulation: nobody takes its \
                    result"
                    ),
                );
            }
        }
        MethodKind::Helper => {}
    }
}

fn names_outcome(ty: &Type) -> bool {
    matches!(ty, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Outcome" || last.ident == "Result"))
}

/// The type in `Outcome<T>`, for a handler.
pub(crate) fn reply_type(output: &Type) -> Option<&Type> {
    let Type::Path(path) = output else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The name in `cx: &mut Cx<Self>`.
fn context_parameter(input: &FnArg) -> Option<(Ident, Type)> {
    let FnArg::Typed(typed) = input else { return None };
    let Pat::Ident(pattern) = &*typed.pat else { return None };
    let Type::Reference(reference) = &*typed.ty else { return None };
    is_context(&typed.ty).then(|| (pattern.ident.clone(), (*reference.elem).clone()))
}

/// Whether the type is `&mut Cx<..>` or `&Cx<..>`.
pub(crate) fn is_context(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    matches!(&*reference.elem, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Cx"))
}

fn parameter(input: &FnArg, errors: &mut Diagnostics) -> Option<Parameter> {
    let FnArg::Typed(typed) = input else { return None };
    if types::has_reference(&typed.ty) {
        errors.error(
            &typed.ty,
            "a handler cannot borrow its parameters: they live across steps; \
            take the value",
        );
        return None;
    }
    if matches!(&*typed.ty, Type::ImplTrait(_)) {
        errors.error(
            &typed.ty,
            "a handler cannot take `impl Trait`: its state needs a type with \
            a name",
        );
        return None;
    }
    let (name, mutable) = match &*typed.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            (pattern.ident.clone(), pattern.mutability.is_some())
        }
        Pat::Wild(wild) => (Ident::new("_unused", wild.span()), false),
        other => {
            errors.error(
                other,
                "a handler's parameter is a name: take it apart in the body, \
                `let Pattern { .. } = name;`",
            );
            return None;
        }
    };
    Some(Parameter { name, mutable, ty: (*typed.ty).clone() })
}

fn refuse_recursion(entity: &mut EntityImpl, callees: &Callees, errors: &mut Diagnostics) {
    for method in &mut entity.methods {
        let start = method.name.to_string();
        let mut reached = BTreeSet::new();
        let mut open = vec![start.clone()];
        while let Some(name) = open.pop() {
            for (_, callee) in callees.awaited.iter().filter(|(caller, _)| *caller == name) {
                if reached.insert(callee.clone()) {
                    open.push(callee.clone());
                }
            }
        }
        if reached.contains(&start) {
            method.block = unwritten();
            errors.error(
                &method.name,
                format!(
                    "`{start}` awaits itself, directly or through others: its state would contain \
                 itself; write a loop, or start it with `cx.spawn(self.{start}(cx, ..))`"
                ),
            );
        }
    }
}

/// An ordinary function of the block; one that takes `Cx<Self>` becomes generic over contexts.
pub(crate) fn plain_function(function: &ImplItemFn, entity: &EntityImpl) -> ImplItemFn {
    let mut function = function.clone();
    let mut takes_context = false;
    let context = names::local("__C");
    for input in &mut function.sig.inputs {
        if let FnArg::Typed(typed) = input
            && is_context(&typed.ty)
            && let Type::Reference(reference) = &mut *typed.ty
        {
            takes_context = true;
            *reference.elem = syn::parse_quote!(#context);
        }
    }
    if takes_context {
        let wires = names::wires(&entity.name);
        let (_, arguments, _) = entity.generics.split_for_impl();
        let parameter: syn::TypeParam = syn::parse_quote!(#context: #wires #arguments);
        function.sig.generics.params.push(syn::GenericParam::Type(parameter));
    }
    function
}

/// Whether the tokens contain `.await`.
pub(crate) fn mentions_await(tokens: proc_macro2::TokenStream) -> bool {
    let mut after_dot = false;
    for tree in tokens {
        match &tree {
            TokenTree::Ident(ident) if after_dot && ident == "await" => return true,
            TokenTree::Group(group) if mentions_await(group.stream()) => return true,
            _ => {}
        }
        after_dot = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '.');
    }
    false
}
