//! What `#[entity]` has seen of a user's handler, asked by the names in a topology.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::names::hash;

/// The bound that the handler that an arrow leads to and the port that an arrow leads out of stand
/// in this relation, a trait of the runtime. Without a name it is the only one.
pub(super) fn bound(
    entity: &Ident,
    relation: &Ident,
    handler: Option<&Ident>,
    port: Option<&Ident>,
) -> TokenStream {
    let (sole_handler, handler) = match handler {
        Some(handler) => (None, name(handler)),
        None => (
            Some(quote!(::happysim::__private::SoleHandler+)),
            quote!(<#entity as ::happysim::__private::SoleHandler>::Name),
        ),
    };
    let (sole_port, port) = match port {
        Some(port) => (None, name(port)),
        None => {
            let port = quote!(<#entity as ::happysim::__private::SolePort>::Port);
            (
                Some(quote!(::happysim::__private::SolePort+)),
                quote!(<#port as ::happysim::__private::Port>::Key),
            )
        }
    };
    quote!(#entity: #sole_handler #sole_port ::happysim::__private::#relation<#handler, #port>)
}

fn name(name: &Ident) -> TokenStream {
    let hash = hash(&name.to_string());
    quote!(::happysim::__private::Name<#hash>)
}
