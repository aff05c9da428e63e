//! Clients: timeouts, retries, budgets.

mod retries;
mod timeouts;
