//! What stands for the parameters of a topology where its nodes are asked: a type that fulfils the
//! bounds of the library and those of Rust's own. Where it does not fulfil those of the parameters,
//! as they are traits of the user's own, nodes whose types mention one are not asked.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Generics};

use super::super::model::Model;
use super::Input;
use super::probes::{depends_on, occurs};

/// The type of each node as it can be asked for: its own where that mentions no parameter.
pub(super) fn asked_types(
    context: &Ident,
    generics: &Generics,
    model: &Model,
) -> Vec<Option<TokenStream>> {
    let types = types_of(generics);
    let asked = |(node, ty): (usize, &TokenStream)| {
        if !depends_on(ty, generics) {
            return Some(ty.clone());
        }
        let is_stood_for =
            types.as_ref().is_some_and(|types| !depends_on(ty, &others(generics, types)));
        is_stood_for.then(|| alias(context, node).into_token_stream())
    };
    model.nodes.iter().map(|node| &node.ty).enumerate().map(asked).collect()
}

fn alias(context: &Ident, node: usize) -> Ident {
    format_ident!("{}Type{}", context, node)
}

/// The parameters of type alone, unless they are told of others.
fn types_of(generics: &Generics) -> Option<Generics> {
    let mut types = generics.clone();
    types.params = types
        .params
        .into_iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(mut parameter) => {
                parameter.default = None;
                Some(GenericParam::Type(parameter))
            }
            _ => None,
        })
        .collect();
    let (parameters, conditions) =
        (types.params.to_token_stream(), types.where_clause.to_token_stream());
    let others = others(generics, &types);
    let is_independent = !depends_on(&parameters, &others) && !depends_on(&conditions, &others);
    is_independent.then_some(types)
}

/// The parameters that are not of type.
fn others(generics: &Generics, types: &Generics) -> Generics {
    let is_type = |parameter: &GenericParam| {
        types.type_params().any(|ty| occurs(&parameter.to_token_stream(), &ty.ident))
            && matches!(parameter, GenericParam::Type(_))
    };
    let params = generics.params.iter().filter(|parameter| !is_type(parameter)).cloned().collect();
    Generics { params, ..Generics::default() }
}

/// The types of nodes that mention a parameter, with what stands for it.
pub(super) fn items(input: &Input<'_>) -> TokenStream {
    let context = &input.names.context;
    let nodes = input.model.nodes.iter().enumerate().filter(|(node, model)| {
        input.names.asked_type(*node).is_some() && depends_on(&model.ty, input.generics)
    });
    let nodes: Vec<_> = nodes.map(|(node, model)| (node, &model.ty)).collect();
    let Some(types) = types_of(input.generics).filter(|_| !nodes.is_empty()) else {
        return TokenStream::new();
    };
    let (impl_generics, _, where_clause) = types.split_for_impl();
    let parameters: Vec<&Ident> = types.type_params().map(|parameter| &parameter.ident).collect();
    let stand_ins = parameters.iter().map(|_| quote!(::happysim::__private::Something));
    let stand_ins = quote!((#(#stand_ins,)*));
    let (with, are_fulfilled) =
        (format_ident!("{}With", context), format_ident!("{}Fulfilled", context));
    let nodes = nodes.iter().map(|&(node, ty)| {
        let alias = alias(context, node);
        quote! {
            impl #impl_generics #with<#node, (#(#parameters,)*)>
                for ::happysim::__private::Known<true> #where_clause
            {
                type Type = #ty;
            }
            impl<__P> #with<#node, __P> for ::happysim::__private::Known<false> {
                type Type = ();
            }
            type #alias = <#are_fulfilled as #with<#node, #stand_ins>>::Type;
        }
    });
    quote! {
        trait #with<const NODE: usize, __P> {
            type Type;
        }
        type #are_fulfilled = ::happysim::__private::Known<{
            struct __Fulfilled<__P>(::core::marker::PhantomData<__P>);
            #[allow(dead_code, reason = "for bounds that nothing of the library fulfils")]
            trait __Otherwise {
                const YES: bool = false;
            }
            impl<__P> __Otherwise for __Fulfilled<__P> {}
            impl #impl_generics __Fulfilled<(#(#parameters,)*)> #where_clause {
                const YES: bool = true;
            }
            <__Fulfilled<#stand_ins>>::YES
        }>;
        #(#nodes)*
    }
}
