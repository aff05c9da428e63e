//! What the block as a whole becomes: the tasks of a node, and what starts and resumes them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::super::is_in_library;
use super::super::names;
use super::super::sent::sent;
use super::super::signature::{EntityImpl, Method, MethodKind, reply_type};
use super::super::types;
use super::{
    answers, calls_at_once, hands_on, spawn_name, spawns_name, spawns_type, unmentioned,
    with_context,
};

pub(super) fn items(entity: &EntityImpl) -> TokenStream {
    let tasks = tasks(entity);
    let spawns = spawns(entity);
    let answers = answers::items(entity);
    let identity = identity(entity);
    let handlers = entity
        .methods
        .iter()
        .enumerate()
        .filter(|(_, method)| method.kind == MethodKind::Handler)
        .map(|(number, method)| handler(entity, number, method));
    let behaviour = behaviour(entity);
    quote!(#tasks #spawns #answers #identity #(#handlers)* #behaviour)
}

fn with_tasks(entity: &EntityImpl) -> impl Iterator<Item = (usize, &Method)> {
    entity.methods.iter().enumerate().filter(|(_, method)| method.has_tasks())
}

fn tasks_name(entity: &EntityImpl) -> Ident {
    names::hidden(&format!("{}Tasks", entity.name))
}

/// The slabs of all machines.
fn tasks(entity: &EntityImpl) -> TokenStream {
    let name = tasks_name(entity);
    let (generics, arguments, conditions) = entity.generics.split_for_impl();
    let declared = entity.declared_generics();
    let fields: Vec<&Ident> = with_tasks(entity).map(|(_, method)| &method.name).collect();
    let numbers: Vec<u8> = with_tasks(entity).map(|(number, _)| number as u8).collect();
    let machines: Vec<Ident> =
        fields.iter().map(|field| names::joined(&entity.name, field)).collect();
    let slabs = quote!(#(#fields: ::happysim::__private::Slab<#machines #arguments>,)*);
    let unused = unmentioned(entity, &slabs);
    let (marker, make_marker) = if unused.is_empty() {
        (None, None)
    } else {
        (
            Some(quote!(__generics: ::core::marker::PhantomData<fn() -> (#(#unused,)*)>,)),
            Some(quote!(__generics: ::core::marker::PhantomData,)),
        )
    };
    let handlers: Vec<&Ident> = with_tasks(entity)
        .filter(|(_, method)| method.kind == MethodKind::Handler)
        .map(|(_, method)| &method.name)
        .collect();
    let labels = handlers.iter().map(ToString::to_string);
    let docs = format!(" The running tasks of a node that is an [`{}`].", entity.name);
    quote! {
        #[doc = #docs]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(missing_docs, unreachable_pub, reason = "the fields are named as the functions")]
        pub struct #name #declared #conditions { #slabs #marker }

        #[automatically_derived]
        impl #generics ::core::default::Default for #name #arguments #conditions {
            fn default() -> Self {
                Self { #(#fields: ::core::default::Default::default(),)* #make_marker }
            }
        }

        #[automatically_derived]
        impl #generics ::happysim::__private::TaskStore for #name #arguments #conditions {
            fn set_replicas(&mut self, count: usize) {
                let _ = count;
                #(self.#fields.set_replicas(count);)*
            }

            fn set_timed(&mut self, timed: bool) {
                let _ = timed;
                #(self.#fields.set_timed(timed);)*
            }

            fn reset_stats(&mut self, now: ::happysim::time::Instant) {
                let _ = now;
                #(self.#fields.reset_stats(now);)*
            }

            fn find(
                &self,
                machine: u8,
                slot: u32,
            ) -> ::core::option::Option<::happysim::__private::LiveTask<'_>> {
                let _ = slot;
                match machine {
                    #(#numbers => self.#fields.find(slot),)*
                    _ => ::core::option::Option::None,
                }
            }

            #[inline]
            fn glance(&self, machine: u8, slot: u32) -> usize {
                let _ = slot;
                match machine {
                    #(#numbers => self.#fields.glance(slot),)*
                    _ => 0,
                }
            }

            #[inline]
            fn waits(&self, machine: u8, slot: u32, epoch: u32) -> bool {
                let _ = (slot, epoch);
                match machine {
                    #(#numbers => self.#fields.waits(slot, epoch),)*
                    _ => false,
                }
            }

            fn for_each_live(&self, show: &mut impl FnMut(::happysim::__private::LiveTask<'_>)) {
                let _ = &show;
                #(self.#fields.live().for_each(&mut *show);)*
            }

            fn for_each_handler(
                &self,
                show: &mut impl FnMut(
                    &'static str,
                    &::happysim::__private::Replicas<::happysim::__private::HandlerStatistics>,
                ),
            ) {
                let _ = &show;
                #(show(#labels, self.#handlers.stats());)*
            }
        }
    }
}

/// The queue of tasks that start after the current step, in the order of the calls.
fn spawns(entity: &EntityImpl) -> TokenStream {
    let spawned: Vec<&Method> = entity.methods.iter().filter(|method| method.is_spawned).collect();
    if spawned.is_empty() {
        return TokenStream::new();
    }
    let (name, one) = (spawns_name(entity), spawn_name(entity));
    let (generics, arguments, conditions) = entity.generics.split_for_impl();
    let declared = entity.declared_generics();
    let variants = spawned.iter().map(|method| {
        let variant = format_ident!("{}", names::camel_case(&method.name.to_string()));
        let machine = names::joined(&entity.name, &method.name);
        let docs = format!(" A task of `{}`.", method.name);
        quote!(#[doc = #docs] #variant(#machine #arguments))
    });
    let docs = format!(" A task that an [`{}`] has spawned and that has not started.", entity.name);
    let queue_docs = format!(" The tasks that an [`{}`] has spawned.", entity.name);
    quote! {
        #[doc = #docs]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(private_interfaces, unreachable_pub, clippy::large_enum_variant, reason = "made for a private queue")]
        pub enum #one #declared #conditions { #(#variants),* }

        #[doc = #queue_docs]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(unreachable_pub, reason = "as visible as the entity may be")]
        pub struct #name #declared #conditions {
            queue: ::std::collections::VecDeque<#one #arguments>,
        }

        #[automatically_derived]
        impl #generics ::core::default::Default for #name #arguments #conditions {
            fn default() -> Self {
                Self { queue: ::std::collections::VecDeque::new() }
            }
        }
    }
}

fn identity(entity: &EntityImpl) -> TokenStream {
    let (generics, arguments, conditions) = entity.generics.split_for_impl();
    let (ty, tasks, spawns) = (&entity.self_ty, tasks_name(entity), spawns_type(entity));
    let answers = answers::any(entity);
    let machines = entity.methods.iter().map(|method| {
        let machine = names::joined(&entity.name, &method.name);
        quote!(<#machine #arguments as ::happysim::__private::Machine>::INFO)
    });
    let written = &entity.written_ty;
    // In a signature: bodies are not looked at where names are missing.
    let declared = quote_spanned! {entity.name.span()=>
        <#written as ::happysim::__private::HasAttribute>::Declared
    };
    let declared = if is_in_library() {
        declared
    } else {
        quote_spanned! {entity.name.span()=>
            <#declared as ::happysim::__private::ByModel<#written>>::Asked
        }
    };
    quote! {
        const _: () = {
            #[allow(dead_code, reason = "asks for `#[entity]` on the struct, in words")]
            fn has_attribute #generics (_: #declared) #conditions {}
        };

        #[automatically_derived]
        impl #generics ::happysim::__private::Entity for #ty #conditions {
            type Tasks = #tasks #arguments;
            type Spawns = #spawns;
            type Answers = #answers;
            const MACHINES: &'static [&'static ::happysim::__private::MachineInfo] =
                &[#(#machines),*];
        }
    }
}

fn name_type(method: &Method) -> TokenStream {
    let hash = names::hash(&method.name.to_string());
    quote!(::happysim::__private::Name<#hash>)
}

/// The input port of one handler.
fn handler(entity: &EntityImpl, number: usize, method: &Method) -> TokenStream {
    let Some(request) = method.parameters.first() else { return TokenStream::new() };
    let Some(reply) = reply_type(&method.output) else { return TokenStream::new() };
    let (generics, arguments, conditions) = entity.generics.split_for_impl();
    let with_context = with_context(entity);
    let (generics_with_context, _, _) = with_context.split_for_impl();
    let (ty, name, machine) =
        (&entity.self_ty, name_type(method), names::joined(&entity.name, &method.name));
    let request_type = sent(&types::without_self(&request.ty, ty), &entity.generics);
    let reply = sent(&types::without_self(reply, ty), &entity.generics);
    let (slab, label, field) = (&method.name, method.name.to_string(), &request.name);
    let index = number as u8;
    let answer = answers::of(entity, method, &quote!(answer));
    let context = names::context(&entity.name);
    let (drain, around) = (drain_call(entity), surroundings());
    let handlers =
        entity.methods.iter().filter(|method| method.kind == MethodKind::Handler).count();
    let sole = (handlers == 1 || method.is_main).then(|| {
        quote! {
            #[automatically_derived]
            impl #generics ::happysim::__private::SoleHandler for #ty #conditions {
                type Name = #name;
            }
        }
    });
    let hands_on = hands_on::ports(&method.block).into_iter().map(|port| {
        let port = names::hash(&port.to_string());
        quote! {
            #[automatically_derived]
            impl #generics
                ::happysim::__private::HandsOn<#name, ::happysim::__private::Name<#port>>
                for #ty #conditions
            {
            }
        }
    });
    let at_once = calls_at_once::port(&method.block).map(|port| {
        let port = names::hash(&port.to_string());
        quote! {
            #[automatically_derived]
            impl #generics
                ::happysim::__private::CallsAtOnce<#name, ::happysim::__private::Name<#port>>
                for #ty #conditions
            {
            }
        }
    });
    quote! {
        #(#hands_on)*
        #at_once

        #[automatically_derived]
        impl #generics ::happysim::__private::Handler<#name> for #ty #conditions {
            type Request = #request_type;
            type Reply = #reply;
            type State = #machine #arguments;
            const MACHINE: u8 = #index;
            const LABEL: &'static str = #label;

            #[inline]
            #[allow(unreachable_patterns, reason = "an entity may have one handler only")]
            fn answer(
                answers: <Self as ::happysim::__private::Entity>::Answers,
            ) -> ::core::option::Option<::happysim::__private::Answer<#reply>> {
                match answers {
                    #answer => ::core::option::Option::Some(answer),
                    _ => ::core::option::Option::None,
                }
            }
        }

        #[automatically_derived]
        impl #generics_with_context ::happysim::__private::Receive<#name, #context>
            for #ty #conditions
        {
            #[inline(always)]
            fn receive(
                node: &mut ::happysim::__private::Node<Self>,
                cx: &mut #context,
                machine: ::happysim::__private::Wake,
                envelope: ::happysim::__private::Envelope<#request_type>,
            ) -> ::happysim::__private::Started<#reply> {
                let started = node.tasks.#slab.receive(
                    || #machine::Start { #field: envelope.message },
                    machine,
                    envelope.reply_to,
                    envelope.replica,
                    #around,
                );
                #drain
                started
            }
        }
        #sole
    }
}

/// What a slab borrows of its node.
fn surroundings() -> TokenStream {
    quote! {
        ::happysim::__private::Surroundings {
            replicas: &mut node.replicas,
            spawns: &mut node.spawns,
            cx: &mut *cx,
        }
    }
}

fn drain_call(entity: &EntityImpl) -> Option<TokenStream> {
    entity.methods.iter().any(|method| method.is_spawned).then(|| {
        quote! {
            if !node.spawns.queue.is_empty() {
                Self::__start_spawned(node, cx);
            }
        }
    })
}

fn behaviour(entity: &EntityImpl) -> TokenStream {
    let (_, _, conditions) = entity.generics.split_for_impl();
    let with_context = with_context(entity);
    let (generics, _, _) = with_context.split_for_impl();
    let (ty, context) = (&entity.self_ty, names::context(&entity.name));
    let around = surroundings();
    let is_process =
        |method: &Method| matches!(method.kind, MethodKind::Process | MethodKind::Background);
    let launches =
        with_tasks(entity).filter(|(_, method)| is_process(method)).map(|(number, method)| {
            let (slab, machine) = (&method.name, names::joined(&entity.name, &method.name));
            let number = number as u8;
            quote! {
                node.tasks.#slab.launch(
                    #machine::Start {}, node.machine(#number), replica, #around,
                );
            }
        });
    // A task belongs to a machine of its node, so the last one needs no look at its number.
    let last = with_tasks(entity).map(|(number, _)| number as u8).last();
    let no_tasks = last.is_none().then(|| quote!(_ => ::core::unreachable!("there are no tasks"),));
    let resumes = with_tasks(entity).map(|(number, method)| {
        let slab = &method.name;
        let number = number as u8;
        let number = if Some(number) == last { quote!(_) } else { quote!(#number) };
        if method.kind != MethodKind::Handler || reply_type(&method.output).is_none() {
            return quote!(#number => {
                node.tasks.#slab.resume(wake, #around);
                ::core::option::Option::None
            });
        }
        let answer = answers::of(entity, method, &quote!(answer));
        quote!(#number => {
            node.tasks.#slab.resume_handler(wake, #around).map(|answer| #answer)
        })
    });
    let discards = with_tasks(entity).map(|(number, method)| {
        let (slab, number) = (&method.name, number as u8);
        quote!(#number => node.tasks.#slab.discard(task, now))
    });
    let drain = drain_call(entity);
    let drain_function = drain_function(entity);
    quote! {
        #[automatically_derived]
        impl #generics ::happysim::__private::Behave<#context> for #ty #conditions {
            fn launch(
                node: &mut ::happysim::__private::Node<Self>,
                cx: &mut #context,
                replica: u32,
            ) {
                let _ = (&node, &cx, replica);
                #(#launches)*
                #drain
            }

            #[inline(always)]
            fn resume(
                node: &mut ::happysim::__private::Node<Self>,
                cx: &mut #context,
                wake: ::happysim::__private::Wake,
            ) -> ::core::option::Option<Self::Answers> {
                let _ = (&node, &cx);
                let answer = match wake.machine() {
                    #(#resumes,)*
                    #no_tasks
                };
                #[allow(unreachable_code, reason = "an entity may have no tasks")]
                {
                    #drain
                    answer
                }
            }

            fn discard(
                node: &mut ::happysim::__private::Node<Self>,
                cx: &mut #context,
                task: ::happysim::__private::TaskId,
            ) {
                let now = ::happysim::time::Clock::now(cx);
                let _ = (&node, now);
                match task.machine {
                    #(#discards,)*
                    _ => ::core::unreachable!("a task belongs to a machine of its node"),
                }
            }
        }
        #drain_function
    }
}

fn drain_function(entity: &EntityImpl) -> Option<TokenStream> {
    drain_call(entity)?;
    let (generics, _, conditions) = entity.generics.split_for_impl();
    let (ty, context, ports) = (&entity.self_ty, names::context(&entity.name), &entity.ports);
    let (one, around) = (spawn_name(entity), surroundings());
    let arms =
        with_tasks(entity).filter(|(_, method)| method.is_spawned).map(|(number, method)| {
            let variant = format_ident!("{}", names::camel_case(&method.name.to_string()));
            let (slab, number) = (&method.name, number as u8);
            quote! {
                #one::#variant(state) => node.tasks.#slab.launch(
                    state, node.machine(#number), replica, #around,
                )
            }
        });
    Some(quote! {
        impl #generics #ty #conditions {
            /// Starts what the step has spawned, and what that spawns.
            #[doc(hidden)]
            fn __start_spawned<#context: #ports>(
                node: &mut ::happysim::__private::Node<Self>,
                cx: &mut #context,
            ) {
                while let ::core::option::Option::Some(spawned) = node.spawns.queue.pop_front() {
                    // A task that spawns itself over and over ends here, and the run with it.
                    if !::happysim::Context::core(cx).scheduler.may_spawn() {
                        return;
                    }
                    let replica = ::happysim::Context::replica(cx) as u32;
                    match spawned { #(#arms,)* }
                }
            }
        }
    })
}
