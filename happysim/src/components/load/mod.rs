//! Load: where requests come from, and where they end.

mod sink;
mod source;
mod trace;
mod trace_lines;
mod trace_source;

pub use sink::Sink;
pub use source::{Arrival, Emits, MessageMaker, Source};
pub use trace::{OnBrokenLine, RecordParser, Row, Trace, TraceError};
pub use trace_source::TraceSource;
