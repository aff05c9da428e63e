//! The component library, by family.

pub mod sync;
