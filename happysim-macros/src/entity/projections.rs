//! Types that the syntax does not show and rustc knows: those of fields, of steps, of what is computed
//! or iterated over. What does not exist is told of where it stands, and is not to make the state of
//! a handler fail too: its type is a stand-in then.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Ident, Type};

use super::names;
use super::signature::EntityImpl;
use super::types::parse;

/// The type of the field `name` of the entity, as a projection.
pub(crate) fn field(name: &Ident, entity: &EntityImpl) -> Option<Type> {
    let (hash, ty) = (names::hash(&name.to_string()), &entity.self_ty);
    if is_generic(entity) {
        return parse(quote!(<#ty as ::happysim::__private::Field<#hash>>::Type));
    }
    let name = quote!(::happysim::__private::Name<#hash>);
    let known = known(&quote!((#ty, #name)), &quote!(HAS_FIELD));
    parse(quote!(<#known as ::happysim::__private::FieldOf<#ty, #hash>>::Type))
}

/// What `start` gives of the field `name`.
pub(crate) fn handle(name: &Ident, entity: &EntityImpl) -> Option<Type> {
    let (hash, ty) = (names::hash(&name.to_string()), &entity.self_ty);
    if is_generic(entity) {
        return parse(quote!(
            ::happysim::Handle<<#ty as ::happysim::__private::HasPort<#hash>>::Port>
        ));
    }
    let name = quote!(::happysim::__private::Name<#hash>);
    let known = known(&quote!((#ty, #name)), &quote!(HAS_PORT));
    parse(quote!(<#known as ::happysim::__private::StartedOf<#ty, #hash>>::Handle))
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

/// Whether this is computed of types that may have been guessed, or what may be no handle: such a type
/// may be another without a word from rustc.
pub(crate) fn is_doubtful(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.contains(":: Computed <") || text.contains(":: StartedOf <")
}

/// Whether a value of this type may come from something that does not exist.
pub(crate) fn may_be_unknown(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    ["StepOf", "FieldOf", "StartedOf", "Computed", "IterationOf"]
        .iter()
        .any(|projection| text.contains(&format!(":: {projection} <")))
}

/// The operators of which rustc is asked what they yield: by the names of their traits and of ours.
const OPERATORS: [(&str, &str); 5] =
    [("Add", "Plus"), ("Sub", "Minus"), ("Mul", "Times"), ("Div", "Over"), ("Rem", "Modulo")];

/// What the operator with the trait of this name yields for values of these types.
pub(crate) fn computed(
    left: &Type,
    operator: &str,
    right: &Type,
    entity: &EntityImpl,
) -> Option<Type> {
    let (name, marker) = OPERATORS.iter().find(|(name, _)| *name == operator)?;
    if is_generic(entity) {
        let operator = Ident::new(name, Span::call_site());
        return parse(quote!(<#left as ::core::ops::#operator<#right>>::Output));
    }
    let marker = Ident::new(marker, Span::call_site());
    let operator = quote!(::happysim::__private::operator::#marker);
    let known = known(&quote!((#left, #operator, #right)), &quote!(COMPUTES));
    parse(quote!(
        <#known as ::happysim::__private::Computed<#left, #operator, #right>>::Output
    ))
}

/// The `Item` or the `Iterator` of what a value of this type is iterated over by.
pub(crate) fn iterated(ty: &Type, what: &str, entity: &EntityImpl) -> Option<Type> {
    if is_generic(entity) {
        let what = Ident::new(if what == "Item" { what } else { "IntoIter" }, Span::call_site());
        return parse(quote!(<#ty as ::core::iter::IntoIterator>::#what));
    }
    let what = Ident::new(what, Span::call_site());
    let known = known(&quote!(::happysim::__private::Iterated<#ty>), &quote!(ITERATES));
    parse(quote!(<#known as ::happysim::__private::IterationOf<#ty>>::#what))
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
