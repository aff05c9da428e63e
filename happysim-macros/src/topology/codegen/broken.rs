//! A topology with mistakes: it has its types, and nothing is ever done with it.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::diagram;
use super::Input;

/// What the runtime asks of a topology, of one that is not compiled to the end.
pub(super) fn behaviour(input: &Input<'_>) -> TokenStream {
    let Input { name, generics, model, names, .. } = input;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let params = &names.params;
    let label = name.to_string();
    let diagram = diagram::draw(model);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables, reason = "nothing is done")]
        impl #impl_generics ::happysim::__private::Topology for #name #type_generics #where_clause {
            type Params = #params #type_generics;
            const NAME: &'static str = #label;
            const DIAGRAM: &'static str = #diagram;

            fn build(
                params: &Self::Params,
                core: ::happysim::__private::Core,
            ) -> ::core::result::Result<Self, ::std::vec::Vec<::happysim::__private::BuildError>> {
                ::core::unreachable!()
            }

            fn core(&self) -> &::happysim::__private::Core {
                &self.__core
            }

            fn core_mut(&mut self) -> &mut ::happysim::__private::Core {
                &mut self.__core
            }

            fn launch(&mut self) {}

            fn dispatch(&mut self, token: ::happysim::__private::Token) {}

            fn give_up(&mut self, wire: u16, key: ::happysim::__private::CallKey, cancel: bool) -> bool { false }

            fn ask<__A: ::happysim::__private::AskTable>(
                &mut self,
                wire: u16,
                question: __A,
            ) -> ::core::option::Option<__A::Answer> {
                ::core::option::Option::None
            }

            fn task(
                &self,
                node: u16,
                machine: u8,
                slot: u32,
            ) -> ::core::option::Option<::happysim::__private::LiveTask<'_>> {
                ::core::option::Option::None
            }

            fn glance(&self, wake: ::happysim::__private::Wake) -> usize {
                0
            }

            fn waits(&self, wake: ::happysim::__private::Wake) -> bool {
                false
            }

            fn visit(&self, visitor: &mut impl ::happysim::__private::Visitor) {}

            fn reset_stats(&mut self) {}

            fn set_timed(&mut self, timed: bool) {}
        }
    }
}
