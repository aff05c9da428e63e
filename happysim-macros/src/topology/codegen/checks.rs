//! What only the entities can tell: whether the names in a topology exist, whether all ports are
//! wired, whether the two sides of an arrow fit together. Each check is a constant of its own, so
//! that all are evaluated, at the place that it is about.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::super::model::{Doubtful, Edge, Kind, Model, NodeModel};
use super::super::structure::{doubts, ends_of_relays};
use super::types::wired;
use super::{Input, shared};

pub(super) fn items(input: &Input<'_>) -> TokenStream {
    let nodes = (0..input.model.nodes.len()).filter_map(|node| node_checks(input, node));
    let (ends, doubts) = (ends_of_relays(input.model), doubts(input.model));
    let edges = input.model.edges.iter().enumerate().map(|(index, edge)| {
        let (names, end) = (arrow_names(input, index, edge), ends[edge.to]);
        let types = if input.names.is_generic {
            arrow_traits(input, index, edge, end)
        } else if doubts[edge.to] {
            TokenStream::new()
        } else {
            arrow_types(input, index, edge, end)
        };
        quote!(#names #types)
    });
    let twice = input.model.doubtful.iter().filter_map(|doubtful| wired_twice(input, doubtful));
    let shared = shared::checks(input);
    quote!(#(#nodes)* #(#edges)* #(#twice)* #shared)
}

/// A constant that calls a check.
pub(super) fn check(
    place: (Span, Span),
    name: &str,
    types: &TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let call = call(place, name, types, arguments);
    quote!(const _: () = #call;)
}

/// A call of a check, which rustc underlines from the first to the last of `place`.
pub(super) fn call(
    (first, last): (Span, Span),
    name: &str,
    types: &TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let name = Ident::new(name, first);
    let types = (!types.is_empty()).then(|| quote_spanned!(first=> ::<#types>));
    let path = quote_spanned!(first=> ::happysim::__private::#name #types);
    let mut call = Group::new(Delimiter::Parenthesis, arguments);
    call.set_span(last);
    let call = TokenTree::Group(call);
    quote!(#path #call)
}

pub(super) fn at(span: Span) -> (Span, Span) {
    (span, span)
}

/// The first and the last token.
pub(super) fn around(tokens: &TokenStream) -> (Span, Span) {
    let spans: Vec<Span> = tokens.clone().into_iter().map(|tree| tree.span()).collect();
    match spans[..] {
        [] => at(Span::call_site()),
        [only] => at(only),
        [first, .., last] => (first, last),
    }
}

fn node_checks(input: &Input<'_>, index: usize) -> Option<TokenStream> {
    let (node, entity) = (&input.model.nodes[index], input.names.asked_entity(index)?);
    let (path, ty) = (&node.path, &node.ty);
    let text = ty.to_string().replace(' ', "");
    // A probe may be none where the node is one.
    let exists = (!input.names.is_generic)
        .then(|| check(around(ty), "check_entity", &entity, quote!(#text)));
    let wired = wired(input, index);
    let is_isolated = input.model.is_isolated(index);
    // What an arrow with a mistake was meant for is not known.
    let is_wired = (!input.is_broken).then(|| {
        check(at(node.name.span()), "check_wired", &entity, quote!(#path, #is_isolated, &#wired))
    });
    let is_idle = (!input.is_broken && node.kind == Kind::Node && is_isolated)
        .then(|| check(at(node.name.span()), "check_idle", &entity, quote!(#path)));
    let short = &node.short_names;
    let further = quote!({
        #[allow(unused_imports, reason = "only for builders that say nothing")]
        use ::happysim::__private::NoFurther as _;
        <<#entity as ::happysim::__private::EntityParts>::Parameters>::FURTHER
    });
    let parameters = node.fields.iter().map(|(field, _)| {
        let name = field.to_string();
        let arguments = quote!(#path, #name, #further, &[#(#short),*]);
        check(at(field.span()), "check_parameter", &entity, arguments)
    });
    let given = node.fields.iter().map(|(field, _)| field.to_string());
    let (place, brackets) = match node.kind {
        Kind::Wrapper if !node.short_names.is_empty() => (at(node.name.span()), " in parentheses"),
        _ => (around(ty), " in braces"),
    };
    // A value with a mistake may be the one that is missing; a preset knows what it leaves open.
    let given = (!input.is_broken && node.preset.is_none()).then(|| {
        check(place, "check_given", &entity, quote!(#path, &[#(#given),*], #further, #brackets))
    });
    Some(quote!(#exists #is_wired #is_idle #(#parameters)* #given))
}

fn arrow_names(input: &Input<'_>, index: usize, edge: &Edge) -> TokenStream {
    let names = &input.names;
    let (from, to) = (&input.model.nodes[edge.from].path, &input.model.nodes[edge.to].path);
    let port = names.asked_entity(edge.from).map(|entity| {
        let port = names.asked_port(index);
        let types = quote!(#entity, #port);
        match &edge.port {
            None => check(at(edge.from_span), "check_sole_port", &types, quote!(#from)),
            Some(port) => {
                let name = port.to_string();
                check(at(port.span()), "check_port", &types, quote!(#from, #name))
            }
        }
    });
    let handler = names.asked_entity(edge.to).map(|entity| {
        let handler = names.asked_handler(names.entry_of(edge));
        let types = quote!(#entity, #handler);
        match &edge.handler {
            None => check(at(edge.to_span), "check_sole_handler", &types, quote!(#to)),
            Some(handler) => {
                let name = handler.to_string();
                check(at(handler.span()), "check_handler", &types, quote!(#to, #name))
            }
        }
    });
    quote!(#port #handler)
}

/// Two arrows, one of which names no port: either they are one port's, or the entity has several.
fn wired_twice(input: &Input<'_>, doubtful: &Doubtful) -> Option<TokenStream> {
    let Doubtful { node, later, earlier, later_is_sole } = doubtful;
    let (entity, path) = (input.names.asked_entity(*node)?, &input.model.nodes[*node].path);
    let several = quote!(<#entity as ::happysim::__private::EntityParts>::PORTS.len() > 1);
    let tell = |(place, message): &(TokenStream, String)| {
        check(around(place), "refuse", &TokenStream::new(), quote!(!(#several), #message))
    };
    let which = later_is_sole
        .then(|| check(around(&later.0), "check_several_ports", &entity, quote!(#path)));
    let (later, earlier) = (tell(later), tell(earlier));
    Some(quote!(#which #later #earlier))
}

/// What is said where the types of requests and of replies differ: message and label. `end` is the
/// node that the arrow leads to, behind relays.
fn words(model: &Model, edge: &Edge, end: usize) -> [(String, &'static str); 2] {
    let from = &edge.from_text;
    let to = if end == edge.to {
        format!("`{}`", edge.to_text)
    } else {
        format!("`{}` behind `{}`", model.nodes[end].path, edge.to_text)
    };
    let source = &model.nodes[edge.from];
    let emits = if is_silent(source) {
        format!("\nhelp: say what it sends: `source {}: ... emits {{Expected}};`", source.path)
    } else {
        String::new()
    };
    let [takes, answers] = types_to_write(&model.nodes[end]);
    [
        (
            format!(
                "`{from}` sends a `{{Self}}`, but {to} receives a `{{Expected}}`{emits}{takes}"
            ),
            "what is sent is not what is received",
        ),
        (
            format!(
                "{to} answers with a `{{Self}}`, but `{from}` waits for a `{{Expected}}`{answers}"
            ),
            "what is answered is not what is waited for",
        ),
    ]
}

/// What to write where a component of the library stands without its types, which are `()` then: of
/// requests and of replies.
fn types_to_write(node: &NodeModel) -> [String; 2] {
    let written = node.ty.to_string().replace(' ', "");
    let name = written.rsplit("::").next().unwrap_or_default();
    let help = |what: &str, ty: String| {
        format!("\nhelp: of the library's `{name}` say what it {what}: `{ty}`")
    };
    match name {
        "Database" | "Server" => [
            help("takes", format!("{name}<{{Self}}, ..>")),
            help("answers with", format!("{name}<.., {{Expected}}>")),
        ],
        "Sink" | "DeadLetterQueue" => [help("takes", format!("{name}<{{Self}}>")), String::new()],
        _ => [String::new(), String::new()],
    }
}

/// Whether a node is a source that does not say what it sends.
fn is_silent(node: &NodeModel) -> bool {
    let ty = node.ty.to_string().replace(' ', "");
    node.kind == Kind::Source && ty.ends_with("Emits<()>")
}

/// The traits of an arrow whose types may be parameters: the code that hands over requests and
/// replies needs them, and so they are checked there.
fn arrow_traits(input: &Input<'_>, index: usize, edge: &Edge, end: usize) -> TokenStream {
    let traits = [input.names.request(index), input.names.reply(index)];
    let traits =
        traits.iter().zip(words(input.model, edge, end)).map(|(name, (message, label))| {
            quote! {
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                #[allow(dead_code, reason = "a topology with mistakes hands nothing over")]
                trait #name<Expected, Known, Inferred> {
                    fn pass(self) -> Expected;
                }
                #[diagnostic::do_not_recommend]
                impl<T> #name<T, ::happysim::__private::Known<true>, ()> for T {
                    #[inline]
                    fn pass(self) -> T {
                        self
                    }
                }
                // A name that is not known is told of, and nothing else.
                #[diagnostic::do_not_recommend]
                impl<T, U> #name<U, ::happysim::__private::Known<false>, ()> for T {
                    fn pass(self) -> U {
                        ::core::unreachable!("a topology whose names are not known is not compiled")
                    }
                }
            }
        });
    quote!(#(#traits)*)
}

/// What is sent must be what is received, and what is answered what is waited for. The traits are
/// declared at the arrow, so that their words have the names on its sides.
fn arrow_types(input: &Input<'_>, index: usize, edge: &Edge, end: usize) -> TokenStream {
    let names = &input.names;
    let (from, to) = (&edge.from_text, &edge.to_text);
    let (port, caller) = (names.port(index), names.entity(edge.from));
    let (first, last) = around(&edge.arrow);
    // A path from an identifier at the `-` to a bracket at the `>` is underlined as `->`.
    let (sent, replied) = (Ident::new("Sent", first), Ident::new("Replied", first));
    let no_arguments = quote_spanned!(last=> <>);
    let reply_fits = names.reply_fits(index);
    let types = quote!(#caller, #port, #reply_fits);
    let one_way = check((first, last), "check_one_way", &types, quote!(#from, #to));
    let [(request_message, request_label), (reply_message, reply_label)] =
        words(input.model, edge, end);
    let (request, received) = names.requests(index, edge);
    let (reply, expected) = names.replies(index, edge);
    let are_known = [&request, &received, &reply, &expected].map(
        |ty| quote!(!<::happysim::__private::Ask<(#ty, ::happysim::__private::Unknown)>>::ARE_SAME),
    );
    let [request, received, reply, expected] = [request, received, reply, expected]
        .map(|ty| quote!(<Compared as ::happysim::__private::Choose<#ty, ()>>::Type));
    quote! {
        #one_way
        const _: () = {
            // Not where something is missing, or where the check before tells of it.
            type Compared = ::happysim::__private::Known<{
                #[allow(unused_imports, reason = "only for what does not exist")]
                use ::happysim::__private::Otherwise as _;
                !::happysim::__private::is_one_way_to_answer::<#types>() #(&& #are_known)*
            }>;

            type Sent = #request;
            #[diagnostic::on_unimplemented(message = #request_message, label = #request_label)]
            trait SameAs<Expected> {
                const YES: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<T> SameAs<T> for T {}
            <#sent #no_arguments as SameAs<#received>>::YES;

            type Replied = #reply;
            #[diagnostic::on_unimplemented(message = #reply_message, label = #reply_label)]
            trait Answers<Expected> {
                const YES: () = ();
            }
            #[diagnostic::do_not_recommend]
            impl<T> Answers<T> for T {}
            <#replied #no_arguments as Answers<#expected>>::YES
        };
    }
}
