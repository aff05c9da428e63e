//! From the model to Rust: the parameters, the nodes' types, the wires, the context, the
//! topology itself.

mod broken;
mod build;
mod checks;
mod circles;
mod context;
mod dispatch;
mod drawn;
mod fit;
mod literals;
mod lookups;
mod names;
mod owner;
mod params;
mod probes;
mod relays;
mod shared;
mod standins;
mod times;
mod types;
mod zeros;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, Generics, Visibility};

use super::diagram;
use super::model::Model;
pub(super) use names::Names;
pub(super) use probes::{depends_on, occurs};

/// Everything that the generators look at.
pub(super) struct Input<'a> {
    pub(super) attributes: &'a [Attribute],
    pub(super) visibility: &'a Visibility,
    pub(super) name: &'a Ident,
    pub(super) generics: &'a Generics,
    pub(super) model: &'a Model,
    pub(super) names: Names,
    /// Whether the model is what is left of one with mistakes. Its types are made all the same, so
    /// that nothing that uses them fails too; it cannot be built.
    pub(super) is_broken: bool,
}

impl<'a> Input<'a> {
    pub(super) fn new(
        attributes: &'a [Attribute],
        visibility: &'a Visibility,
        name: &'a Ident,
        generics: &'a Generics,
        model: &'a Model,
        is_broken: bool,
    ) -> Self {
        let names = Names::new(name, generics, model);
        Self { attributes, visibility, name, generics, model, names, is_broken }
    }

    /// The number of the mailbox of an entry: they follow the nodes, so that one number says where an
    /// event belongs.
    pub(super) fn mailbox_number(&self, entry: usize) -> u16 {
        (self.model.nodes.len() + entry) as u16
    }
}

/// The whole expansion.
pub(super) fn expand(input: &Input<'_>) -> TokenStream {
    let params = params::generate(input);
    let types = types::generate(input);
    let context = (!input.is_broken).then(|| context::generate(input));
    let checks = checks::items(input);
    let circles = circles::checks(input);
    let relays = relays::Circles::new(input).items(input);
    let zeros = zeros::checks(input);
    let literals = literals::items(input);
    let topology = topology(input);
    let behaviour = if input.is_broken { broken::behaviour(input) } else { behaviour(input) };
    quote! {
        #params
        #types
        #context
        #checks
        #circles
        #relays
        #zeros
        #literals
        #topology
        #behaviour
    }
}

fn topology(input: &Input<'_>) -> TokenStream {
    let Input { attributes, visibility, name, generics, model, names, .. } = input;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let fields = model.nodes.iter().enumerate().map(|(index, node)| {
        let docs = node.attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
        let about = format!("The node `{}`.", node.path);
        let (field, entity) = (&node.name, names.entity(index));
        quote! {
            #[doc = #about]
            #[doc = ""]
            #(#docs)*
            pub #field: ::happysim::__private::Node<#entity>
        }
    });
    let (params, wires) = (&names.params, &names.wires);
    let diagram = diagram::draw(model);
    let diagram_docs = format!("\n\n```mermaid\n{diagram}```");
    let label = name.to_string();
    let mentions = mentions(input);
    let entities = (0..model.nodes.len()).map(|node| names.entity(node));
    let paths = model.nodes.iter().map(|node| &node.path);
    let new_docs = format!("A [`{label}`] with these parameters, ready to be built and run.");
    quote! {
        #(#attributes)*
        #[doc = #diagram_docs]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #name #generics #where_clause {
            #(#fields,)*
            #[doc(hidden)]
            __core: ::happysim::__private::Core,
            #[doc(hidden)]
            __wires: #wires #type_generics,
        }

        #[automatically_derived]
        #[allow(dead_code, reason = "not everybody draws")]
        impl #impl_generics #name #type_generics #where_clause {
            #[doc = #new_docs]
            #visibility fn new(params: #params #type_generics) -> ::happysim::Setup<Self> {
                ::happysim::Setup::new(params)
            }

            /// The nodes and wires as a Mermaid flowchart.
            #visibility fn diagram() -> &'static str {
                <Self as ::happysim::__private::Topology>::DIAGRAM
            }

            /// The steps of every node's handlers as Mermaid state diagrams, with the node's name;
            /// nodes in the order of their fields.
            #visibility fn state_diagrams()
            -> ::std::vec::Vec<(&'static str, ::happysim::__private::StateDiagram)>
            {
                let mut diagrams = ::std::vec::Vec::new();
                #(
                    let of_node =
                        <#entities as ::happysim::__private::StateDiagrams>::state_diagrams();
                    diagrams.extend(of_node.into_iter().map(|diagram| (#paths, diagram)));
                )*
                diagrams
            }

            #mentions
        }
    }
}

/// The names of nodes in arrows, as the fields that they are: an editor finds their way.
fn mentions(input: &Input<'_>) -> TokenStream {
    let mentions = &input.model.mentions;
    quote! {
        #[allow(dead_code, reason = "for editors")]
        fn __mentions(&self) {
            #(let _ = &self.#mentions;)*
        }
    }
}

/// What the runtime asks of a topology.
fn behaviour(input: &Input<'_>) -> TokenStream {
    let Input { name, generics, model, names, .. } = input;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let params = &names.params;
    let label = name.to_string();
    let diagram = diagram::draw(model);
    let build = build::generate(input);
    let dispatch = dispatch::generate(input);
    let lookups = lookups::generate(input);
    quote! {
        #[automatically_derived]
        impl #impl_generics #name #type_generics #where_clause {
            #dispatch
        }

        #[automatically_derived]
        impl #impl_generics ::happysim::__private::Topology for #name #type_generics #where_clause {
            type Params = #params #type_generics;
            const NAME: &'static str = #label;
            const DIAGRAM: &'static str = #diagram;

            #build

            fn core(&self) -> &::happysim::__private::Core {
                &self.__core
            }

            fn core_mut(&mut self) -> &mut ::happysim::__private::Core {
                &mut self.__core
            }

            fn launch(&mut self) {
                self.__launch();
            }

            #[inline]
            fn dispatch(&mut self, token: ::happysim::__private::Token) {
                self.__dispatch(token);
            }

            fn give_up(
                &mut self,
                wire: u16,
                key: ::happysim::__private::CallKey,
                cancel: bool,
            ) -> bool {
                self.__give_up(wire, key, cancel)
            }

            #lookups

            fn visit(&self, visitor: &mut impl ::happysim::__private::Visitor) {
                self.__visit(visitor);
            }

            fn reset_stats(&mut self) {
                self.__reset_stats();
            }

            fn set_timed(&mut self, timed: bool) {
                self.__set_timed(timed);
            }
        }
    }
}
