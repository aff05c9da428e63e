//! The component library, by family.

pub mod datastore;
pub mod load;
pub mod server;
pub mod sync;
pub mod words;
