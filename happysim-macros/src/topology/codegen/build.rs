//! Building the nodes of a topology from its parameters.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::super::model::{Count, Edge, Kind, Lanes, Model, NodeModel};
use super::Input;
use super::names::Names;
use super::{literals, shared};
use crate::units::generated;

pub(super) fn generate(input: &Input<'_>) -> TokenStream {
    let Input { model, names, .. } = input;
    let params = scope(input);
    let counts = model.nodes.iter().map(|node| count(input, node));
    let replicas = model.edges.iter().filter_map(|edge| fixed_replica(model, edge));
    let shared = model.shared.iter().enumerate().map(|object| shared::make(input, &params, object));
    let nodes = model.nodes.iter().enumerate().map(|(index, node)| build_node(input, index, node));
    let infos = model.nodes.iter().enumerate().map(|(index, node)| info(input, index, node));
    let fields = model.nodes.iter().map(|node| &node.name);
    let locals: Vec<_> = model.nodes.iter().map(|node| Names::local(&node.name)).collect();
    let tables = (0..model.edges.len()).map(Names::wire_field);
    let mailboxes = (0..names.entries.len()).map(|index| {
        let field = Names::mailbox_field(index);
        quote!(#field: ::happysim::__private::fresh())
    });
    let wires = &names.wires;
    let literals = literals::statements(input);
    let any_parameter = any_parameter(input);
    quote! {
        #[allow(non_snake_case, unused_variables, unused_imports, dead_code, clippy::items_after_statements, clippy::clone_on_copy, clippy::redundant_clone,
            reason = "every value sees all parameters, and uses some")]
        fn build(
            __params: &Self::Params,
            mut __core: ::happysim::__private::Core,
        ) -> ::core::result::Result<Self, ::std::vec::Vec<::happysim::__private::BuildError>> {
            #literals
            use ::happysim::__private::{NoBuild as _, NoDefault as _, NoField as _, NoPart as _};
            #any_parameter
            let mut __errors = ::std::vec::Vec::new();
            let mut __counts: ::std::vec::Vec<usize> = ::std::vec::Vec::new();
            #(#counts)*
            #(#replicas)*
            #(#infos)*
            #(#shared)*
            #(#nodes)*
            let mut __count_of_nodes = __counts.into_iter().map(|count| count as u32);
            let __wires = #wires {
                #(#tables: ::happysim::__private::fresh(),)*
                #(#mailboxes,)*
                counts: ::core::array::from_fn(|_| __count_of_nodes.next().unwrap_or(0)),
                types: ::core::marker::PhantomData,
            };
            // All at once, with nothing between them that might panic: else the compiler keeps for each
            // place that may, which of the nodes are still to be dropped.
            let (true, #(::core::option::Option::Some(#locals),)*) =
                (__errors.is_empty(), #(#locals,)*)
            else {
                return ::core::result::Result::Err(__errors);
            };
            ::core::result::Result::Ok(Self { #(#fields: #locals,)* __core, __wires })
        }
    }
}

/// A function for each parameter that is given: what is called where the entity has none of that
/// name, of which a check tells.
fn any_parameter(input: &Input<'_>) -> TokenStream {
    let names = input.model.nodes.iter().flat_map(|node| &node.fields);
    let names: BTreeSet<String> = names.map(|(name, _)| name.to_string()).collect();
    let names = names.iter().map(|name| match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    });
    quote! {
        trait __AnyParameter: ::core::marker::Sized {
            #(
                fn #names<__V>(self, _: __V) -> Self {
                    self
                }
            )*
        }
        impl<__T> __AnyParameter for __T {}
    }
}

/// Copies of all parameters under their own names.
fn scope(input: &Input<'_>) -> TokenStream {
    let names = input.model.params.iter().map(|param| &param.name);
    quote! {
        use ::happysim::dsl::*;
        #(let #names = ::core::clone::Clone::clone(&__params.#names);)*
    }
}

fn count(input: &Input<'_>, node: &NodeModel) -> TokenStream {
    let params = scope(input);
    let path = &node.path;
    match &node.count {
        Count::One => quote!(__counts.push(1);),
        Count::SameAs(other) => quote!(__counts.push(__counts[#other]);),
        Count::Expr(count) => {
            let count = quote_spanned! {count.span()=>
                ::happysim::__private::IntoParameter::<usize>::into_parameter(#count)
            };
            quote! {
                __counts.push(::happysim::__private::replicas(
                    #path,
                    { #params #count },
                    &mut __errors,
                ));
            }
        }
    }
}

/// The check that there is the replica to which an arrow leads.
fn fixed_replica(model: &Model, edge: &Edge) -> Option<TokenStream> {
    let Lanes::Fixed(index) = &edge.lanes else { return None };
    let (to, path, from) = (edge.to, &model.nodes[edge.to].path, &edge.from_text);
    let replica = quote_spanned!(generated(index.span())=> (#index) as u32);
    Some(quote! {
        ::happysim::__private::has_replica(#path, __counts[#to], #from, #replica, &mut __errors);
    })
}

fn info(input: &Input<'_>, index: usize, node: &NodeModel) -> TokenStream {
    let (path, entity) = (&node.path, input.names.entity(index));
    let kind = match node.kind {
        Kind::Node => quote!(Node),
        Kind::Source => quote!(Source),
        Kind::Link => quote!(Link),
        Kind::Wrapper => quote!(Wrapper),
    };
    let replicas = match node.count {
        Count::One => quote!(::core::option::Option::None),
        Count::Expr(_) | Count::SameAs(_) => {
            quote!(::core::option::Option::Some(__counts[#index]))
        }
    };
    quote! {
        __core.nodes.push(::happysim::__private::NodeInfo {
            path: #path,
            entity: <#entity as ::happysim::__private::EntityParts>::NAME,
            machines: <#entity as ::happysim::__private::Entity>::MACHINES,
            kind: ::happysim::__private::NodeKind::#kind,
            is_relay: <#entity as ::happysim::__private::EntityParts>::IS_RELAY,
            replicas: #replicas,
        });
    }
}

fn build_node(input: &Input<'_>, index: usize, node: &NodeModel) -> TokenStream {
    let params = scope(input);
    let (local, number) = (Names::local(&node.name), index as u16);
    let entity = input.names.entity(index);
    let setters = node.fields.iter().map(|(name, value)| {
        let value = literals::value(input, index, name, value);
        quote!(.#name(#value))
    });
    let construct = match &node.preset {
        // A preset knows what it has left open; so does rustc.
        Some(preset) => quote_spanned!(node.ty.span()=> <#entity>::#preset #(#setters)* .build()),
        None => quote!(<#entity>::parameters() #(#setters)* .__build()),
    };
    let path = &node.path;
    let replica_path = match node.count {
        Count::One => quote!(::std::string::String::from(#path)),
        Count::Expr(_) | Count::SameAs(_) => quote!(::std::format!("{}[{}]", #path, replica)),
    };
    let attached = input.model.attached.iter().filter(|attached| attached.node == index);
    let attach = attached.map(|attached| shared::attach(input, attached));
    // A function of its own: one that makes all nodes takes the compiler longer than all of these.
    quote! {
        let #local = ::happysim::__private::apart(|| {
            let mut __replicas: ::std::vec::Vec<#entity> = ::std::vec::Vec::new();
            for replica in 0..__counts[#index] {
                let __path = #replica_path;
                let __built = {
                    #params
                    #construct
                };
                match __built {
                    ::core::result::Result::Ok(mut __entity) => {
                        ::happysim::__private::EntityParts::bind(
                            &mut __entity,
                            &mut ::happysim::__private::Binder::new(&mut __core, &__path),
                        );
                        #(#attach)*
                        __replicas.push(__entity);
                    }
                    ::core::result::Result::Err(__refused) => {
                        __errors.extend(::happysim::__private::build_errors(&__path, __refused));
                    }
                }
            }
            ::happysim::__private::Node::new(#number, __replicas)
        });
    }
}
