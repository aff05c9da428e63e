//! The engine: event list, scheduler, tasks' addresses, random streams. It knows nothing of
//! components, messages or wires.

pub mod dropped;
pub mod event_list;
pub mod keys;
pub mod line;
pub mod random;
pub mod reply;
pub mod scheduler;
pub mod timers;
pub mod wake;
