//! The engine: event list, kernel, tasks, random streams. It knows nothing of components.

pub mod random;
