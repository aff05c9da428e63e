//! Calls that go round for ever while no time passes: entities each of which calls the next
//! before it does anything else. What a handler does first `#[entity]` has seen in it; so a circle
//! of arrows is a mistake only where rustc finds that all handlers on it are such.

use std::collections::{HashMap, HashSet, VecDeque};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::super::model::{Edge, Kind, Model, NodeModel};
use super::super::relation;
use super::Input;
use super::checks::{around, call};
use super::relays::Circles;
use crate::names::hash;

/// Longer circles are not looked at.
const LONGEST: usize = 64;

/// Components of the library that hand a request on at the instant at which it comes.
const AT_ONCE: [&str; 7] =
    ["LoadBalancer", "Client", "Timeout", "Retry", "Hedge", "CircuitBreaker", "FallbackValue"];

/// A constant for each circle, which refuses it.
pub(super) fn checks(input: &Input<'_>) -> TokenStream {
    if input.is_broken {
        return TokenStream::new();
    }
    let relays = Circles::new(input);
    let circles = circles(input.model);
    // An item cannot name the parameters of a topology.
    let asked = circles.iter().filter(|circle| {
        circle.iter().all(|&edge| input.names.asked_type(input.model.edges[edge].from).is_some())
    });
    asked.map(|circle| check(input, circle, &relays)).collect()
}

/// Circles of arrows, each node in one of them at most.
fn circles(model: &Model) -> Vec<Vec<usize>> {
    let mut out: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, edge) in model.edges.iter().enumerate() {
        if may_call_at_once(&model.nodes[edge.from]) && may_call_at_once(&model.nodes[edge.to]) {
            out.entry(edge.from).or_default().push(index);
        }
    }
    let mut covered = HashSet::new();
    let mut circles = Vec::new();
    for start in 0..model.nodes.len() {
        if covered.contains(&start) {
            continue;
        }
        if let Some(circle) = shortest(model, &out, start) {
            covered.extend(circle.iter().map(|&edge| model.edges[edge].from));
            circles.push(circle);
        }
    }
    circles
}

/// The shortest way along arrows from a node back to itself.
fn shortest(model: &Model, out: &HashMap<usize, Vec<usize>>, start: usize) -> Option<Vec<usize>> {
    let mut reached_by: HashMap<usize, usize> = HashMap::new();
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((node, length)) = queue.pop_front() {
        for &edge in out.get(&node).into_iter().flatten() {
            let to = model.edges[edge].to;
            if to == start {
                let before = |&edge: &usize| reached_by.get(&model.edges[edge].from).copied();
                let mut circle: Vec<usize> = core::iter::successors(Some(edge), before).collect();
                circle.reverse();
                return Some(circle);
            }
            if length < LONGEST && !reached_by.contains_key(&to) {
                reached_by.insert(to, edge);
                queue.push_back((to, length + 1));
            }
        }
    }
    None
}

/// Whether a node may be one that hands a request on at once: such a component, or an entity of
/// the user's own.
fn may_call_at_once(node: &NodeModel) -> bool {
    matches!(node.kind, Kind::Node | Kind::Wrapper)
        && (is_at_once(node) || (node.kind == Kind::Node && node.preset.is_none()))
}

fn is_at_once(node: &NodeModel) -> bool {
    component(node).is_some_and(|name| AT_ONCE.iter().any(|at_once| name == at_once))
}

fn component(node: &NodeModel) -> Option<Ident> {
    let Ok(syn::Type::Path(path)) = syn::parse2(node.ty.clone()) else { return None };
    path.path.segments.last().map(|last| last.ident.clone())
}

fn check(input: &Input<'_>, circle: &[usize], relays: &Circles) -> TokenStream {
    let model = input.model;
    let edges: Vec<&Edge> = circle.iter().map(|&edge| &model.edges[edge]).collect();
    let (mut parameters, mut types, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
    for (position, edge) in edges.iter().enumerate() {
        let node = &model.nodes[edge.from];
        let before = edges[(position + edges.len() - 1) % edges.len()];
        let parameter = format_ident!("__T{position}");
        bounds.push(if is_at_once(node) {
            let name = component(node).map_or(0, |name| hash(&name.to_string()));
            quote!(#parameter: ::happysim::__private::OfLibrary<#name>)
        } else {
            let relation = Ident::new("CallsAtOnce", Span::call_site());
            relation::bound(&parameter, &relation, before.handler.as_ref(), edge.port.as_ref())
        });
        types.push(input.names.asked_type(edge.from).unwrap_or(&node.ty).clone());
        parameters.push(parameter);
    }
    // The arrow that closes the circle is the last that was written.
    let closing = circle.iter().max().map(|&edge| &model.edges[edge]);
    let place = closing.map_or((Span::call_site(), Span::call_site()), |edge| around(&edge.arrow));
    let message = message(model, &edges);
    // Relays that answer nothing are told of as such.
    let told = circle.iter().max().and_then(|&closing| relays.closes(closing)).into_iter();
    let check = call(
        place,
        "refuse",
        &TokenStream::new(),
        quote!(<__Circle<(#(#types,)*)>>::NEVER_ENDS #(&& !#told)*, #message),
    );
    quote! {
        const _: () = {
            struct __Circle<__T>(::core::marker::PhantomData<__T>);
            #[allow(dead_code, reason = "where time passes on the circle")]
            trait __Otherwise {
                const NEVER_ENDS: bool = false;
            }
            impl<__T> __Otherwise for __Circle<__T> {}
            impl<#(#parameters),*> __Circle<(#(#parameters,)*)>
            where
                #(#bounds,)*
            {
                const NEVER_ENDS: bool = true;
            }
            #check
        };
    }
}

fn message(model: &Model, edges: &[&Edge]) -> String {
    let nodes = edges.iter().map(|edge| edge.from).chain(edges.first().map(|edge| edge.from));
    let names: Vec<String> = nodes.map(|node| format!("`{}`", model.nodes[node].path)).collect();
    format!(
        "calls go round for ever, and no time passes: {} each call the next before anything \
         else\nhelp: let one of them answer without that call, or take time before it",
        names.join(" -> ")
    )
}
