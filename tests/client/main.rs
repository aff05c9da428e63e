//! Clients: timeouts, retries, budgets.

mod retries;
mod support;
mod timeouts;
