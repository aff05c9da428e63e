//! What the tests, examples and benches of the suite share.

pub mod oracle;
pub mod scripted;
