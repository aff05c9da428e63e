//! What no `async fn` of an entity may be, and what is asked of each kind of them.

use proc_macro2::Ident;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{FnArg, ImplItemFn, Pat, Receiver, ReceiverKind, ReturnType, Type};

use super::{Method, MethodKind, Parameter, reply_type, unwritten};
use crate::diagnostics::Diagnostics;
use crate::entity::codegen::mentions;
use crate::entity::unknown::UnknownType;
use crate::entity::{codes, names, types};

/// What no `async fn` of an entity may be.
pub(super) fn check(function: &ImplItemFn, errors: &mut Diagnostics) {
    let sig = &function.sig;
    let name = &sig.ident;
    if !sig.generics.params.is_empty() {
        errors.error(
            codes::GENERIC_FUNCTION,
            &sig.generics,
            format!("`{name}` cannot have generic parameters of its own: move them to the entity"),
        );
    } else if let Some(conditions) = &sig.generics.where_clause {
        errors.error(
            codes::GENERIC_FUNCTION,
            conditions,
            format!("`{name}` cannot have conditions of its own: move them to the `impl` block"),
        );
    }
    for qualifier in [sig.constness.to_token_stream(), sig.abi.to_token_stream(), unsafety(sig)] {
        if !qualifier.is_empty() {
            let message = format!("an `async fn` of an entity cannot be `{qualifier}`: remove it");
            errors.error(codes::QUALIFIER, qualifier, message);
        }
    }
    if let ReturnType::Type(_, ty) = &sig.output {
        if has_impl_trait(ty) {
            errors.error(
                codes::RESULT,
                ty,
                format!(
                    "`{name}` cannot return `impl Trait`: its result is part of a state, which \
                     needs a type with a name"
                ),
            );
        } else if types::has_reference(ty) {
            errors.error(
                codes::RESULT,
                ty,
                format!(
                    "`{name}` cannot return a reference: its result outlives the step that makes \
                     it; return an owned value"
                ),
            );
        }
    }
}

fn unsafety(sig: &syn::Signature) -> proc_macro2::TokenStream {
    match &sig.safety {
        syn::Safety::Unsafe(unsafety) => unsafety.to_token_stream(),
        _ => quote!(),
    }
}

fn has_impl_trait(ty: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
        fn visit_type(&mut self, ty: &'ast Type) {
            visit::visit_type(self, ty);
        }
    }
    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}

/// `&mut self`.
pub(super) fn receiver(function: &ImplItemFn, errors: &mut Diagnostics) -> Receiver {
    let name = &function.sig.ident;
    let first = function.sig.inputs.first();
    if let Some(FnArg::Receiver(receiver)) = first
        && matches!(&receiver.kind, ReceiverKind::Reference(_, None, Some(_)))
    {
        return receiver.clone();
    }
    let place = match first {
        Some(receiver @ FnArg::Receiver(_)) => receiver.to_token_stream(),
        _ => name.to_token_stream(),
    };
    errors.error(
        codes::RECEIVER,
        place,
        format!(
            "an `async fn` of an entity takes `&mut self`: write `async fn {name}(&mut self, cx: \
             &mut Cx<Self>, ..)`"
        ),
    );
    syn::parse_quote!(&mut self)
}

/// The name of the context where it has another form than it should, or none.
pub(super) fn meant_context(function: &ImplItemFn) -> Ident {
    let meant = function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) if names_context(&typed.ty) => match &*typed.pat {
            Pat::Ident(pattern) => Some(pattern.ident.clone()),
            _ => None,
        },
        _ => None,
    });
    meant.unwrap_or_else(|| Ident::new("cx", function.sig.ident.span()))
}

/// Two parameters of one name.
pub(super) fn refuse_duplicates(
    context: &Ident,
    parameters: &[Parameter],
    errors: &mut Diagnostics,
) {
    let mut names = vec![context];
    for parameter in parameters {
        if names.contains(&&parameter.name) {
            errors.error(
                codes::DUPLICATE,
                &parameter.name,
                format!(
                    "`{}` is the name of two parameters: rename one of the two",
                    parameter.name
                ),
            );
        }
        names.push(&parameter.name);
    }
}

/// The second parameter is no context.
pub(super) fn refuse_context(
    function: &ImplItemFn,
    second: Option<&FnArg>,
    errors: &mut Diagnostics,
) {
    let name = &function.sig.ident;
    let mut inputs = function.sig.inputs.iter();
    let meant = |input: &&FnArg| match input {
        FnArg::Typed(typed) => names_context(&typed.ty),
        FnArg::Receiver(_) => false,
    };
    if let Some(second) = second.filter(meant) {
        let found = match second {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(pattern) => pattern.ident.to_string(),
                _ => "cx".to_owned(),
            },
            FnArg::Receiver(_) => "cx".to_owned(),
        };
        errors.error(
            codes::CONTEXT,
            second,
            format!("the context is borrowed: write `{found}: &mut Cx<Self>`"),
        );
    } else if let Some(later) = inputs.find(meant) {
        errors.error(
            codes::CONTEXT,
            later,
            format!(
                "the context comes right after `&mut self`: write `async fn {name}(&mut self, cx: \
                 &mut Cx<Self>, ..)`"
            ),
        );
    } else {
        errors.error(
            codes::CONTEXT,
            name,
            format!(
                "an `async fn` of an entity takes the context as its second parameter: write \
                 `async fn {name}(&mut self, cx: &mut Cx<Self>, ..)`"
            ),
        );
    }
}

/// The context of another entity: a function runs in that of its own.
pub(crate) fn refuse_foreign_context(
    function: &ImplItemFn,
    entity: &Ident,
    errors: &mut Diagnostics,
) {
    let name = &function.sig.ident;
    for input in &function.sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        if let Some(foreign) = foreign_entity(&typed.ty, entity) {
            errors.error(
                codes::FOREIGN_CONTEXT,
                foreign,
                format!(
                    "`{name}` runs in the context of its own entity, `{entity}`, not in that of \
                     `{}`: write `Cx<Self>`",
                    types::text(foreign)
                ),
            );
        }
    }
}

/// What stands in `Cx<..>`, if that is neither `Self` nor the entity.
fn foreign_entity<'a>(ty: &'a Type, entity: &Ident) -> Option<&'a Type> {
    let ty = match ty {
        Type::Reference(reference) => &reference.elem,
        other => other,
    };
    let [named] = types::arguments_of(ty, "Cx")?[..] else { return None };
    let is_own = matches!(named, Type::Path(path) if path
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == "Self" || last.ident == *entity));
    (!is_own).then_some(named)
}

/// Whether the type is `Cx<..>`, in whatever form.
pub(crate) fn names_context(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Cx"),
        Type::Reference(reference) => names_context(&reference.elem),
        _ => false,
    }
}

/// A parameter behind the context.
pub(super) fn parameter(input: &FnArg, errors: &mut Diagnostics) -> Option<Parameter> {
    let FnArg::Typed(typed) = input else { return None };
    if names_context(&typed.ty) {
        return None;
    }
    if types::has_reference(&typed.ty) {
        errors.error(
            codes::PARAMETER,
            &typed.ty,
            format!(
                "an `async fn` of an entity cannot borrow a parameter, which lives across steps: \
                 take the value, `{}`",
                owned(&typed.ty)
            ),
        );
        return None;
    }
    if has_impl_trait(&typed.ty) {
        errors.error(
            codes::PARAMETER,
            &typed.ty,
            "an `async fn` of an entity cannot take `impl Trait`: the parameter is part of a \
             state, which needs a type with a name",
        );
        return None;
    }
    let (name, mutable) = match &*typed.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            (pattern.ident.clone(), pattern.mutability.is_some())
        }
        Pat::Wild(wild) => (Ident::new("_unused", wild.span()), false),
        other => {
            let pattern = types::text(other);
            errors.error(
                codes::PARAMETER,
                other,
                format!(
                    "a parameter that is part of a state is a name: take it apart in the body, \
                     `let {pattern} = name;`"
                ),
            );
            return None;
        }
    };
    Some(Parameter { name, mutable, ty: (*typed.ty).clone() })
}

/// What to take instead of a reference.
fn owned(ty: &Type) -> String {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
            Type::Slice(slice) => format!("Vec<{}>", types::text(&slice.elem)),
            other => types::text(other),
        },
        _ => "Type".to_owned(),
    }
}

/// What the kind of machine asks of parameters and result.
pub(super) fn check_ends(
    function: &ImplItemFn,
    kind: MethodKind,
    parameters: &[Parameter],
    output: &Type,
    errors: &mut Diagnostics,
) {
    match kind {
        MethodKind::Handler => check_handler(function, parameters, output, errors),
        MethodKind::Process | MethodKind::Background => check_process(function, parameters, errors),
        MethodKind::Helper => {}
    }
}

fn check_handler(
    function: &ImplItemFn,
    parameters: &[Parameter],
    output: &Type,
    errors: &mut Diagnostics,
) {
    let name = &function.sig.ident;
    if parameters.len() != 1 {
        let count = match parameters.len() {
            0 => "none".to_owned(),
            count => count.to_string(),
        };
        errors.error(
            codes::MESSAGE,
            name,
            format!(
                "a handler has exactly one message parameter, `{name}` has {count}: write `async \
                 fn {name}(&mut self, cx: &mut Cx<Self>, message: Message) -> Outcome<Reply>`, or \
                 call it from another function of this block as `self.{name}(cx, ..).await`, or \
                 mark it `#[process]` or `#[background]`"
            ),
        );
    }
    match (&function.sig.output, outcome(output)) {
        (_, Outcome::Is) => {}
        (ReturnType::Type(_, ty), Outcome::FailsWith(failure)) => errors.error(
            codes::OUTCOME,
            ty,
            format!(
                "a handler fails with a `Failure`, not with `{failure}`, so that callers know what \
                 they get: write `-> Outcome<Reply>`, and put what is the model's own into the \
                 reply, or use `Failure::Application(\"..\")`"
            ),
        ),
        (ReturnType::Type(_, ty), _) => errors.error(
            codes::OUTCOME,
            ty,
            format!("a handler returns an outcome: write `-> Outcome<{}>`", types::text(ty)),
        ),
        (ReturnType::Default, _) => errors.error(
            codes::OUTCOME,
            name,
            "a handler returns an outcome: write `-> Outcome<Reply>`, or `-> Outcome<()>` if it \
             only takes note of its message",
        ),
    }
}

fn check_process(function: &ImplItemFn, parameters: &[Parameter], errors: &mut Diagnostics) {
    let name = &function.sig.ident;
    if let Some(parameter) = parameters.first() {
        errors.error(
            codes::PROCESS,
            &parameter.name,
            format!(
                "`{name}` starts with the simulation, so that nobody passes it `{0}`: make `{0}` \
                 a field of the entity",
                parameter.name
            ),
        );
    }
    if let ReturnType::Type(_, ty) = &function.sig.output
        && !matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty())
    {
        errors.error(
            codes::PROCESS,
            ty,
            format!(
                "`{name}` starts with the simulation, so that nobody takes its result: remove `-> \
                 {}`",
                types::text(ty)
            ),
        );
    }
}

/// Whether a type is that of a handler's result.
pub(super) enum Outcome {
    Is,
    FailsWith(String),
    No,
}

pub(super) fn outcome(ty: &Type) -> Outcome {
    let Type::Path(path) = ty else { return Outcome::No };
    let Some(last) = path.path.segments.last() else { return Outcome::No };
    if last.ident == "Outcome" {
        return Outcome::Is;
    }
    if last.ident != "Result" {
        return Outcome::No;
    }
    match types::arguments_of(ty, "Result").as_deref() {
        Some([_, failure]) => match failure {
            Type::Path(path) if path.path.segments.last().is_some_and(|l| l.ident == "Failure") => {
                Outcome::Is
            }
            other => Outcome::FailsWith(types::text(other)),
        },
        // An alias of the user's.
        _ => Outcome::Is,
    }
}

/// Leaves of a refused function what others may rely on, so that nothing else goes wrong.
pub(super) fn repair(method: &mut Method, entity: &Ident) {
    method.block = unwritten();
    let own = method.source.sig.generics.clone();
    let names_own = |ty: &Type| {
        let types = own.type_params().map(|parameter| &parameter.ident);
        let mut names = types.chain(own.const_params().map(|parameter| &parameter.ident));
        own.lifetimes().next().is_some() || names.any(|name| mentions(ty.to_token_stream(), name))
    };
    let is_usable = !names_own(&method.output)
        && !types::has_reference(&method.output)
        && !has_impl_trait(&method.output);
    match method.kind {
        MethodKind::Handler => {
            let parameter = method.parameters.first().filter(|first| !names_own(&first.ty));
            let parameter = parameter.cloned().unwrap_or_else(|| unknown_message(method));
            method.parameters = vec![parameter];
            method.output = repaired_outcome(method, entity, is_usable);
        }
        MethodKind::Helper => {
            method.parameters.clear();
            if !is_usable {
                method.output = unknown(method, entity);
            }
        }
        MethodKind::Process | MethodKind::Background => {
            method.parameters.clear();
            method.output = syn::parse_quote!(());
        }
    }
}

/// What stands for a message that a handler does not have.
fn unknown_message(method: &Method) -> Parameter {
    let name = method.parameters.first().map_or_else(
        || Ident::new("message", method.name.span()),
        |parameter| parameter.name.clone(),
    );
    Parameter { name, mutable: false, ty: syn::parse_quote!(()) }
}

fn repaired_outcome(method: &mut Method, entity: &Ident, is_usable: bool) -> Type {
    let reply: Type = match outcome(&method.output) {
        Outcome::Is if is_usable => return method.output.clone(),
        Outcome::FailsWith(_) if is_usable => {
            reply_type(&method.output).cloned().unwrap_or_else(|| syn::parse_quote!(()))
        }
        Outcome::No if is_usable => method.output.clone(),
        _ => unknown(method, entity),
    };
    syn::parse_quote!(::happysim::Outcome<#reply>)
}

/// What stands for a result that cannot be used.
fn unknown(method: &mut Method, entity: &Ident) -> Type {
    let unknown = UnknownType::of(&names::joined(entity, &method.name), &method.refusal);
    method.unknown.insert(unknown).ty()
}
