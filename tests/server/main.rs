//! Servers: against queueing theory, and to the nanosecond against schedules made by hand.

mod closed;
mod codel;
mod exact;
mod networks;
mod queues;
mod station;
