//! Clients: timeouts, retries, budgets.

mod connection_pool;
mod retries;
mod timeouts;
