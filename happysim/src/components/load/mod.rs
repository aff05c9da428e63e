//! Load: where requests come from, and where they end.

mod sink;
mod source;

pub use sink::Sink;
pub use source::{Arrival, Emits, MessageMaker, Source};
