//! What has parameters: the entity of a node, and the topology itself.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::super::syntax::Param;
use super::Input;
use super::probes::depends_on;
use crate::names::hash;
use crate::ranges;

/// Whose parameters are compared with literals.
pub(super) struct Owner {
    /// A type that knows their types and ranges.
    pub(super) ty: TokenStream,
    /// Whether constants in types can depend on it.
    pub(super) is_asked: bool,
    /// The parameters that were given by a short name, each with that name.
    short: Vec<(Ident, String)>,
    kind: Kind,
}

enum Kind {
    Node,
    /// A topology, whose parameter is declared as this.
    Topology(String),
}

impl Owner {
    /// The entity of a node, in front of nothing where that is one of a generic topology.
    pub(super) fn node(input: &Input<'_>, node: usize) -> Self {
        let (asked, written) = (input.names.asked_entity(node), &input.model.nodes[node].written);
        let is_asked = asked.is_some();
        Self {
            ty: asked.unwrap_or_else(|| input.names.entity(node)),
            is_asked,
            short: written.clone(),
            kind: Kind::Node,
        }
    }

    /// The topology, if the type of its parameter mentions none of its own.
    pub(super) fn topology(input: &Input<'_>, param: &Param) -> Option<Self> {
        let ty = param.ty.to_token_stream();
        let is_plain = !depends_on(&ty, input.generics);
        is_plain.then(|| Self {
            ty: input.names.defaults().into_token_stream(),
            is_asked: true,
            short: Vec::new(),
            kind: Kind::Topology(ty.to_string().replace(' ', "")),
        })
    }

    /// The name by which the parameter was given, if that is not its own.
    pub(super) fn short_name(&self, parameter: &Ident) -> Option<&str> {
        self.short.iter().find(|(full, _)| full == parameter).map(|(_, short)| &**short)
    }

    /// The name by which the parameter was given.
    pub(super) fn called(&self, parameter: &Ident) -> String {
        self.short_name(parameter).map_or_else(|| parameter.to_string(), str::to_owned)
    }

    /// The type of a parameter as it was written, as an expression: empty where there is none of
    /// that name, or where only its builder knows it.
    pub(super) fn written_type(&self, parameter: &Ident) -> TokenStream {
        let (ty, parameter) = (&self.ty, parameter.to_string());
        match &self.kind {
            Kind::Node => quote!(::happysim::__private::written_type::<#ty>(#parameter)),
            Kind::Topology(written) => quote!(#written),
        }
    }
}

/// The type that knows the parameters of a topology, as an entity knows its own.
pub(super) fn defaults(input: &Input<'_>) -> TokenStream {
    let name = input.names.defaults();
    let params = input.model.params.iter().filter(|param| param.default.is_some());
    let plain = params.filter(|param| Owner::topology(input, param).is_some());
    let known = plain.map(|Param { name: param, ty, .. }| {
        let (hash, written) = (hash(&param.to_string()), ty.to_token_stream().to_string());
        let expected = ranges::of_type(param, &written.replace(' ', ""));
        quote! {
            #[automatically_derived]
            impl ::happysim::__private::Field<#hash> for #name {
                type Type = #ty;
                type Given = #ty;
            }
            #[automatically_derived]
            impl ::happysim::__private::Parameter<#hash> for #name {
                const RANGE: (f64, f64) =
                    <Self as ::happysim::__private::Parameter<#hash>>::LITERALS;
                const LITERALS: (f64, f64) = {
                    #[allow(unused_imports, reason = "not every type has a range")]
                    use ::happysim::__private::AnyValue as _;
                    <::happysim::__private::TypeLimits<#ty>>::RANGE
                };
                const EXPECTED: &'static str = #expected;
            }
        }
    });
    quote! {
        #[allow(dead_code, reason = "not every topology has parameters with defaults")]
        struct #name;
        #(#known)*
    }
}
