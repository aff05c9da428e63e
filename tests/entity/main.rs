//! What `#[entity]` makes of handlers, one file for each language construct.

mod sequence;
