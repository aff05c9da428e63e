//! A topology with its names resolved: nodes, edges, shared objects.

use core::ops::Range;
use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr};

use super::codes;
use super::syntax::{
    Argument, Chain, EntityValue, FieldValue, Hop, Index, Named, Param, Shared, Source, Statement,
    Topology, Wrapper, WrapperEntity,
};
use super::wrappers::{WRAPPERS, WrapperKind};
use crate::diagnostics::{Diagnostics, did_you_mean, expected_one_of};
use crate::names::camel_case;
use crate::units::literal_base;

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

/// `teller.lock -> vault`
pub(crate) struct Attached {
    pub(crate) node: usize,
    pub(crate) field: Ident,
    pub(crate) shared: usize,
}

impl Model {
    /// Whether no arrow leads to this node or out of it.
    pub(crate) fn is_isolated(&self, node: usize) -> bool {
        !self.edges.iter().any(|edge| edge.to == node || edge.from == node)
            && !self.attached.iter().any(|attached| attached.node == node)
    }

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
                    let node = entity_node(node.name, kind, node.attributes, count, node.entity);
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

    /// Declares a name; the first declaration counts.
    fn declare(&mut self, name: &Ident, meaning: Meaning, diagnostics: &mut Diagnostics) -> bool {
        let text = name.to_string();
        if text.starts_with("__") || (text == "replica" && matches!(meaning, Meaning::Param)) {
            let why = if text == "replica" {
                "stands for the number of the replica in the parameters of a node"
            } else {
                "begins with two underscores, as names of the library do"
            };
            let message = format!("the name `{text}` {why}\nhelp: choose another");
            diagnostics.error(codes::RESERVED, name, message);
            self.names.insert(text, (name.clone(), Meaning::Broken));
            return false;
        }
        if let Some((first, _)) = self.names.get(&text) {
            diagnostics.error_at_two(
                codes::DUPLICATE,
                (name, format!("`{text}` is declared twice")),
                (first, format!("`{text}` is first declared here")),
            );
            // Which of them an arrow means is not known if they are of two kinds.
            if let Some((_, known)) = self.names.get_mut(&text)
                && core::mem::discriminant(known) != core::mem::discriminant(&meaning)
            {
                *known = Meaning::Broken;
            }
            return false;
        }
        self.names.insert(text, (name.clone(), meaning));
        true
    }

    fn add_param(&mut self, param: Param, diagnostics: &mut Diagnostics) {
        if self.declare(&param.name, Meaning::Param, diagnostics) {
            self.params.push(param);
        }
    }

    fn add_shared(&mut self, shared: Shared, diagnostics: &mut Diagnostics) {
        if self.declare(&shared.name, Meaning::Shared(self.shared.len()), diagnostics) {
            self.shared.push(shared);
        }
    }

    fn add_node(&mut self, mut node: NodeModel, diagnostics: &mut Diagnostics) {
        given_once(&mut node, diagnostics);
        if self.declare(&node.name, Meaning::Node(self.nodes.len()), diagnostics) {
            self.nodes.push(node);
        }
    }

    fn add_source(&mut self, source: Source, diagnostics: &mut Diagnostics) {
        let Source { attributes, name, arrivals, message, make } = source;
        let make = make.filter(|make| is_function(&name, &message, make, diagnostics));
        let make = make.map_or_else(
            || quote!(|_| <#message as ::core::default::Default>::default()),
            ToTokens::into_token_stream,
        );
        // As tokens: not every type may stand there, and rustc says so.
        let make = Expr::Verbatim(quote! {{
            let __make: fn(&mut ::happysim::components::load::Arrival) -> #message = #make;
            __make
        }});
        let fields = vec![
            (Ident::new("arrivals", name.span()), arrivals),
            (Ident::new("message", name.span()), make),
        ];
        let node = NodeModel {
            path: name.to_string(),
            name,
            kind: Kind::Source,
            attributes,
            count: Count::One,
            ty: quote_spanned!(message.span()=> ::happysim::components::load::Emits<#message>),
            preset: None,
            fields,
            short_names: Vec::new(),
        };
        self.add_node(node, diagnostics);
    }

    fn find(&self, name: &Ident, diagnostics: &mut Diagnostics) -> Option<Meaning> {
        if let Some((_, meaning)) = self.names.get(&name.to_string()) {
            return Some(*meaning);
        }
        let known: Vec<&str> = self
            .names
            .iter()
            .filter(|(_, (_, meaning))| !matches!(meaning, Meaning::Param))
            .map(|(name, _)| name.as_str())
            .collect();
        let hint = match did_you_mean(&name.to_string(), known.iter().copied()) {
            _ if WrapperKind::find(&name.to_string()).is_some() => {
                format!("\nhelp: the wrapper is written with its arguments: `{name}(...)`")
            }
            Some(near) => format!("; did you mean `{near}`?"),
            None if known.len() <= 5 && !known.is_empty() => {
                format!("\nhelp: {}", expected_one_of(&known))
            }
            None => String::new(),
        };
        let message = format!("there is no node `{name}`{hint}");
        diagnostics.error(codes::UNKNOWN_NODE, name, message);
        None
    }

    fn add_chain(&mut self, chain: Chain, diagnostics: &mut Diagnostics) {
        let Hop::Named(first) = chain.first else {
            if let Hop::Wrapper(wrapper) = chain.first {
                let message = "a chain begins with a declared node or source";
                diagnostics.error(codes::CHAIN_END, wrapper.name, message);
            }
            return;
        };
        if let Some((_, Hop::Wrapper(last))) = chain.rest.last() {
            let message =
                format!("`{}` has nothing to wrap: a chain ends with a declared node", last.name);
            diagnostics.error(codes::CHAIN_END, &last.name, message);
            return;
        }
        let many = self.lanes_of_last(&chain.rest);
        let Some(mut from) = self.first_hop(&first, diagnostics) else { return };
        // Wrappers are named after the node that they stand behind.
        let mut prefix = from.text.clone();
        for (arrow, hop) in chain.rest {
            let to = match hop {
                Hop::Named(named) => self.named_hop(&from, &named, diagnostics),
                Hop::Wrapper(wrapper) => {
                    self.wrapper_hop(&from, &prefix, wrapper, many, diagnostics)
                }
            };
            let Some(to) = to else { return };
            if to.node != usize::MAX && self.nodes[to.node].kind != Kind::Wrapper {
                prefix.clone_from(&to.text);
            }
            if let Some(shared) = to.shared {
                self.attach(&from, shared, diagnostics);
                return;
            }
            let arrow = arrow.into_token_stream();
            from = self.connect(from, to, arrow, diagnostics);
        }
    }

    /// The replicated node at the end of a chain that wrappers before it are replicated with.
    fn lanes_of_last(&self, rest: &[(syn::Token![->], Hop)]) -> Option<usize> {
        let (_, Hop::Named(Named { name, index: Some(Index::All(_)), .. })) = rest.last()? else {
            return None;
        };
        match self.names.get(&name.to_string())? {
            (_, Meaning::Node(node)) => Some(*node),
            _ => None,
        }
    }

    fn first_hop(&mut self, first: &Named, diagnostics: &mut Diagnostics) -> Option<End> {
        let node = match self.find(&first.name, diagnostics)? {
            Meaning::Node(node) => node,
            Meaning::Broken => return None,
            Meaning::Param => {
                let message = format!("`{}` is a parameter, not a node", first.name);
                diagnostics.error(codes::UNKNOWN_NODE, &first.name, message);
                return None;
            }
            Meaning::Shared(_) => {
                let message = format!(
                    "`{0}` is a shared object, which has no ports: arrows lead to it only\n\
                     help: write `node.field -> {0};`",
                    first.name
                );
                diagnostics.error(codes::OUT_OF_SHARED, &first.name, message);
                return None;
            }
        };
        self.mentions.push(first.name.clone());
        let target = &self.nodes[node];
        if let (Kind::Source, Some(member)) = (target.kind, &first.member) {
            let message = format!(
                "`{0}` is a source, which has one port without a name\nhelp: write `{0} -> ...`",
                first.name
            );
            diagnostics.error(codes::MEMBER, member, message);
            return None;
        }
        if let Some(Index::All(span) | Index::Same(span)) = first.index {
            let message =
                format!("all replicas of `{0}` are wired alike: write `{0} -> ...`", first.name);
            diagnostics.syn_error(codes::MEMBER, syn::Error::new(span, message));
        }
        Some(End {
            node,
            member: first.member.clone(),
            lanes: Lanes::One,
            text: first.tokens().to_string().replace(' ', ""),
            tokens: first.tokens(),
            shared: None,
        })
    }

    fn named_hop(
        &mut self,
        from: &End,
        named: &Named,
        diagnostics: &mut Diagnostics,
    ) -> Option<End> {
        let tokens = named.tokens();
        let text = tokens.to_string().replace(' ', "");
        let node = match self.find(&named.name, diagnostics)? {
            Meaning::Node(node) => node,
            Meaning::Shared(shared) => {
                let node = usize::MAX;
                let lanes = Lanes::One;
                return Some(End { node, member: None, lanes, text, tokens, shared: Some(shared) });
            }
            Meaning::Broken => return None,
            Meaning::Param => {
                let message = format!("`{}` is a parameter, not a node", named.name);
                diagnostics.error(codes::UNKNOWN_NODE, &named.name, message);
                return None;
            }
        };
        self.mentions.push(named.name.clone());
        let target = &self.nodes[node];
        if target.kind == Kind::Source {
            let message = format!("`{text}` is a source: it sends, and nothing can be sent to it");
            diagnostics.error(codes::INTO_SOURCE, &tokens, message);
            return None;
        }
        if let (Some(Index::One(index)), Count::Expr(count)) = (&named.index, &target.count) {
            let text = &target.name;
            check_replica(text, index, count, diagnostics);
        }
        let caller_is_many = self.nodes[from.node].count.is_many();
        let lanes = match (&named.index, target.count.is_many()) {
            (None, false) => Lanes::One,
            (Some(Index::All(_)), true) => Lanes::All,
            (Some(Index::Same(_)), true) if caller_is_many => Lanes::Same,
            (Some(Index::One(index)), true) => Lanes::Fixed(index.clone()),
            (Some(Index::Same(span)), true) => {
                let message = format!(
                    "`{}` is not replicated, so there is no replica of `{text}` with its number",
                    from.text
                );
                diagnostics.syn_error(codes::LANES, syn::Error::new(*span, message));
                return None;
            }
            (None, true) => {
                let message = format!(
                    "`{text}` is replicated: say to which of its replicas the arrow leads\n\
                     help: `{text}[*]` for a lane to each, `{text}[0]` for one, `{text}[same]` \
                     for the one with the caller's number"
                );
                diagnostics.error(codes::LANES, &tokens, message);
                return None;
            }
            (Some(_), false) => {
                let message = format!(
                    "`{text}` is a single node\nhelp: write `{text}` without an index, or declare \
                     it replicated: `node {text}[3]: ...`"
                );
                diagnostics.error(codes::LANES, &tokens, message);
                return None;
            }
        };
        let member = named.member.clone();
        Some(End { node, member, lanes, text, tokens, shared: None })
    }

    /// Declares the node of a wrapper: one for each replica of the caller, or one for each lane.
    fn wrapper_hop(
        &mut self,
        from: &End,
        prefix: &str,
        wrapper: Wrapper,
        many: Option<usize>,
        diagnostics: &mut Diagnostics,
    ) -> Option<End> {
        let word = snake_case(&wrapper.name.to_string());
        let mut path = format!("{prefix}.{word}");
        let mut number = 1;
        while !self.paths.insert(path.clone()) {
            number += 1;
            path = format!("{prefix}.{word}{number}");
        }
        let name = format_ident!("{}", path.replace('.', "_"), span = wrapper.name.span());
        let caller_is_many = self.nodes[from.node].count.is_many();
        let from_is_wrapper = self.nodes[from.node].kind == Kind::Wrapper;
        let (count, lanes) = match (many, caller_is_many) {
            (None, false) => (Count::One, Lanes::One),
            (None, true) => (Count::SameAs(from.node), Lanes::Same),
            (Some(_), true) if from_is_wrapper => (Count::SameAs(from.node), Lanes::Same),
            (Some(target), false) => (Count::SameAs(target), Lanes::All),
            (Some(_), true) => {
                let message = format!(
                    "`{}` stands between a replicated caller and lanes to a replicated node, and \
                     would be needed once for each pair\nhelp: declare it as a replicated node \
                     and wire it with two chains",
                    wrapper.name
                );
                diagnostics.error(codes::LANES, &wrapper.name, message);
                return None;
            }
        };
        let node = match wrapper.entity {
            WrapperEntity::Entity(entity) => {
                entity_node(name, Kind::Wrapper, Vec::new(), count, entity)
            }
            WrapperEntity::Call(arguments) => {
                call_node(name, &wrapper.name, count, arguments, diagnostics)?
            }
        };
        let tokens = wrapper.name.to_token_stream();
        let mut node = NodeModel { path: path.clone(), ..node };
        given_once(&mut node, diagnostics);
        self.nodes.push(node);
        let node = self.nodes.len() - 1;
        Some(End { node, member: None, lanes, text: path, tokens, shared: None })
    }

    fn attach(&mut self, from: &End, shared: usize, diagnostics: &mut Diagnostics) {
        if self.nodes[from.node].kind == Kind::Wrapper {
            let message = "a shared object is attached to a field of a node, without wrappers";
            diagnostics.error(codes::SHARED_PATH, &from.tokens, message);
            return;
        }
        let Some(field) = from.member.clone() else {
            let message = format!(
                "say which `#[shared]` field of `{0}` this is: `{0}.field -> {1}`",
                from.text, self.shared[shared].name
            );
            diagnostics.error(codes::SHARED_PATH, &from.tokens, message);
            return;
        };
        let same = |it: &&Attached| it.node == from.node && it.field == field;
        if let Some(first) = self.attached.iter().find(same) {
            let message = format!(
                "`{}` is `{}` already: a field is one shared object",
                from.text, self.shared[first.shared].name
            );
            let earlier = (&first.field, "which is said here");
            diagnostics.error_at_two(codes::WIRED_TWICE, (&from.tokens, message), earlier);
            return;
        }
        self.attached.push(Attached { node: from.node, field, shared });
    }

    fn connect(
        &mut self,
        from: End,
        to: End,
        arrow: TokenStream,
        diagnostics: &mut Diagnostics,
    ) -> End {
        let port = from.member.clone();
        // A wrapper between a replicated caller's wrapper and the lanes' end is paired with it.
        let lanes = match to.lanes {
            Lanes::All
                if matches!(self.nodes[from.node].count, Count::SameAs(_))
                    && self.nodes[from.node].kind == Kind::Wrapper =>
            {
                Lanes::Same
            }
            lanes => lanes,
        };
        let wire = (from.node, port.clone());
        if let Some(first) = self.wired_before(&wire) {
            let first = &self.edges[first];
            let message = format!(
                "`{0}` is wired already, to `{1}`\nhelp: send to several with a replicated \
                 node and `[*]`, or put a balancer between them",
                from.text, first.to_text
            );
            let earlier =
                (&first.from_tokens, format!("`{}` is first wired here", first.from_text));
            diagnostics.error_at_two(codes::WIRED_TWICE, (&from.tokens, message), earlier);
        } else {
            self.first_of.entry(from.node).or_insert(self.edges.len());
            self.wired.insert(wire, self.edges.len());
            self.edges.push(Edge {
                from: from.node,
                port,
                to: to.node,
                handler: to.member.clone(),
                lanes,
                arrow,
                from_span: from.tokens.span(),
                from_tokens: from.tokens,
                from_text: from.text,
                to_text: to.text.clone(),
                to_span: to.tokens.span(),
            });
        }
        End { member: None, lanes: Lanes::One, ..to }
    }

    /// The edge that leads out of the port already. A node without the name of a port has only
    /// one, whatever its name is.
    fn wired_before(&self, wire: &(usize, Option<Ident>)) -> Option<usize> {
        let (node, port) = wire;
        let sole = (*node, None);
        let other = match port {
            Some(_) => self.wired.get(&sole),
            None => self.first_of.get(node),
        };
        self.wired.get(wire).or(other).copied()
    }

    /// The distinct (node, handler) pairs that arrows lead to, in order.
    pub(crate) fn entries(&self) -> IndexSet<(usize, Option<Ident>)> {
        self.edges.iter().map(|edge| (edge.to, edge.handler.clone())).collect()
    }
}

/// One end of an arrow.
struct End {
    node: usize,
    member: Option<Ident>,
    lanes: Lanes,
    text: String,
    tokens: TokenStream,
    shared: Option<usize>,
}

/// Keeps the first value of each parameter.
fn given_once(node: &mut NodeModel, diagnostics: &mut Diagnostics) {
    let mut first: HashMap<String, TokenStream> = HashMap::new();
    node.fields.retain(|(name, value)| {
        let text = name.to_string();
        let Some(earlier) = first.get(&text) else {
            first.insert(text, value.to_token_stream());
            return true;
        };
        let message = format!("`{text}` is given twice");
        let earlier = (earlier, format!("`{text}` is first given here"));
        diagnostics.error_at_two(codes::GIVEN_TWICE, (value, message), earlier);
        false
    });
}

/// A literal index must be below a literal number of replicas.
fn check_replica(node: &Ident, index: &Expr, count: &Expr, diagnostics: &mut Diagnostics) {
    if let Expr::Path(path) = index
        && let Some(word) = path.path.get_ident()
        && word.to_string().starts_with(char::is_lowercase)
    {
        let message = format!(
            "`[{word}]` says nothing\nhelp: `[*]` for a lane to each replica of `{node}`, `[0]` for \
             one, `[same]` for the one with the caller's number"
        );
        diagnostics.error(codes::REPLICA, word, message);
        return;
    }
    let Some(index_value) = literal_base(index) else { return };
    let too_high = literal_base(count).is_some_and(|count| index_value >= count);
    if too_high || index_value < 0.0 {
        let message = match literal_base(count).filter(|count| *count >= 1.0) {
            Some(count) => {
                format!(
                    "`{node}` has {count} replicas, which are numbered from 0 to {}",
                    count - 1.0
                )
            }
            None => "replicas are numbered from 0".to_owned(),
        };
        diagnostics.error(codes::REPLICA, index, message);
    }
}

/// What makes the message of a source must be a closure or the name of a function: a value would
/// be one for all arrivals.
fn is_function(
    source: &Ident,
    message: &syn::Type,
    make: &Expr,
    diagnostics: &mut Diagnostics,
) -> bool {
    let is_value = match make {
        Expr::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase)),
        Expr::Struct(_)
        | Expr::Lit(_)
        | Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::Macro(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Unary(_)
        | Expr::Binary(_) => true,
        _ => false,
    };
    if is_value {
        let ty = message.to_token_stream();
        let message = format!(
            "each message of `{source}` is made for its arrival, by a function\n\
             help: write `emits {ty} = |arrival| ...`"
        );
        diagnostics.error(codes::MESSAGE, make, message);
    }
    !is_value
}

fn entity_node(
    name: Ident,
    kind: Kind,
    attributes: Vec<Attribute>,
    count: Count,
    entity: EntityValue,
) -> NodeModel {
    let EntityValue { ty, preset, fields } = entity;
    let preset = preset.map(|(preset, arguments)| quote!(#preset(#arguments)));
    let value = |FieldValue { name, value }| (name, value);
    NodeModel {
        path: name.to_string(),
        name,
        kind,
        attributes,
        count,
        ty: ty.into_token_stream(),
        preset,
        fields: fields.into_iter().map(value).collect(),
        short_names: Vec::new(),
    }
}

fn call_node(
    name: Ident,
    word: &Ident,
    count: Count,
    arguments: Vec<Argument>,
    diagnostics: &mut Diagnostics,
) -> Option<NodeModel> {
    let Some(kind) = WrapperKind::find(&word.to_string()) else {
        let known: Vec<&str> = WRAPPERS.iter().map(|kind| kind.word).collect();
        let hint = match did_you_mean(&word.to_string(), known.iter().copied()) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        let message = format!(
            "there is no wrapper `{word}`{hint}\nhelp: {}, or an entity of your own: `{} {{ .. }}`",
            expected_one_of(&known),
            camel_case(&word.to_string()),
        );
        diagnostics.error(codes::UNKNOWN_WRAPPER, word, message);
        return None;
    };
    let mut fields = Vec::new();
    let mut positional = kind.positional.iter();
    for Argument { name, value } in arguments {
        let field = match name {
            Some(name) => kind.parameter(&name),
            None if names_a_parameter(&value, kind) => {
                let message = "a parameter is given with `:`\nhelp: write `:` behind its name";
                diagnostics.error(codes::ARGUMENT, value, message);
                continue;
            }
            None => match positional.next() {
                Some(next) => Ident::new(next, Span::call_site()),
                None => {
                    let message = format!(
                        "`{word}` takes at most {} arguments without a name",
                        kind.positional.len()
                    );
                    diagnostics.error(codes::ARGUMENT, value, message);
                    continue;
                }
            },
        };
        fields.push((field, value));
    }
    Some(NodeModel {
        path: String::new(),
        name,
        kind: Kind::Wrapper,
        attributes: Vec::new(),
        count,
        ty: kind.ty(word.span()),
        preset: None,
        fields,
        short_names: kind.short_names(),
    })
}

/// `after 1s`, where `after: 1s` is meant.
fn names_a_parameter(value: &Expr, kind: &WrapperKind) -> bool {
    let Expr::Call(call) = value else { return false };
    let Expr::Path(path) = &*call.func else { return false };
    let Some(name) = path.path.get_ident() else { return false };
    kind.positional.iter().chain(&kind.short_names()).any(|known| name == known)
}

/// `CircuitBreaker` is `circuit_breaker`.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (position, character) in name.chars().enumerate() {
        if character.is_uppercase() && position > 0 {
            out.push('_');
        }
        out.extend(character.to_lowercase());
    }
    out
}
