//! The short words that components add to `topology!`.
