//! Messaging: queues with acknowledgement, and where messages go that nobody could process.

mod dead_letter_queue;
mod message_queue;

pub use dead_letter_queue::{DeadLetter, DeadLetterQueue, Undelivered};
pub use message_queue::{MessageQueue, OnFailure};
