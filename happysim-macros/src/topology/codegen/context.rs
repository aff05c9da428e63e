//! The context in which the handlers of a node run, and its wires.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::super::model::{Edge, Lanes};
use super::Input;
use super::names::Names;
use crate::names::hash;
use crate::units::generated;

pub(super) fn generate(input: &Input<'_>) -> TokenStream {
    let context = context(input);
    let wires = input.model.edges.iter().enumerate().map(|(index, edge)| wire(input, index, edge));
    quote!(#context #(#wires)*)
}

fn context(input: &Input<'_>) -> TokenStream {
    let Input { visibility, generics, names, .. } = input;
    let (context, wires) = (&names.context, &names.wires);
    let extended = Names::context_generics(generics);
    let (impl_generics, type_generics, where_clause) = extended.split_for_impl();
    let (_, own_generics, _) = generics.split_for_impl();
    quote! {
        #[doc(hidden)]
        #[allow(missing_debug_implementations, reason = "a view of the simulation for one step")]
        #visibility struct #context #extended #where_clause {
            core: &'__a mut ::happysim::__private::Core,
            wires: &'__a mut #wires #own_generics,
            node: ::core::marker::PhantomData<fn(__N)>,
        }

        impl #impl_generics #context #type_generics #where_clause {
            #[inline]
            fn new(
                core: &'__a mut ::happysim::__private::Core,
                wires: &'__a mut #wires #own_generics,
            ) -> Self {
                Self { core, wires, node: ::core::marker::PhantomData }
            }
        }

        impl #impl_generics ::happysim::Clock for #context #type_generics #where_clause {
            #[inline]
            fn now(&self) -> ::happysim::Instant {
                ::happysim::Clock::now(&self.core.scheduler)
            }
        }

        impl #impl_generics ::happysim::Context for #context #type_generics #where_clause {
            #[inline]
            fn core(&mut self) -> &mut ::happysim::__private::Core {
                self.core
            }
            #[inline]
            fn shared(&self) -> &::happysim::__private::Core {
                self.core
            }
        }
    }
}

/// A wire: where the messages of a port go in the context of its node.
fn wire(input: &Input<'_>, index: usize, edge: &Edge) -> TokenStream {
    let Input { generics, names, .. } = input;
    let port = names.port(index);
    let key = match &edge.port {
        Some(name) => {
            let hash = hash(&name.to_string());
            quote!(::happysim::__private::Name<#hash>)
        }
        None => quote!(<#port as ::happysim::__private::Port>::Key),
    };
    let context = names.context_of(generics, edge.from);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let table = Names::wire_field(index);
    let entry = names.entry_of(edge);
    let mailbox = Names::mailbox_field(entry);
    let (number, to) = (index as u16, edge.to);
    let lanes = match &edge.lanes {
        Lanes::All => quote!(self.wires.counts[#to] as usize),
        Lanes::One | Lanes::Same | Lanes::Fixed(_) => quote!(1),
    };
    let replica = match &edge.lanes {
        Lanes::One => quote!(0),
        Lanes::Same => quote!(self.core.place.replica),
        Lanes::Fixed(index) => quote_spanned!(generated(index.span())=> (#index) as u32),
        Lanes::All => {
            let port = edge.from_text.clone();
            quote!(::happysim::__private::lane(#port, envelope.replica, self.wires.counts[#to]))
        }
    };
    let pass = names.pass_request(index, edge);
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #impl_generics ::happysim::__private::Wire<#port, #key> for #context #where_clause {
                #[inline]
                fn lanes(&self) -> usize {
                    #lanes
                }
                #[inline]
                fn number(&self) -> u16 {
                    #number
                }
                #[inline]
                fn table(
                    &mut self,
                ) -> &mut ::happysim::__private::CallTable<
                    <#port as ::happysim::__private::Port>::Reply
                > {
                    &mut self.wires.#table
                }
                #[inline]
                fn deliver(
                    &mut self,
                    envelope: ::happysim::__private::Envelope<
                        <#port as ::happysim::__private::Port>::Message
                    >,
                ) {
                    let replica = #replica;
                    let ::happysim::__private::Envelope { message, reply_to, .. } = envelope;
                    let message = #pass(message);
                    self.wires.#mailbox.push(
                        &mut self.core.scheduler,
                        ::happysim::__private::Envelope { message, reply_to, replica },
                    );
                }
            }
        };
    }
}
