//! Finding wires and tasks by their numbers, where that happens seldom.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::model::Lanes;
use super::Input;
use super::names::Names;

pub(super) fn generate(input: &Input<'_>) -> TokenStream {
    let Input { model, names, .. } = input;
    let tables = (0..model.edges.len()).map(Names::wire_field);
    let wires = 0..model.edges.len() as u16;
    let nodes: Vec<u16> = (0..model.nodes.len() as u16).collect();
    let fields: Vec<_> = model.nodes.iter().map(|node| &node.name).collect();
    // All others have one.
    let among = model.edges.iter().enumerate().filter(|(_, edge)| matches!(edge.lanes, Lanes::All));
    let lanes = among.map(|(index, edge)| {
        let (port, from, to) = (names.port(index), edge.from as u16, edge.to);
        quote! {
            if node == #from && port == <#port as ::happysim::__private::Port>::NAME {
                return self.__wires.counts[#to] as usize;
            }
        }
    });
    quote! {
        fn lanes(&self, node: u16, port: &str) -> usize {
            let _ = (node, port);
            #(#lanes)*
            1
        }

        fn ask<__A: ::happysim::__private::AskTable>(
            &mut self,
            wire: u16,
            question: __A,
        ) -> ::core::option::Option<__A::Answer> {
            let _ = &question;
            let scheduler = &mut self.__core.scheduler;
            let _ = &scheduler;
            match wire {
                #(#wires => ::core::option::Option::Some(
                    question.ask(&mut self.__wires.#tables, scheduler),
                ),)*
                _ => ::core::option::Option::None,
            }
        }

        fn task(
            &self,
            node: u16,
            machine: u8,
            slot: u32,
        ) -> ::core::option::Option<::happysim::__private::LiveTask<'_>> {
            match node {
                #(#nodes => ::happysim::__private::TaskStore::find(
                    &self.#fields.tasks, machine, slot,
                ),)*
                _ => ::core::option::Option::None,
            }
        }

        #[inline]
        fn glance(&self, wake: ::happysim::__private::Wake) -> usize {
            match wake.node() {
                #(#nodes => ::happysim::__private::TaskStore::glance(
                    &self.#fields.tasks, wake.machine(), wake.slot(),
                ),)*
                _ => 0,
            }
        }

        #[inline]
        fn waits(&self, wake: ::happysim::__private::Wake) -> bool {
            match wake.node() {
                #(#nodes => ::happysim::__private::TaskStore::waits(
                    &self.#fields.tasks, wake.machine(), wake.slot(), wake.epoch(),
                ),)*
                _ => false,
            }
        }
    }
}
