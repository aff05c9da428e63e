//! The kinds of mistakes in a topology.

crate::diagnostics::codes! {
    /// The name and braces of a topology.
    HEAD = "topology-head";
    /// A statement without its `;`.
    SEMICOLON = "topology-semicolon";
    /// A word that begins no statement.
    STATEMENT = "topology-statement";
    /// A statement that cannot be parsed.
    SYNTAX = "topology-syntax";
    /// Something that is meant as an arrow.
    ARROW = "topology-arrow";
    /// A parameter of type that may be anything.
    BOUND = "topology-bound";
    /// A name that is reserved.
    RESERVED = "topology-reserved";
    /// A parameter of a node that is given twice.
    GIVEN_TWICE = "topology-given-twice";
    /// A parameter of the topology that is a reference to something that may not last.
    BORROWED = "topology-borrowed";
    /// A message that is not made for each arrival.
    MESSAGE = "topology-message";
    /// A replica that there is not.
    REPLICA = "topology-replica";
    /// A balancer that hashes keys and has none.
    KEY = "topology-key";
    /// Weights for another number of backends.
    WEIGHTS = "topology-weights";
    /// A threshold or limit that is never looked at or reached.
    NEVER_REACHED = "topology-never-reached";
    /// Relays that pass on to each other for ever.
    CIRCLE = "topology-circle";
    /// A name that is declared twice.
    DUPLICATE = "topology-duplicate";
    /// A name that is not declared.
    UNKNOWN_NODE = "topology-unknown-node";
    /// A wrapper that the library does not have.
    UNKNOWN_WRAPPER = "topology-unknown-wrapper";
    /// An argument that a wrapper does not have.
    ARGUMENT = "topology-argument";
    /// An arrow into a source.
    INTO_SOURCE = "topology-into-source";
    /// An arrow out of something that has no ports.
    OUT_OF_SHARED = "topology-out-of-shared";
    /// A chain that begins or ends with a wrapper.
    CHAIN_END = "topology-chain-end";
    /// A member or index where none can be.
    MEMBER = "topology-member";
    /// A single arrow to a replicated node, or lanes to a single one.
    LANES = "topology-lanes";
    /// A port that is wired twice.
    WIRED_TWICE = "topology-wired-twice";
    /// A node that nothing reaches.
    UNREACHED = "topology-unreached";
    /// A source that leads nowhere.
    NOWHERE = "topology-nowhere";
    /// A field for a shared object that is reached through something else.
    SHARED_PATH = "topology-shared-path";
    /// An argument of a short word that is another quantity, or lacks its unit.
    WORD_UNIT = "topology-word-unit";
    /// An argument of a short word that is out of its range.
    WORD_RANGE = "topology-word-range";
    /// A number of replicas that is no whole number.
    COUNT = "topology-count";
    /// A node without replicas.
    NO_REPLICAS = "topology-no-replicas";
    /// A lint that does not exist, or a level that does nothing.
    UNKNOWN_LINT = "topology-unknown-lint";
    /// An attribute that does nothing.
    ATTRIBUTE = "topology-attribute";
    /// Too many nodes or wires.
    TOO_LARGE = "topology-too-large";
}
