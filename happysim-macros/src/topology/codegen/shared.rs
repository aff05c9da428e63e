//! Shared objects: how they are made and attached, and the checks that they can be.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::super::model::Attached;
use super::super::syntax::Shared;
use super::Input;
use super::checks::{around, at, check};
use super::names::Names;
use crate::names::hash;

/// The checks, each at what it is about.
pub(super) fn checks(input: &Input<'_>) -> TokenStream {
    let objects = input.model.shared.iter().zip(&input.names.plain_shared);
    let objects =
        objects.filter(|(_, is_plain)| **is_plain).map(|(shared, _)| object_checks(shared));
    let attached = input.model.attached.iter().map(|attached| attached_checks(input, attached));
    quote!(#(#objects)* #(#attached)*)
}

fn object_checks(shared: &Shared) -> TokenStream {
    let (ty, name, text) = (&shared.ty, shared.name.to_string(), written(shared));
    let place = around(&ty.to_token_stream());
    let none = TokenStream::new();
    let is_part = asked(&quote!(#ty), &quote!(IS_PART));
    let shareable = check(place, "check_shareable", &none, quote!(#is_part, #name, #text));
    let default = shared.value.is_none().then(|| {
        let has_default = asked(&quote!(#ty), &quote!(HAS_DEFAULT));
        // What cannot be shared needs no value.
        let fine = quote!(!#is_part || #has_default);
        check(place, "check_default", &none, quote!(#fine, #name, #text))
    });
    quote!(#shareable #default)
}

fn attached_checks(input: &Input<'_>, attached: &Attached) -> Option<TokenStream> {
    let entity = input.names.asked_entity(attached.node)?;
    let field = attached.field.to_string();
    let (hash, node) = (hash(&field), &input.model.nodes[attached.node].path);
    let has_shared =
        asked(&quote!((#entity, ::happysim::__private::Name<#hash>)), &quote!(HAS_SHARED));
    let place = at(attached.field.span());
    let exists = check(place, "check_shared", &entity, quote!(#has_shared, #node, #field));
    let fits =
        input.names.plain_shared[attached.shared].then(|| type_check(input, attached, &entity));
    Some(quote!(#exists #fits))
}

/// The object must be of the field's type. The trait is declared at the arrow, as those of other
/// arrows are.
fn type_check(input: &Input<'_>, attached: &Attached, entity: &TokenStream) -> TokenStream {
    let shared = &input.model.shared[attached.shared];
    let (ty, node) = (&shared.ty, &input.model.nodes[attached.node].path);
    let (first, last) = around(&attached.arrow);
    let object = Ident::new("Object", first);
    let no_arguments = quote_spanned!(last=> <>);
    let message = format!(
        "`{}` is a `{{Self}}`, but `{node}.{}` is a `{{Expected}}`",
        shared.name, attached.field
    );
    let expected = field_type(attached, entity);
    let has_shared = has_shared(attached, entity);
    let is_part = asked(&quote!(#ty), &quote!(IS_PART));
    let is_carried = is_carried(input, entity);
    quote! {
        const _: () = {
            // Not where another check tells of a mistake.
            type Compared = ::happysim::__private::Known<{
                !(!#has_shared || !#is_part || #is_carried)
            }>;
            type Object = <Compared as ::happysim::__private::Choose<#ty, ()>>::Type;
            #[diagnostic::on_unimplemented(
                message = #message,
                label = "the object is not what the field is"
            )]
            trait SharedAs<Expected> {
                const YES: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<T> SharedAs<T> for T {}
            <#object #no_arguments as SharedAs<
                <Compared as ::happysim::__private::Choose<#expected, ()>>::Type
            >>::YES
        };
    }
}

/// Makes a shared object and binds it.
pub(super) fn make(
    input: &Input<'_>,
    params: &TokenStream,
    (index, shared): (usize, &Shared),
) -> TokenStream {
    let (ty, path, label) = (&shared.ty, shared.name.to_string(), written(shared));
    let local = Names::local(&shared.name);
    let is_plain = input.names.plain_shared[index];
    let value = match &shared.value {
        Some(value) => quote!(#value),
        None if !is_plain => quote!(<#ty as ::core::default::Default>::default()),
        None => quote!(
            ::happysim::__private::ByDefault::<#ty>(::core::marker::PhantomData).value()
        ),
    };
    let bind = if is_plain {
        quote!(::happysim::__private::SharedObject(&mut #local).bind(&mut __core, #path, #label))
    } else {
        quote!(::happysim::__private::bind_shared(&mut #local, &mut __core, #path, #label))
    };
    quote! {
        let mut #local: #ty = { #params #value };
        #bind;
    }
}

/// Attaches a shared object to the field of a node's entity.
pub(super) fn attach(input: &Input<'_>, attached: &Attached) -> TokenStream {
    let hash = hash(&attached.field.to_string());
    let shared = &input.model.shared[attached.shared];
    let local = Names::local(&shared.name);
    let Some(entity) = input.names.asked_entity(attached.node) else {
        return quote! {
            ::happysim::__private::Attach::<#hash>::attach(&mut __entity, &#local);
        };
    };
    // Behind its arrow a relay is another type than in front of nothing.
    let own = input.names.entity(attached.node);
    let field = quote!(::happysim::__private::SharedField::<#own, #hash>(&mut __entity));
    if !input.names.plain_shared[attached.shared] {
        return quote!(#field.attach(&#local););
    }
    let (ty, expected) = (&shared.ty, field_type(attached, &entity));
    let has_shared = has_shared(attached, &entity);
    let are_same = asked(&quote!((#ty, #expected)), &quote!(ARE_SAME));
    let is_carried = is_carried(input, &entity);
    // Of another type a check tells.
    quote! {
        #field.attach(<::happysim::__private::Known<{ !#has_shared || #is_carried || #are_same }>
            as ::happysim::__private::Pass<_, _>>::pass(&#local));
    }
}

/// Whether the type of an entity's field is known only behind an arrow: that of a relay in a generic
/// topology, which is asked where it stands in front of nothing.
fn is_carried(input: &Input<'_>, entity: &TokenStream) -> TokenStream {
    let is_generic = input.names.is_generic;
    quote!((#is_generic && <#entity as ::happysim::__private::EntityParts>::IS_RELAY))
}

fn has_shared(attached: &Attached, entity: &TokenStream) -> TokenStream {
    let hash = hash(&attached.field.to_string());
    asked(&quote!((#entity, ::happysim::__private::Name<#hash>)), &quote!(HAS_SHARED))
}

fn field_type(attached: &Attached, entity: &TokenStream) -> TokenStream {
    let hash = hash(&attached.field.to_string());
    let has_shared = has_shared(attached, entity);
    quote! {
        <::happysim::__private::Known<{ #has_shared }>
            as ::happysim::__private::SharedOf<#entity, #hash>>::Shared
    }
}

/// What the runtime knows of types.
fn asked(question: &TokenStream, constant: &TokenStream) -> TokenStream {
    quote!({
        #[allow(unused_imports, reason = "only for what does not exist")]
        use ::happysim::__private::Otherwise as _;
        <::happysim::__private::Ask<#question>>::#constant
    })
}

/// The type as it was written.
fn written(shared: &Shared) -> String {
    shared.ty.to_token_stream().to_string().replace(' ', "")
}
