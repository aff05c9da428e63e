//! The `impl` block as the user wrote it: which functions are handlers, helpers, background work.

mod assumed;
mod attributes;
pub(crate) mod block;
mod callees;
mod form;
mod one_block;
mod plain;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::spanned::Spanned;
use syn::{
    Attribute, Block, Expr, FnArg, GenericArgument, Generics, ImplItem, ImplItemFn, ItemImpl, Pat,
    PathArguments, Receiver, ReturnType, Type,
};

pub(crate) use self::attributes::is_about_lints;
use self::callees::Callees;
pub(crate) use self::form::{names_context, refuse_foreign_context};
use super::codes;
use super::names;
use super::structure::generics;
use super::types;
use super::unknown::UnknownType;
use crate::diagnostics::Diagnostics;

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
    /// What is in the result, where that cannot be used.
    pub(crate) unknown: Option<UnknownType>,
    pub(crate) block: Block,
    /// What the user says about lints in this function.
    pub(crate) lints: Vec<Attribute>,
    /// The function as the user wrote it.
    pub(crate) source: ImplItemFn,
    /// What is wrong with it, its body aside. Then the rest is what others may rely on.
    pub(crate) refusal: Diagnostics,
}

impl Method {
    /// Whether it can be taken as it is, its body aside.
    pub(crate) fn is_refused(&self) -> bool {
        self.refusal.has_errors()
    }

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
    pub(crate) block: one_block::Block,
    /// The type as generated code names it: through the modules of the block and of the struct.
    pub(crate) self_ty: Type,
    /// What a context is in which all ports are wired.
    pub(crate) ports: syn::Path,
    /// The type as it was written.
    pub(crate) written_ty: Type,
    /// Without lifetimes, which are refused, and with what the struct asks of them.
    pub(crate) generics: Generics,
    /// Without that.
    pub(crate) written_generics: Generics,
    pub(crate) lifetimes: Vec<syn::LifetimeParam>,
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

    /// Whether the block has an ordinary function of this name.
    pub(crate) fn has_plain(&self, name: &Ident) -> bool {
        self.verbatim
            .iter()
            .any(|item| matches!(item, ImplItem::Fn(function) if function.sig.ident == *name))
    }

    pub(crate) fn parse(item: &ItemImpl, errors: &mut Diagnostics) -> Option<Self> {
        if let Some((path, _)) = &item.trait_ {
            errors.error(
                codes::PLACE,
                path,
                "`#[entity]` stands on an inherent `impl` block; a trait's `impl` \
                needs no attribute",
            );
            return None;
        }
        let Type::Path(self_path) = &*item.self_ty else {
            errors.error(
                codes::PLACE,
                &item.self_ty,
                "`#[entity] impl` needs the name of an `#[entity]` struct",
            );
            return None;
        };
        if let Some(lifetime) = item.generics.lifetimes().next() {
            errors.error(
                codes::LIFETIME,
                lifetime,
                "an entity cannot have lifetime parameters: its state must be \
                owned, so that a simulation can be copied",
            );
        }
        let last = self_path.path.segments.last()?;
        if let PathArguments::AngleBracketed(arguments) = &last.arguments
            && arguments
                .args
                .iter()
                .any(|argument| matches!(argument, GenericArgument::Lifetime(_)))
        {
            // What the struct has told already.
            return None;
        }
        let name = last.ident.clone();
        let mut written_generics = without_lifetimes(&item.generics);
        generics::check(&mut written_generics, errors);
        let structure = structure(self_path);
        let generics = assumed::with_bounds(&written_generics, last, &structure);
        let block = one_block::Block::new(&name, item);
        let mut entity = Self {
            name,
            self_ty: block.through(&syn::parse_quote!(#structure::Of<#self_path>)),
            ports: syn::parse_quote!(#structure::Ports<#self_path>),
            block,
            written_ty: (*item.self_ty).clone(),
            generics,
            written_generics,
            lifetimes: item.generics.lifetimes().cloned().collect(),
            attributes: item.attrs.clone(),
            methods: Vec::new(),
            verbatim: Vec::new(),
        };
        let callees = Callees::of(item);
        for part in &item.items {
            match part {
                ImplItem::Fn(function)
                    if function.sig.asyncness.is_some()
                        || plain::is_meant_async(function, item) =>
                {
                    let method = method(function, &entity.name, &callees, item);
                    entity.methods.push(method);
                }
                other => entity.verbatim.push(other.clone()),
            }
        }
        block::check(&mut entity, item, &callees, errors);
        Some(entity)
    }
}

/// What is left of a block that belongs to no entity.
pub(crate) fn without_steps(item: &ItemImpl) -> TokenStream {
    let is_stepwise = |part: &ImplItem| match part {
        ImplItem::Fn(function) => {
            function.sig.asyncness.is_some() || plain::is_meant_async(function, item)
        }
        _ => false,
    };
    let mut rest = item.clone();
    if item.trait_.is_none() {
        rest.items.retain(|part| !is_stepwise(part));
    }
    quote!(#rest)
}

/// The name in `self.name(..)`.
pub(crate) fn self_call(expr: &Expr) -> Option<&syn::ExprMethodCall> {
    match expr {
        Expr::MethodCall(call) => is_own(call).then_some(call),
        Expr::Paren(inner) => self_call(&inner.expr),
        Expr::Group(inner) => self_call(&inner.expr),
        _ => None,
    }
}

/// Whether it is `self.name(..)`.
pub(crate) fn is_own(call: &syn::ExprMethodCall) -> bool {
    matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"))
}

/// The call in `cx.spawn(self.name(cx, ..))`.
pub(crate) fn spawned_call(call: &syn::ExprMethodCall) -> Option<&syn::ExprMethodCall> {
    if call.method != "spawn" || call.args.len() != 1 || !matches!(&*call.receiver, Expr::Path(_)) {
        return None;
    }
    self_call(call.args.first()?)
}

/// `#[handler(main)]`.
fn is_main(attribute: &Attribute) -> bool {
    attribute.path().is_ident("handler")
        && attribute.parse_args::<Ident>().is_ok_and(|word| word == "main")
}

fn without_lifetimes(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    let params = core::mem::take(&mut generics.params);
    let is_lifetime = |param: &syn::GenericParam| matches!(param, syn::GenericParam::Lifetime(_));
    generics.params.extend(params.into_iter().filter(|param| !is_lifetime(param)));
    generics
}

/// What can be told of one function; what is wrong with it is told by its refusal.
fn method(function: &ImplItemFn, entity: &Ident, callees: &Callees, item: &ItemImpl) -> Method {
    let sig = &function.sig;
    let is_spawned = callees.is_spawned(&sig.ident);
    let kind = kind(function, callees, item);
    let mut refusal = Diagnostics::default();
    let lints = attributes::check(function, &mut refusal);
    if sig.asyncness.is_none() {
        plain::refuse(function, item, &mut refusal);
    }
    if kind == MethodKind::Handler && is_spawned {
        refusal.error(
            codes::SPAWNED_HANDLER,
            &sig.ident,
            format!(
                "`{0}` is a handler, which is started by messages only: move what is to be spawned \
                 into an `async fn` of its own, and call that from `{0}` too",
                sig.ident
            ),
        );
    }
    form::check(function, &mut refusal);
    let mut inputs = sig.inputs.iter().peekable();
    let receiver = form::receiver(function, &mut refusal);
    inputs.next_if(|input| matches!(input, FnArg::Receiver(_)));
    let context = inputs.peek().copied().and_then(context_parameter);
    if context.is_some() {
        inputs.next();
    } else {
        form::refuse_context(function, inputs.peek().copied(), &mut refusal);
    }
    let parameters: Vec<Parameter> =
        inputs.filter_map(|input| form::parameter(input, &mut refusal)).collect();
    let (context, context_type) = context.unwrap_or_else(|| {
        (form::meant_context(function), syn::parse_quote!(::happysim::Cx<Self>))
    });
    form::refuse_foreign_context(function, entity, &mut refusal);
    form::refuse_duplicates(&context, &parameters, &mut refusal);
    let output = match &sig.output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, ty) => (**ty).clone(),
    };
    if !refusal.has_errors() {
        form::check_ends(function, kind, &parameters, &output, &mut refusal);
    }
    let mut method = Method {
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
        unknown: None,
        block: function.block.clone(),
        lints,
        source: function.clone(),
        refusal,
    };
    if method.is_refused() {
        form::repair(&mut method, entity);
    }
    method
}

fn kind(function: &ImplItemFn, callees: &Callees, item: &ItemImpl) -> MethodKind {
    let name = &function.sig.ident;
    let has = |name: &str| function.attrs.iter().any(|attribute| attribute.path().is_ident(name));
    let is_called = callees.is_called(name) || callees.is_spawned(name);
    if has("process") {
        MethodKind::Process
    } else if has("background") {
        MethodKind::Background
    } else if function.sig.asyncness.is_none() && !plain::is_unmentioned_handler(function, item) {
        MethodKind::Helper
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
    let name = match &*typed.pat {
        Pat::Ident(pattern) => pattern.ident.clone(),
        Pat::Wild(wild) => Ident::new("_cx", wild.span()),
        _ => return None,
    };
    let Type::Reference(reference) = &*typed.ty else { return None };
    (is_context(&typed.ty) && reference.mutability.is_some())
        .then(|| (name, (*reference.elem).clone()))
}

/// Whether the type is `&mut Cx<..>` or `&Cx<..>`.
pub(crate) fn is_context(ty: &Type) -> bool {
    let Type::Reference(reference) = ty else { return false };
    matches!(&*reference.elem, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Cx"))
}

/// The module of the struct, beside the struct.
fn structure(written: &syn::TypePath) -> syn::Path {
    let mut path = written.path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = names::structure(&last.ident);
        last.arguments = PathArguments::None;
    }
    path
}

/// An ordinary function of the block; one that takes `Cx<Self>` becomes generic over contexts.
pub(crate) fn plain_function(function: &ImplItemFn, entity: &EntityImpl) -> ImplItemFn {
    let mut function = function.clone();
    let mut takes_context = false;
    let context = names::context(&entity.name);
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
        let ports = &entity.ports;
        let parameter: syn::TypeParam = syn::parse_quote!(#context: #ports);
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
