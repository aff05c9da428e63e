//! Parameters of the library's components that are the literal 0, with which the component does
//! nothing at all. Such a parameter may still be 0 for a while, in a profile: an outage.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::super::model::{Kind, NodeModel};
use super::Input;
use super::checks::{around, call};
use crate::names::hash;
use crate::units::literal_base;

/// The component, its parameter, and what 0 would mean.
const POINTLESS: &[(&str, &str, &str)] = &[
    ("Timeout", "timeout", "every call would end at the instant at which it begins"),
    ("Client", "timeout", "every call would end at the instant at which it begins"),
    ("Bulkhead", "max_concurrent", "no call would ever be let through"),
    ("Hedge", "max_hedges", "no second request would ever be sent: leave `hedge` out"),
    ("LoadBalancer", "active", "no backend would ever be sent anything"),
    ("Server", "concurrency", "no request would ever be worked on"),
    ("Database", "connections", "no query would ever be worked on"),
    ("KVStore", "concurrency", "no request would ever be worked on"),
    ("MessageQueue", "prefetch", "no message would ever be delivered"),
    ("MessageQueue", "visibility_timeout", "every message would be delivered again at once"),
];

/// A constant for each of them, which refuses it if the component is the library's.
pub(super) fn checks(input: &Input<'_>) -> TokenStream {
    let nodes = input.model.nodes.iter().enumerate();
    let asked = nodes.filter_map(|(index, node)| Some((node, input.names.asked_type(index)?)));
    asked
        .flat_map(|(node, ty)| POINTLESS.iter().filter_map(move |entry| check(node, ty, entry)))
        .collect()
}

fn check(
    node: &NodeModel,
    asked: &TokenStream,
    &(component, parameter, why): &(&str, &str, &str),
) -> Option<TokenStream> {
    let syn::Type::Path(path) = syn::parse2(node.ty.clone()).ok()? else { return None };
    if path.path.segments.last()?.ident != component {
        return None;
    }
    let (_, value) = node.fields.iter().find(|(name, _)| name == parameter)?;
    // Exactly: nothing is computed with it.
    literal_base(value).filter(|base| base.abs() <= 0.0)?;
    let message = format!("`{}` cannot be 0: {why}", node.written(parameter));
    let place = around(&value.to_token_stream());
    let no_types = TokenStream::new();
    if node.kind == Kind::Wrapper {
        let refuse = call(place, "refuse", &no_types, quote!(true, #message));
        return Some(quote!(const _: () = #refuse;));
    }
    let name = hash(component);
    let refuse =
        call(place, "refuse", &no_types, quote!(<__Node<#asked>>::IS_OF_LIBRARY, #message));
    Some(quote! {
        const _: () = {
            struct __Node<__T>(::core::marker::PhantomData<__T>);
            #[allow(dead_code, reason = "for an entity of the user's own")]
            trait __Otherwise {
                const IS_OF_LIBRARY: bool = false;
            }
            impl<__T> __Otherwise for __Node<__T> {}
            impl<__T: ::happysim::__private::OfLibrary<#name>> __Node<__T> {
                const IS_OF_LIBRARY: bool = true;
            }
            #refuse
        };
    })
}
