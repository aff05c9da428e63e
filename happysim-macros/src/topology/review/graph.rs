//! A topology as the lints see it.

use syn::Expr;

use super::super::model::{Count, Edge, Kind, Lanes, Model, NodeModel};
use super::component::Component;
use super::figure;

/// More nodes on one way are not looked at, nor more ways from one node.
const LONGEST_WAY: usize = 64;
const MOST_WAYS: usize = 64;

pub(super) struct Graph<'a> {
    pub(super) model: &'a Model,
    components: Vec<Component>,
    /// The arrows out of each node and into it.
    out: Vec<Vec<usize>>,
    into: Vec<Vec<usize>>,
}

/// What a parameter was given.
pub(super) enum Given<'a> {
    /// Nothing: it has its default.
    Default,
    /// `None`.
    None,
    /// Something in which only literals and words of the language stand.
    Value(&'a Expr),
    /// Something that depends on a parameter of the topology.
    Unknown,
}

impl<'a> Graph<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let mut out = vec![Vec::new(); model.nodes.len()];
        let mut into = out.clone();
        let components = model.nodes.iter().map(Component::of).collect::<Vec<_>>();
        for (index, edge) in model.edges.iter().enumerate() {
            out[edge.from].push(index);
            // A balancer is told of its backends over an entrance of its own.
            let is_mark = edge.handler.as_ref().is_some_and(|handler| handler == "mark");
            if !(is_mark && components[edge.to] == Component::Balancer) {
                into[edge.to].push(index);
            }
        }
        Self { model, components, out, into }
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = (usize, Component)> {
        self.components.iter().copied().enumerate()
    }

    pub(super) fn node(&self, node: usize) -> &'a NodeModel {
        &self.model.nodes[node]
    }

    pub(super) fn component(&self, node: usize) -> Component {
        self.components[node]
    }

    /// The node's name in reports.
    pub(super) fn path(&self, node: usize) -> &'a str {
        &self.model.nodes[node].path
    }

    /// Whether the node's type is named by the user, and may be another of the same name.
    pub(super) fn is_presumed(&self, node: usize) -> bool {
        let is_known = self.components[node] != Component::Other;
        let node = &self.model.nodes[node];
        let is_absolute = node.ty.to_string().replace(' ', "").starts_with("::happysim::");
        is_known && node.kind != Kind::Source && !is_absolute
    }

    /// The value of a node's parameter.
    pub(super) fn parameter(&self, node: usize, name: &str) -> Given<'a> {
        let mut fields = self.model.nodes[node].fields.iter();
        match fields.find(|(field, _)| field == name) {
            None => Given::Default,
            Some((_, value)) if figure::word(value).as_deref() == Some("None") => Given::None,
            Some((_, value)) if figure::mentions(value, &self.model.params) => Given::Unknown,
            Some((_, value)) => Given::Value(value),
        }
    }

    /// Whether a parameter was given, other than as `None`.
    pub(super) fn has(&self, node: usize, name: &str) -> bool {
        matches!(self.parameter(node, name), Given::Value(_) | Given::Unknown)
    }

    /// The only arrow out of a node.
    pub(super) fn sole_edge(&self, node: usize) -> Option<usize> {
        match self.out[node][..] {
            [edge] => Some(edge),
            _ => None,
        }
    }

    /// What a relay hands its requests on to. Of a fallback, what it calls first.
    pub(super) fn next(&self, node: usize) -> Option<usize> {
        self.next_edge(node).map(|edge| self.model.edges[edge].to)
    }

    /// The arrow over which a relay hands its requests on.
    pub(super) fn next_edge(&self, node: usize) -> Option<usize> {
        match self.components[node] {
            Component::Fallback => self.out[node].iter().copied().find(|&edge| {
                self.model.edges[edge].port.as_ref().is_some_and(|port| port == "primary")
            }),
            component if component.is_relay() => self.sole_edge(node),
            _ => None,
        }
    }

    /// The nodes behind a relay, the nearest first, for as long as they are relays or the end.
    pub(super) fn behind(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let steps = self.model.nodes.len();
        core::iter::successors(self.next(node), |&node| self.next(node)).take(steps)
    }

    /// The ways that a request can take from a node on: to the end of its relays, and through
    /// entities of the user's own over each of their ports. Whether those hand a request on, only
    /// rustc finds out (see `emit`).
    pub(super) fn ways(&self, start: usize) -> Vec<Vec<usize>> {
        let mut ways = Vec::new();
        let mut open = vec![vec![start]];
        while let Some(way) = open.pop() {
            let last = way[way.len() - 1];
            let next: Vec<usize> = match self.components[last] {
                Component::Other if way.len() > 1 => {
                    self.out[last].iter().map(|&edge| self.model.edges[edge].to).collect()
                }
                _ => self.next(last).into_iter().collect(),
            };
            let is_new = |node: &usize| way.len() < LONGEST_WAY && !way.contains(node);
            let longer = next.into_iter().filter(is_new);
            let longer: Vec<Vec<usize>> = longer.map(|node| [&way[..], &[node]].concat()).collect();
            if !longer.is_empty() {
                open.extend(longer.into_iter().rev());
            } else if ways.len() < MOST_WAYS {
                ways.push(way);
            } else {
                break;
            }
        }
        ways
    }

    /// The declared node behind the wrappers of an arrow.
    pub(super) fn declared(&self, mut node: usize) -> usize {
        while self.node(node).kind == Kind::Wrapper {
            // A chain ends with a declared node, and a wrapper has one arrow, which is the chain's.
            let Some(next) = self.sole_edge(node) else { break };
            node = self.model.edges[next].to;
        }
        node
    }

    /// The first arrow from one node to another.
    pub(super) fn edge(&self, from: usize, to: usize) -> Option<&'a Edge> {
        let mut edges = self.out[from].iter().map(|&edge| &self.model.edges[edge]);
        edges.find(|edge| edge.to == to)
    }

    /// The nodes that send requests to a node.
    pub(super) fn callers(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        self.into[node].iter().map(|&edge| self.model.edges[edge].from)
    }

    /// How many replicas a node has, if a literal says so.
    pub(super) fn replicas(&self, node: usize) -> Option<u64> {
        match &self.model.nodes[node].count {
            Count::One => Some(1),
            Count::Expr(count) => figure::whole(count).map(|count| count.value),
            Count::SameAs(other) => self.replicas(*other),
        }
    }

    /// How many lanes an arrow has, if a literal says so.
    pub(super) fn lanes(&self, edge: usize) -> Option<u64> {
        let edge = &self.model.edges[edge];
        match edge.lanes {
            Lanes::All => self.replicas(edge.to),
            Lanes::One | Lanes::Same | Lanes::Fixed(_) => Some(1),
        }
    }
}
