//! The three macros of happysim. This crate is an implementation detail: use `happysim`.

mod diagnostics;
mod units;
