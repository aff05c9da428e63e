//! Names and types of generated items, decided once.

use std::collections::HashSet;

use indexmap::IndexSet;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, Lifetime};

use super::super::model::{Edge, Model};
use super::checks::around;
use super::probes::depends_on;
use super::standins::asked_types;
use crate::names::{camel_case, hash};

pub(in crate::topology) struct Names {
    pub(super) params: Ident,
    pub(super) wires: Ident,
    pub(super) context: Ident,
    markers: Vec<Ident>,
    arguments: TokenStream,
    /// Whether the topology has parameters of type: constants in types cannot depend on them, so
    /// that everything is taken to exist of which no probe knows better.
    pub(super) is_generic: bool,
    /// For each node the type that can be asked, if one can.
    asked_types: Vec<Option<TokenStream>>,
    /// For each shared object whether its type mentions no parameter of the topology.
    pub(super) plain_shared: Vec<bool>,
    /// Type of each edge's port.
    ports: Vec<TokenStream>,
    /// Type of the name of each entry's handler.
    handlers: Vec<TokenStream>,
    /// The (node, handler) pairs that arrows lead to.
    pub(super) entries: IndexSet<(usize, Option<Ident>)>,
}

impl Names {
    pub(super) fn new(name: &Ident, generics: &Generics, model: &Model) -> Self {
        let (_, type_generics, _) = generics.split_for_impl();
        // Of how the topology's own name is written only that itself is judged.
        let own = format_ident!("{}", camel_case(&name.to_string()), span = name.span());
        let mut written = HashSet::new();
        let marker = |(index, node): (usize, &super::super::model::NodeModel)| {
            let name = camel_case(&node.name.to_string());
            // `api_db` and `apiDb` are two nodes.
            let number =
                if written.insert(name.clone()) { String::new() } else { index.to_string() };
            // `Node` keeps nodes that are called `wires` or `port0` apart from what else is made.
            format_ident!("__{}Node{}{}", own, name, number, span = node.name.span())
        };
        let mut names = Self {
            params: format_ident!("{}Params", name),
            wires: format_ident!("__{}Wires", own),
            context: format_ident!("__{}Context", own),
            markers: model.nodes.iter().enumerate().map(marker).collect(),
            arguments: type_generics.to_token_stream(),
            is_generic: !generics.params.is_empty(),
            asked_types: asked_types(&format_ident!("__{}Context", own), generics, model),
            plain_shared: model
                .shared
                .iter()
                .map(|shared| !depends_on(&shared.ty.to_token_stream(), generics))
                .collect(),
            ports: Vec::new(),
            handlers: Vec::new(),
            entries: model.entries(),
        };
        if names.is_generic {
            let ports = model.edges.iter().enumerate();
            names.ports = ports.map(|(index, edge)| names.port_type(index, edge)).collect();
            let handlers = 0..names.entries.len();
            names.handlers = handlers.map(|entry| names.handler_type(entry)).collect();
        } else {
            let alias = |kind: &str, index: usize| {
                format_ident!("__{}{}{}", own, kind, index).into_token_stream()
            };
            names.ports = (0..model.edges.len()).map(|index| alias("Port", index)).collect();
            names.handlers =
                (0..names.entries.len()).map(|entry| alias("Handler", entry)).collect();
        }
        names
    }

    /// The type of a node as it can be asked: with something in place of parameters of the topology.
    pub(super) fn asked_type(&self, node: usize) -> Option<&TokenStream> {
        self.asked_types[node].as_ref()
    }

    /// The type that says whether `ask` has this constant: whether something exists.
    pub(super) fn known(&self, ask: &TokenStream, constant: &str) -> TokenStream {
        self.known_at(Span::call_site(), ask, constant)
    }

    /// The same for a type that rustc may find fault with.
    pub(super) fn known_at(&self, span: Span, ask: &TokenStream, constant: &str) -> TokenStream {
        if self.is_generic {
            return quote_spanned!(span=> ::happysim::__private::Known<true>);
        }
        let constant = Ident::new(constant, span);
        quote_spanned! {span=>
            ::happysim::__private::Known<{
                #[allow(unused_imports, reason = "only for what does not exist")]
                use ::happysim::__private::Otherwise as _;
                <::happysim::__private::Ask<#ask>>::#constant
            }>
        }
    }

    /// The marker type of a node, with generic arguments.
    pub(super) fn marker(&self, node: usize) -> TokenStream {
        let (marker, arguments) = (&self.markers[node], &self.arguments);
        quote!(#marker #arguments)
    }

    pub(super) fn marker_name(&self, node: usize) -> &Ident {
        &self.markers[node]
    }

    /// The entity of a node.
    pub(super) fn entity(&self, node: usize) -> TokenStream {
        let marker = self.marker(node);
        let span = self.markers[node].span();
        quote_spanned!(span=> <#marker as ::happysim::__private::NodeSpec>::Entity)
    }

    /// What the port of an edge is, wherever that is looked up.
    pub(super) fn port_type(&self, index: usize, edge: &Edge) -> TokenStream {
        let entity = self.entity(edge.from);
        let number = index as u16;
        match &edge.port {
            None => {
                let known = match self.probed_port(index, edge) {
                    Some(probed) => probed.into_token_stream(),
                    None => self.known(&entity, "HAS_SOLE_PORT"),
                };
                quote_spanned! {edge.from_span=>
                    <#known as ::happysim::__private::SolePortOf<#entity, #number>>::Port
                }
            }
            Some(port) => {
                let hash = hash(&port.to_string());
                let name = quote!(::happysim::__private::Name<#hash>);
                let known = match self.probed_port(index, edge) {
                    Some(probed) => probed.into_token_stream(),
                    None => self.known(&quote!((#entity, #name)), "HAS_PORT"),
                };
                quote_spanned! {port.span()=>
                    <#known as ::happysim::__private::PortOf<#entity, #hash, #number>>::Port
                }
            }
        }
    }

    /// The type that knows the parameters of the topology.
    pub(super) fn defaults(&self) -> Ident {
        format_ident!("{}Defaults", self.context)
    }

    /// The port type of an edge.
    pub(super) fn port(&self, edge: usize) -> &TokenStream {
        &self.ports[edge]
    }

    /// The name of the handler that an entry leads to, as a type.
    pub(super) fn handler(&self, entry: usize) -> &TokenStream {
        &self.handlers[entry]
    }

    /// What the name of that handler is, wherever that is looked up.
    pub(super) fn handler_type(&self, entry: usize) -> TokenStream {
        let (node, handler) = &self.entries[entry];
        let entity = self.entity(*node);
        match handler {
            Some(handler) => {
                let hash = hash(&handler.to_string());
                let name = quote!(::happysim::__private::Name<#hash>);
                let known = match self.probed_handler(entry) {
                    Some(probed) => probed.into_token_stream(),
                    None => self.known(&quote!((#entity, #name)), "HAS_HANDLER"),
                };
                quote_spanned! {handler.span()=>
                    <#known as ::happysim::__private::HandlerOf<#name>>::Name
                }
            }
            None => {
                let known = match self.probed_handler(entry) {
                    Some(probed) => probed.into_token_stream(),
                    None => self.known(&entity, "HAS_SOLE_HANDLER"),
                };
                quote_spanned! {self.markers[*node].span()=>
                    <#known as ::happysim::__private::SoleHandlerOf<#entity>>::Name
                }
            }
        }
    }

    /// The entry of an edge.
    pub(super) fn entry_of(&self, edge: &Edge) -> usize {
        let entry = (edge.to, edge.handler.clone());
        self.entries.get_index_of(&entry).expect("entries are made of edges")
    }

    /// The type that stands for an entry in front of which a relay may stand.
    pub(super) fn entry_name(&self, entry: usize) -> Ident {
        format_ident!("{}Entry{}", self.context, entry)
    }

    /// What an edge leads to, as a type that is resolved only when it is asked.
    pub(super) fn target(&self, edge: &Edge) -> TokenStream {
        let marker = self.marker(edge.to);
        if !self.is_generic {
            let entry = self.entry_name(self.entry_of(edge));
            return quote!(::happysim::__private::TargetOf<#entry>);
        }
        let target = match &edge.handler {
            None => quote!(::happysim::__private::SoleEntry<#marker>),
            Some(handler) => {
                let hash = hash(&handler.to_string());
                quote!(::happysim::__private::Entry<#marker, ::happysim::__private::Name<#hash>>)
            }
        };
        match self.probed_handler(self.entry_of(edge)) {
            None => target,
            Some(probed) => quote! {
                <#probed as ::happysim::__private::Choose<
                    #target,
                    ::happysim::__private::Entry<#marker, ::happysim::__private::NoHandler>,
                >>::Type
            },
        }
    }

    /// The generics with a lifetime in front and a node parameter behind, for the context.
    pub(super) fn context_generics(generics: &Generics) -> Generics {
        let mut extended = generics.clone();
        // Behind a parameter with a default no other may stand.
        for parameter in &mut extended.params {
            match parameter {
                GenericParam::Type(parameter) => parameter.default = None,
                GenericParam::Const(parameter) => parameter.default = None,
                GenericParam::Lifetime(_) => {}
            }
        }
        let lifetime = Lifetime::new("'__a", Span::call_site());
        extended.params.insert(0, syn::parse_quote!(#lifetime));
        extended.params.push(syn::parse_quote!(__N));
        extended
    }

    /// The function that hands over a request as what the handler receives; where they differ, the
    /// check of the arrow says so.
    pub(super) fn pass_request(&self, index: usize, edge: &Edge) -> TokenStream {
        self.pass(edge, self.requests(index, edge), &self.request_fits(index), &self.request(index))
    }

    /// The same for a reply, as what the port expects.
    pub(super) fn pass_reply(&self, index: usize, edge: &Edge) -> TokenStream {
        self.pass(edge, self.replies(index, edge), &self.reply_fits(index), &self.reply(index))
    }

    fn pass(
        &self,
        edge: &Edge,
        (given, expected): (TokenStream, TokenStream),
        fits: &TokenStream,
        own: &Ident,
    ) -> TokenStream {
        if !self.is_generic {
            return quote_spanned! {edge.arrow.span()=>
                <#fits as ::happysim::__private::Pass<#given, #expected>>::pass
            };
        }
        let (first, last) = around(&edge.arrow);
        let given_type = quote_spanned!(first=> ::happysim::__private::Carried);
        let given = quote_spanned!(last=> <#given>);
        // As long as a type is inferred rustc does not suggest the trait as a bound.
        quote!(<#given_type #given as #own<#expected, #fits, _>>::pass)
    }

    /// The trait of an arrow in a topology with parameters, by which requests are handed over.
    pub(super) fn request(&self, index: usize) -> Ident {
        format_ident!("{}Request{}", self.context, index)
    }

    /// The same for replies.
    pub(super) fn reply(&self, index: usize) -> Ident {
        format_ident!("{}Reply{}", self.context, index)
    }

    /// What is sent over an edge, and what is received.
    pub(super) fn requests(&self, index: usize, edge: &Edge) -> (TokenStream, TokenStream) {
        let (port, entity) = (self.port(index), self.entity(edge.to));
        let handler = self.handler(self.entry_of(edge));
        (
            quote!(<#port as ::happysim::__private::Port>::Message),
            quote!(<#entity as ::happysim::__private::Handler<#handler>>::Request),
        )
    }

    /// What is answered, and what is waited for.
    pub(super) fn replies(&self, index: usize, edge: &Edge) -> (TokenStream, TokenStream) {
        let (port, entity) = (self.port(index), self.entity(edge.to));
        let handler = self.handler(self.entry_of(edge));
        (
            quote!(<#entity as ::happysim::__private::Handler<#handler>>::Reply),
            quote!(<#port as ::happysim::__private::Port>::Reply),
        )
    }

    /// The type that says whether both sides of an edge have one type of request.
    pub(super) fn request_fits(&self, index: usize) -> TokenStream {
        self.fits("Requests", index)
    }

    /// The type that says whether both sides of an edge have one type of reply.
    pub(super) fn reply_fits(&self, index: usize) -> TokenStream {
        self.fits("Replies", index)
    }

    fn fits(&self, kind: &str, index: usize) -> TokenStream {
        if self.is_generic {
            return self.all_known().into_token_stream();
        }
        format_ident!("{}{kind}{index}", self.context).into_token_stream()
    }

    /// The context in which the handlers of a node run.
    pub(super) fn running_context(&self, generics: &Generics, node: usize) -> TokenStream {
        if self.is_generic {
            let context = self.context_of(generics, node);
            return match self.probed_wires(node) {
                None => context,
                Some(wired) => {
                    quote!(<#wired as ::happysim::__private::ContextOf<'_, #context>>::Context)
                }
            };
        }
        let alias = self.running_name(node);
        quote!(#alias<'_>)
    }

    /// The name of a node's [`Self::running_context`].
    pub(super) fn running_name(&self, node: usize) -> Ident {
        format_ident!("{}Of{}", self.context, node)
    }

    /// The type that each wire's context is implemented for.
    pub(super) fn context_of(&self, generics: &Generics, node: usize) -> TokenStream {
        self.context_for(&Lifetime::new("'_", Span::call_site()), generics, node)
    }

    /// The same for this lifetime.
    pub(super) fn context_for(
        &self,
        lifetime: &Lifetime,
        generics: &Generics,
        node: usize,
    ) -> TokenStream {
        let context = &self.context;
        let arguments = arguments(generics);
        let marker = self.marker(node);
        quote!(#context<#lifetime, #(#arguments,)* #marker>)
    }

    pub(super) fn wire_field(edge: usize) -> Ident {
        format_ident!("wire_{}", edge)
    }

    /// The function that resumes a task of a node.
    pub(super) fn wake(node: usize) -> Ident {
        format_ident!("__wake_{}", node)
    }

    /// The function that starts a task of an entry.
    pub(super) fn deliver(entry: usize) -> Ident {
        format_ident!("__deliver_{}", entry)
    }

    /// The function that sends a node's answers.
    pub(super) fn answer(node: usize) -> Ident {
        format_ident!("__answer_{}", node)
    }

    /// The function that sends the answer of an entry's handler.
    pub(super) fn answer_entry(entry: usize) -> Ident {
        format_ident!("__answer_entry_{}", entry)
    }

    /// The list of a node's replicas while the topology is built.
    pub(super) fn local(node: &Ident) -> Ident {
        format_ident!("__replicas_of_{}", node)
    }

    pub(super) fn mailbox_field(entry: usize) -> Ident {
        format_ident!("mailbox_{}", entry)
    }
}

/// The generic parameters as arguments.
pub(super) fn arguments(generics: &Generics) -> Vec<TokenStream> {
    generics
        .params
        .iter()
        .map(|parameter| match parameter {
            syn::GenericParam::Type(parameter) => parameter.ident.to_token_stream(),
            syn::GenericParam::Const(parameter) => parameter.ident.to_token_stream(),
            syn::GenericParam::Lifetime(parameter) => parameter.lifetime.to_token_stream(),
        })
        .collect()
}

/// A tuple that mentions all type parameters, for phantom data.
pub(super) fn phantom(generics: &Generics) -> TokenStream {
    let types = generics.type_params().map(|parameter| &parameter.ident);
    quote!(::core::marker::PhantomData<fn() -> (#(#types,)*)>)
}
