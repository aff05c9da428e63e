//! What `#[entity]` makes of handlers, one file for each language construct.
//!
//! Every test runs an entity in front of an echo and compares what happened, with exact times.

mod bench;

mod branches;
mod differential;
mod drops;
mod fragments;
mod guesses;
mod held;
mod helpers;
mod items;
mod large;
mod lints;
mod loops;
mod names;
mod places;
mod repolled;
mod sequence;
mod structure;
