//! Handling events: which node, which machine, where the answer goes.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::super::statistics::{self, Recorded};
use super::Input;
use super::names::Names;

pub(super) fn generate(input: &Input<'_>) -> TokenStream {
    let launch = launch(input);
    let dispatch = dispatch(input);
    let answers = (0..input.model.nodes.len()).map(|node| answer(input, node));
    let cancel = cancel(input);
    let visit = visit(input);
    quote!(#launch #dispatch #(#answers)* #cancel #visit)
}

/// An expression for the context of a node.
fn context(input: &Input<'_>, node: usize) -> TokenStream {
    let context = input.names.running_context(input.generics, node);
    quote!(<#context>::new(&mut self.__core, &mut self.__wires))
}

fn launch(input: &Input<'_>) -> TokenStream {
    let launches = input.model.nodes.iter().enumerate().map(|(index, node)| {
        let (field, cx) = (&node.name, context(input, index));
        // Only what rustc may find fault with stands at the user's name.
        let launch = quote_spanned! {node.name.span()=>
            ::happysim::__private::Behave::launch(&mut self.#field, &mut cx, replica);
        };
        quote! {
            for replica in 0..self.#field.replicas.len() as u32 {
                let mut cx = #cx;
                #launch
            }
        }
    });
    quote! {
        fn __launch(&mut self) {
            #(#launches)*
        }
    }
}

/// The arms of a `match` over these numbers: there are no others, so the last takes the rest.
fn arms(mut numbered: Vec<(usize, TokenStream)>) -> TokenStream {
    let rest = numbered.pop().map_or_else(|| quote!({}), |(_, rest)| rest);
    let arms = numbered.into_iter().map(|(number, arm)| {
        let number = number as u16;
        quote!(#number => #arm,)
    });
    quote!(#(#arms)* _ => #rest)
}

/// How many handlers and nodes a small topology has at most.
const FEW: usize = 8;

/// What is done at the events of a small topology is one piece with the loop over them. Of a larger
/// one rustc would make a piece too large to keep its registers.
fn inline(input: &Input<'_>) -> TokenStream {
    let functions = input.model.nodes.len() + input.names.entries.len();
    if functions <= FEW { quote!(#[inline(always)]) } else { quote!(#[inline(never)]) }
}

fn dispatch(input: &Input<'_>) -> TokenStream {
    let inline = inline(input);
    let wakes = input.model.nodes.iter().enumerate().map(|(index, node)| {
        let (field, cx) = (&node.name, context(input, index));
        let answer = Names::answer(index);
        let resume = quote_spanned! {node.name.span()=>
            ::happysim::__private::Behave::resume(&mut self.#field, &mut cx, wake)
        };
        let name = Names::wake(index);
        let number = index as u16;
        let arm = quote!(#number => self.#name(token.wake()),);
        let function = quote! {
            #inline
            fn #name(&mut self, wake: ::happysim::__private::Wake) {
                let mut cx = #cx;
                if let ::core::option::Option::Some(answers) = #resume {
                    self.#answer(wake.machine(), answers);
                }
            }
        };
        (arm, function)
    });
    let (wakes, wake_functions): (Vec<_>, Vec<_>) = wakes.unzip();
    let deliveries = input.names.entries.iter().enumerate().map(|(entry, (node, _))| {
        let (field, cx) = (&input.model.nodes[*node].name, context(input, *node));
        let answer = Names::answer_entry(entry);
        let (mailbox, handler) = (Names::mailbox_field(entry), input.names.handler(entry));
        let (entity, index) = (input.names.entity(*node), *node as u16);
        let receive = quote_spanned! {input.model.nodes[*node].name.span()=>
            <#entity as ::happysim::__private::Receive<#handler, _>>::receive(
                &mut self.#field, &mut cx, machine, envelope,
            )
        };
        let name = Names::deliver(entry);
        let number = input.mailbox_number(entry);
        let arm = quote!(#number => self.#name(token.reply_to()),);
        let function = quote! {
            #inline
            fn #name(&mut self, reply_to: ::happysim::__private::ReplyTo) {
                let envelope = self.__wires.#mailbox.pop(reply_to);
                if reply_to.is_cancellable() && !self.__is_wanted(reply_to) {
                    return;
                }
                let machine = ::happysim::__private::Wake::of(
                    #index, <#entity as ::happysim::__private::Handler<#handler>>::MACHINE,
                );
                let mut cx = #cx;
                let started = #receive;
                if let ::core::option::Option::Some(answer) = started.answer {
                    self.#answer(answer);
                } else if started.wake.is_cancellable() {
                    self.__note_callee(started.wake);
                }
            }
        };
        (arm, function)
    });
    let (deliveries, deliver_functions): (Vec<_>, Vec<_>) = deliveries.unzip();
    quote! {
        #(#wake_functions)*
        #(#deliver_functions)*

        #[inline]
        fn __dispatch(&mut self, token: ::happysim::__private::Token) {
            match token.place() {
                #(#wakes)*
                #(#deliveries)*
                _ => self.__core.handle(token),
            }
        }
    }
}

/// Sends the answer of a node's handler that has come to its end back over its wire.
fn answer(input: &Input<'_>, node: usize) -> TokenStream {
    let Input { names, .. } = input;
    let entity = names.entity(node);
    let entries: Vec<usize> =
        (0..names.entries.len()).filter(|&entry| names.entries[entry].0 == node).collect();
    let each = entries.iter().map(|&entry| answer_of_entry(input, entry));
    let name = Names::answer(node);
    // The machine tells which handler it is, where there are several.
    let handlers = entries.iter().map(|&entry| {
        let (handler, answer) = (names.handler(entry), Names::answer_entry(entry));
        let send = quote! {
            if let ::core::option::Option::Some(answer) =
                <#entity as ::happysim::__private::Handler<#handler>>::answer(answers)
            {
                self.#answer(answer);
            }
        };
        if Some(&entry) == entries.last() {
            return send;
        }
        quote! {
            if machine == <#entity as ::happysim::__private::Handler<#handler>>::MACHINE {
                #send
                return;
            }
        }
    });
    quote! {
        #(#each)*

        #[inline]
        #[allow(unused_variables, reason = "a node that nobody calls never answers")]
        fn #name(
            &mut self,
            machine: u8,
            answers: <#entity as ::happysim::__private::Entity>::Answers,
        ) {
            #(#handlers)*
        }
    }
}

fn answer_of_entry(input: &Input<'_>, entry: usize) -> TokenStream {
    let Input { model, names, .. } = input;
    let (entity, handler) = (names.entity(names.entries[entry].0), names.handler(entry));
    let name = Names::answer_entry(entry);
    let wires = model.edges.iter().enumerate().filter(|(_, edge)| names.entry_of(edge) == entry);
    let wires = wires.map(|(index, edge)| {
        let (table, pass) = (Names::wire_field(index), names.pass_reply(index, edge));
        let arm = quote! {{
            let outcome = outcome.map(|reply| #pass(reply));
            self.__wires.#table.answer(
                &mut self.__core.scheduler, reply_to, sent_at, outcome,
            );
        }};
        (index, arm)
    });
    // A handler is started over one of these wires only.
    let wires = arms(wires.collect());
    quote! {
        #[inline]
        fn #name(
            &mut self,
            answer: ::happysim::__private::Answer<
                <#entity as ::happysim::__private::Handler<#handler>>::Reply
            >,
        ) {
            let ::happysim::__private::Answer { reply_to, sent_at, outcome } = answer;
            if ::happysim::__private::is_lost(&outcome) {
                return;
            }
            match reply_to.wire() {
                #wires
            }
        }
    }
}

fn cancel(input: &Input<'_>) -> TokenStream {
    let Input { model, .. } = input;
    let tables: Vec<_> = (0..model.edges.len()).map(Names::wire_field).collect();
    let numbers: Vec<u16> = (0..model.edges.len() as u16).collect();
    let discards = model.nodes.iter().enumerate().map(|(index, node)| {
        let (field, cx, number) = (&node.name, context(input, index), index as u16);
        let discard = quote_spanned! {node.name.span()=>
            ::happysim::__private::Behave::discard(&mut self.#field, &mut cx, task)
        };
        quote! {
            #number => {
                let mut cx = #cx;
                #discard;
            }
        }
    });
    quote! {
        fn __give_up(
            &mut self,
            wire: u16,
            key: ::happysim::__private::CallKey,
            cancel: bool,
        ) -> bool {
            let now = ::happysim::Clock::now(&self.__core.scheduler);
            let callee: ::core::option::Option<::happysim::__private::TaskId> = match wire {
                #(#numbers => self.__wires.#tables.give_up(now, key, cancel),)*
                _ => ::core::option::Option::None,
            };
            let ::core::option::Option::Some(task) = callee else { return false };
            match task.node {
                #(#discards)*
                _ => {}
            }
            true
        }

        fn __is_wanted(&mut self, reply_to: ::happysim::__private::ReplyTo) -> bool {
            let ::core::option::Option::Some(key) = reply_to.key() else { return true };
            match reply_to.wire() {
                #(#numbers => self.__wires.#tables.is_wanted(key),)*
                _ => true,
            }
        }

        /// Whoever cancels the call of the task that `wake` has started finds it.
        #[inline(never)]
        fn __note_callee(&mut self, wake: ::happysim::__private::Wake) {
            let ::core::option::Option::Some(task) = ::happysim::__private::Topology::task(
                self, wake.node(), wake.machine(), wake.slot(),
            ) else { return };
            let reply_to = task.reply_to;
            let ::core::option::Option::Some(key) = reply_to.key() else { return };
            match reply_to.wire() {
                #(#numbers => self.__wires.#tables.set_callee(key, wake.tenant()),)*
                _ => {}
            }
        }
    }
}

fn visit(input: &Input<'_>) -> TokenStream {
    let Input { model, names, .. } = input;
    let visits = model.nodes.iter().enumerate().map(|(index, node)| {
        let (path, field) = (&node.path, &node.name);
        let wires = model.edges.iter().enumerate().filter(|(_, edge)| edge.from == index);
        let wires = wires.map(|(edge, _)| {
            let (port, table) = (names.port(edge), Names::wire_field(edge));
            quote!((<#port as ::happysim::__private::Port>::NAME, &self.__wires.#table.stats))
        });
        quote!(visitor.node(#path, &self.#field, &[#(#wires),*]);)
    });
    // The calls of a node that answers others are timed at their callees; reports show the
    // caller's side of sources only.
    let answering = model.edges.iter().map(|edge| {
        let entity = names.entity(edge.from);
        quote!(::happysim::__private::answers::<#entity>())
    });
    let fields: Vec<_> = model.nodes.iter().map(|node| &node.name).collect();
    let tables: Vec<_> = (0..model.edges.len()).map(Names::wire_field).collect();
    let nodes: Vec<_> = (0..fields.len()).map(|node| statistics::of_node(model, node)).collect();
    let timed: Vec<TokenStream> = nodes.iter().copied().map(is_timed).collect();
    let callers = model.edges.iter().map(|edge| &timed[edge.from]);
    let of_nodes = model.nodes.iter().zip(&nodes).map(|(node, said)| (node.path.clone(), *said));
    let of_shared =
        model.shared.iter().map(|it| (it.name.to_string(), statistics::of(&it.attributes)));
    let stations =
        of_nodes.chain(of_shared).filter(|(_, said)| said.is_some()).map(|(path, said)| {
            let timed = is_timed(said);
            quote!(self.__core.set_timed_of(#path, #timed);)
        });
    quote! {
        fn __visit(&self, visitor: &mut impl ::happysim::__private::Visitor) {
            #(#visits)*
        }

        fn __reset_stats(&mut self) {
            let now = ::happysim::Clock::now(&self.__core.scheduler);
            self.__core.reset_stats();
            #(self.#fields.reset_stats(now);)*
            #(self.__wires.#tables.stats.reset(now);)*
        }

        fn __set_timed(&mut self, timed: bool) {
            self.__core.set_timed(timed);
            #(#stations)*
            #(::happysim::__private::TaskStore::set_timed(&mut self.#fields.tasks, #timed);)*
            #(self.__wires.#tables.stats.set_timed(#callers && !#answering);)*
        }
    }
}

/// Whether times and levels are recorded: as everywhere, unless a statement says something else.
fn is_timed(said: Option<Recorded>) -> TokenStream {
    match said {
        None => quote!(timed),
        Some(Recorded::Full) => quote!(true),
        Some(Recorded::Counts) => quote!(false),
    }
}
