//! A topology with its names resolved: nodes, edges, shared objects.

mod chain;
mod declarations;
mod hops;
mod names;
mod wrapper;

use core::ops::Range;
use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Expr};

use super::syntax::{Param, Shared, Statement, Topology};
use crate::diagnostics::Diagnostics;
use declarations::entity_node;

#[derive(Default)]
pub(crate) struct Model {
    pub(crate) params: Vec<Param>,
    pub(crate) shared: Vec<Shared>,
    pub(crate) nodes: Vec<NodeModel>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) attached: Vec<Attached>,
    pub(crate) chains: Vec<Made>,
    /// Every mention of a node in an arrow.
    pub(crate) mentions: Vec<Ident>,
    names: IndexMap<String, (Ident, Meaning)>,
    /// The paths of wrappers, which are named as they stand.
    paths: HashSet<String>,
    /// The edge of each port that is wired.
    wired: HashMap<(usize, Option<Ident>), usize>,
    /// The nodes out of which an arrow was refused, as its port was wired already.
    pub(crate) wired_twice: HashSet<usize>,
    /// Arrows that may be second ones of their ports.
    pub(crate) doubtful: Vec<Doubtful>,
    /// The first edge that leads out of each node.
    first_of: HashMap<usize, usize>,
}

#[derive(Clone, Copy)]
enum Meaning {
    Param,
    Shared(usize),
    Node(usize),
    /// Declared by a statement that cannot be parsed.
    Broken,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Node,
    Source,
    Link,
    Wrapper,
}

/// How many replicas a node has.
#[allow(clippy::large_enum_variant, reason = "a syntax tree lives for one expansion")]
pub(crate) enum Count {
    One,
    Expr(Expr),
    /// As many as the node with this index.
    SameAs(usize),
}

impl Count {
    fn is_many(&self) -> bool {
        !matches!(self, Self::One)
    }
}

pub(crate) struct NodeModel {
    pub(crate) name: Ident,
    /// The name in reports: `api`, `api.db.breaker`.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) count: Count,
    pub(crate) ty: TokenStream,
    /// The call that begins the parameters if not `parameters()`: `internet()`.
    pub(crate) preset: Option<TokenStream>,
    pub(crate) fields: Vec<(Ident, Expr)>,
    /// Names that stand for parameters of this wrapper of the library.
    pub(crate) short_names: Vec<&'static str>,
    /// The parameters that were given by a short name, each with that name.
    pub(crate) written: Vec<(Ident, String)>,
}

impl NodeModel {
    /// The name by which a parameter was given.
    pub(crate) fn written<'a>(&'a self, parameter: &'a str) -> &'a str {
        let mut written = self.written.iter();
        written.find(|(full, _)| full == parameter).map_or(parameter, |(_, short)| short)
    }
}

/// An arrow between two nodes.
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) port: Option<Ident>,
    pub(crate) to: usize,
    pub(crate) handler: Option<Ident>,
    pub(crate) lanes: Lanes,
    /// What the user wrote on both sides, for messages and spans.
    pub(crate) arrow: TokenStream,
    /// The left side, where an error about its port belongs.
    pub(crate) from_span: Span,
    pub(crate) from_tokens: TokenStream,
    pub(crate) from_text: String,
    pub(crate) to_text: String,
    /// The node on the right side, where an error about its handlers belongs.
    pub(crate) to_span: Span,
}

#[allow(clippy::large_enum_variant, reason = "a syntax tree lives for one expansion")]
pub(crate) enum Lanes {
    /// The only replica.
    One,
    /// A lane to each replica.
    All,
    /// To the replica with the caller's number.
    Same,
    /// To this replica.
    Fixed(Expr),
}

/// What a chain of arrows has declared.
pub(crate) struct Made {
    pub(crate) attributes: Vec<Attribute>,
    /// Its wrappers.
    pub(crate) nodes: Range<usize>,
    pub(crate) edges: Range<usize>,
}

/// An arrow out of a node of which one is wired with the name of a port and one without: whether
/// they mean the same port only the entity knows.
pub(crate) struct Doubtful {
    pub(crate) node: usize,
    /// The later arrow's left side, with what is said there.
    pub(crate) later: (TokenStream, String),
    /// The earlier one's.
    pub(crate) earlier: (TokenStream, String),
    /// Whether it is the later one that names no port.
    pub(crate) later_is_sole: bool,
}

/// `teller.lock -> vault`
pub(crate) struct Attached {
    pub(crate) node: usize,
    pub(crate) field: Ident,
    pub(crate) shared: usize,
    pub(crate) arrow: TokenStream,
}

impl Model {
    pub(crate) fn resolve(topology: Topology, diagnostics: &mut Diagnostics) -> Self {
        let mut model = Self::default();
        let mut chains = Vec::new();
        let broken = topology.broken;
        for statement in topology.statements {
            match statement {
                Statement::Param(param) => model.add_param(param, diagnostics),
                Statement::Shared(shared) => model.add_shared(shared, diagnostics),
                Statement::Source(source) => model.add_source(source, diagnostics),
                Statement::Node(node) => {
                    let kind = if node.is_link { Kind::Link } else { Kind::Node };
                    let count = node.count.map_or(Count::One, Count::Expr);
                    let node = entity_node(
                        node.name,
                        kind,
                        node.attributes,
                        count,
                        node.entity,
                        diagnostics,
                    );
                    model.add_node(node, diagnostics);
                }
                Statement::Chain(chain) => chains.push(chain),
            }
        }
        for name in broken {
            model.names.entry(name.to_string()).or_insert((name, Meaning::Broken));
        }
        for chain in chains {
            let attributes = chain.attributes.clone();
            let (nodes, edges) = (model.nodes.len(), model.edges.len());
            model.add_chain(chain, diagnostics);
            let (nodes, edges) = (nodes..model.nodes.len(), edges..model.edges.len());
            model.chains.push(Made { attributes, nodes, edges });
        }
        model
    }

    /// Whether no arrow leads to this node or out of it.
    pub(crate) fn is_isolated(&self, node: usize) -> bool {
        !self.edges.iter().any(|edge| edge.to == node || edge.from == node)
            && !self.attached.iter().any(|attached| attached.node == node)
    }

    /// The distinct (node, handler) pairs that arrows lead to, in order.
    pub(crate) fn entries(&self) -> IndexSet<(usize, Option<Ident>)> {
        self.edges.iter().map(|edge| (edge.to, edge.handler.clone())).collect()
    }
}
