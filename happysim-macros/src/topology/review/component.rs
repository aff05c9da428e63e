//! What the lints know of the library's components.

use quote::ToTokens;

use super::super::model::{Kind, NodeModel};

/// A component of the library, or anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Component {
    Source,
    TraceSource,
    Sink,
    Client,
    ConnectionPool,
    Timeout,
    Retry,
    Hedge,
    Breaker,
    Bulkhead,
    Fallback,
    FallbackValue,
    Balancer,
    Link,
    Server,
    Database,
    KeyValueStore,
    /// An entity of which nothing is known.
    Other,
}

/// The types of components, by name.
const NAMES: &[(&str, Component)] = &[
    ("TraceSource", Component::TraceSource),
    ("Sink", Component::Sink),
    ("Client", Component::Client),
    ("ConnectionPool", Component::ConnectionPool),
    ("Timeout", Component::Timeout),
    ("Retry", Component::Retry),
    ("Hedge", Component::Hedge),
    ("CircuitBreaker", Component::Breaker),
    ("Bulkhead", Component::Bulkhead),
    ("Fallback", Component::Fallback),
    ("FallbackValue", Component::FallbackValue),
    ("LoadBalancer", Component::Balancer),
    ("Link", Component::Link),
    ("Server", Component::Server),
    ("Database", Component::Database),
    ("KVStore", Component::KeyValueStore),
];

impl Component {
    /// What a node is by the name of its type. A preset may set any parameter, so only links,
    /// whose presets are known, may have one.
    pub(super) fn of(node: &NodeModel) -> Self {
        if node.kind == Kind::Source {
            return Self::Source;
        }
        let Ok(syn::Type::Path(ty)) = syn::parse2(node.ty.clone()) else { return Self::Other };
        let last = ty.path.segments.last().map(|segment| segment.ident.to_string());
        let found = NAMES.iter().find(|(name, _)| last.as_deref() == Some(name));
        let component = found.map_or(Self::Other, |&(_, component)| component);
        if preset(node).is_none() || component == Self::Link { component } else { Self::Other }
    }

    /// The name of its type.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, component)| *component == self).map_or("", |(name, _)| name)
    }

    /// Whether it sends messages of its own accord and waits for no reply.
    pub(super) fn is_source(self) -> bool {
        matches!(self, Self::Source | Self::TraceSource)
    }

    /// Whether it hands on each request to what it is wired to, and waits for the outcome.
    pub(super) fn is_relay(self) -> bool {
        use Component::{
            Balancer, Breaker, Bulkhead, Client, ConnectionPool, Fallback, FallbackValue, Hedge,
            Link, Retry, Timeout,
        };
        matches!(
            self,
            Client
                | ConnectionPool
                | Timeout
                | Retry
                | Hedge
                | Breaker
                | Bulkhead
                | Fallback
                | FallbackValue
                | Balancer
                | Link
        )
    }

    /// The parameter by which it stops waiting for an outcome, if it has one.
    pub(super) fn timeout(self) -> Option<&'static str> {
        match self {
            Self::Client | Self::ConnectionPool | Self::Timeout | Self::Balancer => Some("timeout"),
            Self::Breaker => Some("call_timeout"),
            _ => None,
        }
    }
}

/// The name of the preset that begins a node's parameters: `internet`.
pub(super) fn preset(node: &NodeModel) -> Option<String> {
    let name = node.preset.to_token_stream().into_iter().next()?.to_string();
    (name != "parameters").then_some(name)
}
